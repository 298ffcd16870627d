"""`headwise windows`: captures into features per device and window of time."""

from __future__ import annotations

import contextlib
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headwise.windows import WindowReader

SUMMARY = "read captures into features per device and window of time"

CHUNK = 1024
"""Windows whose features are made at a time: four times as many as for identifying, which saves a twentieth of the time for 5 MB more."""

EXAMPLES = """\
  headwise windows home.pcap                                 how many windows each device has
  headwise windows captures/ -o windows.parquet              all captures of a folder, by time, as one table
  headwise windows captures/ -o windows.parquet --length 60
  headwise windows boots/ -o boots.parquet --length capture  one window of each device and capture
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("captures", nargs="+", metavar="CAPTURE", help="file, folder, pattern, header table, or - for standard input")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the windows there, as Parquet; without it only a summary is shown")
    parser.add_argument("--length", metavar="SECONDS", type=_length, default=600.0, help="10 to 86400, or capture: one window a file (600)")
    parser.add_argument("--sequence", metavar="N", type=int, default=32, help="packets kept of each window in order, 0 to 1024 (32)")
    parser.add_argument("--json", action="store_true", help="print the summary as one JSON object")


def run(arguments: Namespace) -> int:
    """Read the captures, write the windows where asked, and show whose they are."""
    from headwise.cli.progress import progress
    from headwise.windows import WindowReader, WindowWriter

    windows: Counter[int] = Counter()
    with progress("reading", unit="files" if arguments.length == "capture" else "B") as show, contextlib.ExitStack() as stack:
        length, sequence = arguments.length, arguments.sequence
        reader = WindowReader(arguments.captures, length=length, sequence=sequence, progress=show, chunk=CHUNK)
        writer = stack.enter_context(WindowWriter(arguments.output, arguments.sequence)) if arguments.output else None
        for table in reader:
            windows.update(table.device.tolist())
            if writer:
                writer.write(table)
    for text in reader.warnings:
        print(f"warning: {text}", file=sys.stderr)
    _show_json(reader, windows) if arguments.json else _show_table(reader, windows)
    if arguments.output:
        print(f"{windows.total()} windows are in {arguments.output}", file=sys.stderr)
    return 0


def _length(text: str) -> float | str:
    if text == "capture":
        return text
    try:
        return float(text)
    except ValueError:
        raise ArgumentTypeError(f"'{text}' is neither a number of seconds nor the word capture") from None


def _devices(reader: WindowReader, windows: Counter[int]) -> list[dict[str, Any]]:
    from headwise.devices import format_mac, vendor

    roles = {device.mac: device.role for device in reader.devices}
    return [
        {"mac": format_mac(mac), "vendor": vendor(mac), "role": roles.get(mac, "device"), "windows": count}
        for mac, count in sorted(windows.items(), key=lambda item: (-item[1], item[0]))
    ]


def _show_json(reader: WindowReader, windows: Counter[int]) -> None:
    from headwise.cli.output import write_json
    from headwise.windows import FEATURES_VERSION

    counts = {name: getattr(reader, name) for name in ("packets", "rows", "counted", "remarks", "unattributed", "left_out", "warnings")}
    about = {"features_version": FEATURES_VERSION, "length": reader.length, "windows": windows.total()}
    write_json(counts | about | {"devices": _devices(reader, windows)})


def _show_table(reader: WindowReader, windows: Counter[int]) -> None:
    from headwise.cli.output import write_table

    rows = [(device["mac"], device["vendor"], device["role"], device["windows"]) for device in _devices(reader, windows)]
    write_table(("MAC", "vendor", "role", "windows"), rows, right=("windows",))
    left_out = {**reader.counted, **reader.unattributed, **reader.left_out}
    text = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in left_out.items() if count)
    print(f"{reader.packets} packets" + (f", not in windows: {text}" if text else ""), file=sys.stderr)
