"""`headwise identify`: name the devices of captures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headwise.cli.runtimes import add_runtime, load

if TYPE_CHECKING:
    from headwise.identity.identifying import Identified

SUMMARY = "name the devices of a capture"
EXAMPLES = """\
  headwise identify home.pcap
  headwise identify monday/ tuesday/ --json
  headwise identify home.pcap --model home.headwise
  zcat home.pcap.gz | headwise identify -
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("captures", metavar="CAPTURE", nargs="+", help="capture file, folder or pattern, or - for standard input")
    parser.add_argument("--model", metavar="MODEL", type=Path, help="model file (the one that comes with headwise)")
    add_runtime(parser)
    parser.add_argument("--no-vendor", action="store_true", help="name by traffic alone, not also by the vendor of the MAC")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Read the captures once, name what is in them, print a row a device."""
    from headwise.cli.failures import say
    from headwise.cli.output import write_json
    from headwise.cli.progress import progress
    from headwise.identity.identifying import identify
    from headwise.models.base import PATH
    from headwise.windows import WindowReader

    model = load(arguments.model or PATH, arguments)
    length = model.manifest.length
    with progress("reading", unit="files" if length == "capture" else "B") as show:
        reader = WindowReader(arguments.captures, length=length, sequence=model.manifest.sequence, progress=show)
        found = identify(reader, model, use_vendor=not arguments.no_vendor)
    for warning in reader.warnings:
        say("headwise identify", warning)
    if arguments.json:
        write_json({"devices": [each.to_json() for each in found]})
    else:
        _print(found)
    return 0


def _print(found: list[Identified]) -> None:
    from headwise.cli.output import write_table

    numbers = ("packets", "sent", "received", "windows")
    headings = ("MAC", "vendor", "product", "sure", "category", *numbers, "first seen (UTC)", "last seen (UTC)", "")
    write_table(headings, [_row(each) for each in found], right=("sure", *numbers))


def _row(each: Identified) -> list[Any]:
    from headwise.cli.naming import kind, told
    from headwise.cli.progress import quantity

    names = ["", "", ""] if each.role == "router" else [*told(each.answer), kind(each.answer)]
    traffic = [each.packets, quantity(each.bytes_sent, "B"), quantity(each.bytes_received, "B"), each.windows]
    seen = [each.first_seen[:19].replace("T", " "), each.last_seen[:19].replace("T", " ")]
    return [each.mac, each.vendor, *names, *traffic, *seen, each.role if each.role != "device" else ""]
