"""`headwise rollback`: a home's model of before, back into use."""

from __future__ import annotations

import argparse
from pathlib import Path

SUMMARY = "bring a home's earlier model back into use"
EXAMPLES = """\
  headwise rollback my-home
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("home", metavar="FOLDER", type=Path, help="of the home")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Roll back, print the event."""
    import time

    from headwise.cli.nightly import print_events
    from headwise.cli.output import write_json
    from headwise.identity.nightly import roll_back

    event = roll_back(arguments.home, time.time_ns())
    if arguments.json:
        write_json({"event": event.to_json()})
    else:
        print_events([event])
    return 0
