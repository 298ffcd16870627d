"""`headwise simulate`: a small home's captures, made up."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

SUMMARY = "make captures of a simulated home"
EXAMPLES = """\
  headwise simulate -o home
  headwise simulate -o home --devices 40 --days 14 --seed 7 --start 2026-03-01
  headwise simulate -o home --format pcapng --snap 0
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", type=Path, required=True, help="test-bed to write; an earlier simulated one is replaced"
    )
    parser.add_argument("--devices", metavar="N", type=int, default=9, help="devices besides the router, a phone and a laptop (9)")
    parser.add_argument("--days", metavar="N", type=int, default=3, help="UTC days, one capture each (3)")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="chance: the same arguments write the same bytes (1)")
    parser.add_argument("--start", metavar="DATE", type=_date, default="2026-01-01", help="first day, UTC (2026-01-01)")
    parser.add_argument("--format", choices=("pcap", "pcapng"), default="pcap", help="capture format (pcap)")
    parser.add_argument("--snap", metavar="BYTES", type=int, default=128, help="bytes kept of each frame, 0 for all (128: every header)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Write the test-bed; say what is in it."""
    from headwise.capture.simulated import Plan, write
    from headwise.cli.output import write_json
    from headwise.cli.progress import progress

    plan = Plan(arguments.devices, arguments.days, arguments.seed, arguments.start, arguments.format, arguments.snap)
    with progress("simulating", unit="days") as show:
        packets = write(plan, arguments.output, show)
    if arguments.json:
        write_json({"folder": str(arguments.output), "devices": plan.devices, "days": plan.days, "packets": packets})
    else:
        days, devices = _count(plan.days, "day"), _count(plan.devices, "device")
        print(f"{arguments.output}: {days} of {devices}, a phone, a laptop and a router, {packets} packets")
    return 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _date(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date such as 2026-01-31") from None
