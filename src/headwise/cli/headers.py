"""`headwise headers`: captures into a table of packet headers."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from headwise.errors import InputError

if TYPE_CHECKING:
    from headwise.headers import HeaderReader
    from headwise.headers.anonymise import Anonymiser
    from headwise.headers.source import OpenCapture

SUMMARY = "read captures into a table of packet headers"

EXAMPLES = """\
  headwise headers home.pcap                                what is in a capture
  headwise headers captures/ -o home.parquet                all captures of a folder, by time, as one table
  zcat home.pcap.gz | headwise headers - -o home.parquet    from a pipe (compressed files can also be named as they are)
  headwise headers --make-key home.key                      a key for pseudonyms; keep it to yourself
  headwise headers home.pcap -o shared.parquet --anonymize home.key
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("captures", nargs="*", metavar="CAPTURE", help="file, folder, pattern, header table, or - for standard input")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the table there, as Parquet; without it only a summary is shown")
    parser.add_argument("--anonymize", metavar="KEYFILE", help="replace addresses and MACs by pseudonyms under the key in this file")
    parser.add_argument("--keep-vendor", action="store_true", help="with --anonymize: keep the vendor part of MACs")
    parser.add_argument("--make-key", metavar="FILE", help="write a new key for --anonymize to this file, and end")
    parser.add_argument("--json", action="store_true", help="print the summary as one JSON object")


def run(arguments: Namespace) -> int:
    """Read the captures, write the table where asked, and show what was in them."""
    if arguments.make_key:
        return _make_key(arguments)
    anonymiser, warning = _anonymiser(arguments)
    reader = _read(arguments, anonymiser)
    for text in [warning] * bool(warning) + reader.warnings:
        print(f"warning: {text}", file=sys.stderr)
    _show_json(reader) if arguments.json else _show_table(reader)
    if arguments.output:
        print(f"{reader.rows} rows are in {arguments.output}", file=sys.stderr)
    return 0


def _make_key(arguments: Namespace) -> int:
    from headwise.headers.keys import make_key

    if arguments.captures or arguments.output or arguments.anonymize:
        raise InputError("--make-key only makes a key", do="give it alone, then use the key with --anonymize")
    make_key(arguments.make_key)
    print(f"a new key is in {arguments.make_key}; whoever has it can tell which pseudonym is whose", file=sys.stderr)
    return 0


def _anonymiser(arguments: Namespace) -> tuple[Anonymiser | None, str]:
    if arguments.anonymize is None:
        if arguments.keep_vendor:
            raise InputError("--keep-vendor has no meaning without --anonymize", do="give a key file by --anonymize")
        return None, ""
    if not arguments.output:
        raise InputError("--anonymize has no meaning without -o", do="say by -o where the table is to be written")
    from headwise.headers.anonymise import Anonymiser
    from headwise.headers.keys import read_key

    key, warning = read_key(arguments.anonymize)
    return Anonymiser(key, keep_vendor=arguments.keep_vendor), warning


def _read(arguments: Namespace, anonymiser: Anonymiser | None) -> HeaderReader:
    from headwise.cli.progress import progress
    from headwise.headers import HeaderReader

    with progress("reading") as show:
        reader = HeaderReader(arguments.captures, progress=show)
        if not arguments.output:
            for _ in reader:
                pass
            return reader
        from headwise.headers.parquet import HeaderWriter

        with HeaderWriter(arguments.output) as writer:
            for batch in reader:
                if anonymiser:
                    anonymiser.apply(batch)
                writer.write(batch)
            writer.describe(reader, anonymized=anonymiser is not None)
    return reader


def _summary(reader: HeaderReader) -> dict[str, Any]:
    first, last = reader.first_time, reader.last_time
    span = (last - first) / 1e9 if first is not None and last is not None else None
    return {
        "packets": reader.packets,
        "rows": reader.rows,
        "counted": reader.counted,
        "remarks": reader.remarks,
        "first": _time(first),
        "last": _time(last),
        "packets_per_second": reader.packets / span if span else None,
        "files": [_file(capture) for capture in reader.captures],
        "skipped_files": reader.found.skipped,
        "warnings": reader.warnings,
    }


def _file(capture: OpenCapture) -> dict[str, Any]:
    from headwise.headers.link_types import link_type_name

    interfaces = [
        {"link_type": link_type_name(interface.link_type), "packets": int(interface.packets)} for interface in capture.interfaces()
    ]
    return {"name": capture.name, "format": capture.rows.format, "packets": capture.packets, "interfaces": interfaces}


def _time(time: int | None) -> str | None:
    import numpy as np

    return None if time is None else f"{np.datetime64(time, 'ns')}Z"


def _show_json(reader: HeaderReader) -> None:
    from headwise.cli.output import write_json

    write_json(_summary(reader))


def _show_table(reader: HeaderReader) -> None:
    from headwise.cli.output import write_table

    summary = _summary(reader)
    rows: list[tuple[str, object]] = [("captures", len(summary["files"])), ("packets", summary["packets"]), ("rows", summary["rows"])]
    rows += [(f"counted: {_words(reason)}", count) for reason, count in sorted(summary["counted"].items())]
    rows += [(f"remark: {_words(remark)}", count) for remark, count in sorted(summary["remarks"].items())]
    rows += _interfaces(summary["files"])
    if summary["first"]:
        rows += [("first packet", summary["first"]), ("last packet", summary["last"])]
    if summary["packets_per_second"]:
        rows.append(("packets a second", f"{summary['packets_per_second']:.3g}"))
    write_table(("what", "value"), rows)


def _interfaces(files: list[dict[str, Any]]) -> list[tuple[str, object]]:
    packets: dict[str, int] = {}
    for file in files:
        for interface in file["interfaces"]:
            packets[interface["link_type"]] = packets.get(interface["link_type"], 0) + interface["packets"]
    many = sum(len(file["interfaces"]) > 1 for file in files)
    rows: list[tuple[str, object]] = [(f"packets of link type {name}", count) for name, count in packets.items()]
    return rows + [("captures of several interfaces", many)] * bool(many)


def _words(reason: str) -> str:
    from headwise.headers.link_types import link_type_name

    if reason.startswith("link_type_"):
        return f"link type {link_type_name(int(reason.removeprefix('link_type_')))} is not read"
    return {
        "link_cut": "shorter than its link-layer header",
        "no_interface": "of an interface that was not described",
        "repeat": "repeat of another packet",
        "header_cut": "a header is cut by the snap length",
        "header_malformed": "a header holds an impossible length or version",
        "no_time": "the capture gives no time",
        "out_of_order": "earlier than the packet before it",
    }.get(reason, reason)
