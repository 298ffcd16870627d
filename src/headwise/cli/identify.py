"""`headwise identify`: name the devices of captures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headwise.cli.runtimes import add_runtime, load

if TYPE_CHECKING:
    from headwise.models import Identified

SUMMARY = "name the devices of a capture"
EXAMPLES = """\
  headwise identify home.pcap
  headwise identify home.pcap --model home.headwise
  headwise identify monday/ tuesday/ --model home.headwise --json
  zcat home.pcap.gz | headwise identify - --model home.headwise
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("captures", metavar="CAPTURE", nargs="+", help="capture file, folder or pattern, or - for standard input")
    parser.add_argument("--model", metavar="MODEL", type=Path, help="model file; without it devices are listed with their traffic alone")
    add_runtime(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Read the captures once, name what is in them, print a row a device."""
    from headwise.cli.failures import say
    from headwise.cli.output import write_json
    from headwise.cli.progress import progress
    from headwise.models.identifying import identify
    from headwise.windows import WindowReader

    model = load(arguments.model, arguments) if arguments.model else None
    length, sequence = (model.manifest.length, model.manifest.sequence) if model else (600.0, 0)
    with progress("reading", unit="files" if length == "capture" else "B") as show:
        reader = WindowReader(arguments.captures, length=length, sequence=sequence, progress=show)
        found = identify(reader, model)
    for warning in reader.warnings:
        say("headwise identify", warning)
    if model is None:
        say("headwise identify", "no model given, so no names; train one with 'headwise train' and give it with --model")
    if arguments.json:
        write_json({"devices": [each.to_json() for each in found]})
    else:
        _print(found, named=model is not None)
    return 0


def _print(found: list[Identified], *, named: bool) -> None:
    from headwise.cli.output import write_table

    numbers = ("packets", "sent", "received", "windows")
    headings = ("MAC", "vendor", *(("product", "sure", "category") if named else ()), *numbers, "first seen (UTC)", "last seen (UTC)", "")
    write_table(headings, [_row(each, named) for each in found], right=("sure", *numbers))


def _row(each: Identified, named: bool) -> list[Any]:
    from headwise.cli.progress import quantity

    names = _names(each) if named and each.role != "router" else [""] * 3 if named else []
    traffic = [each.packets, quantity(each.bytes_sent, "B"), quantity(each.bytes_received, "B"), each.windows]
    seen = [each.first_seen[:19].replace("T", " "), each.last_seen[:19].replace("T", " ")]
    return [each.mac, each.vendor, *names, *traffic, *seen, each.role if each.role != "device" else ""]


def _names(each: Identified) -> list[Any]:
    from headwise.testbeds import UNKNOWN

    # How sure is said of what is named, the narrower name first; of unknown there is nothing to be sure of.
    told = each.product if each.product.label != UNKNOWN else each.category
    sure = "" if told.label == UNKNOWN or told.probability is None else f"{told.probability:.0%}"
    return [each.product.label, sure, each.category.label]
