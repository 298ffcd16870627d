"""`headwise nightly`: a day's captures into a home's folder, and a better model out of it where there is one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from headwise.cli.training import jobs, whole

if TYPE_CHECKING:
    from headwise.identity import Event

SUMMARY = "name a home's devices and learn from its own windows"
EXAMPLES = """\
  headwise nightly --home my-home --model home.headwise monday.pcap
  headwise nightly --home my-home tuesday.pcap
  headwise nightly --home my-home wednesday/ --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("captures", metavar="CAPTURE", nargs="+", help="capture file, folder or pattern of what is new")
    parser.add_argument("--home", metavar="FOLDER", type=Path, required=True, help="folder of the home; made at the first night")
    parser.add_argument(
        "--model", metavar="MODEL", type=Path, help="model file to begin with, at the first night alone (the one that comes with headwise)"
    )
    parser.add_argument("--keep-days", metavar="N", type=_days, default=14, help="days of windows that are kept to learn from (14)")
    parser.add_argument("--accept-links", action="store_true", help="take a new MAC for a silent device where that is sure, unasked")
    parser.add_argument("--no-retrain", action="store_true", help="name devices, but leave the model as it is")
    parser.add_argument("--no-vendor", action="store_true", help="name by traffic alone, not also by the vendor of the MAC")
    parser.add_argument("--jobs", metavar="N", type=jobs, default=1, help="threads, where the family has them (1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Run the night, print what happened, an event a row."""
    from headwise.cli.failures import say
    from headwise.cli.output import write_json
    from headwise.cli.progress import progress
    from headwise.devices import format_mac, vendor
    from headwise.identity.home import HomeFolder
    from headwise.identity.night import NightSettings
    from headwise.identity.nightly import devices_of, run_night

    settings = NightSettings(
        keep_days=arguments.keep_days,
        accept_links=arguments.accept_links,
        retrain=not arguments.no_retrain,
        use_vendor=not arguments.no_vendor,
        jobs=arguments.jobs,
    )
    with progress("reading") as show:
        events = run_night(
            arguments.home,
            arguments.captures,
            model=arguments.model,
            settings=settings,
            progress=show,
            tell=lambda words: say("headwise nightly", words),
        )
    if arguments.json:
        home = HomeFolder(arguments.home).read()
        found = devices_of(arguments.home, use_vendor=not arguments.no_vendor)
        devices = [{"mac": format_mac(mac), "vendor": vendor(mac), **answer.to_json()} for mac, answer in found.items()]
        write_json({"night": home.night, "model": home.in_use.file, "events": [event.to_json() for event in events], "devices": devices})
    else:
        print_events(events)
    return 0


def print_events(events: list[Event]) -> None:
    """Print events, one a row."""
    from headwise.cli.output import write_table

    headings = ("time (UTC)", "event", "MAC", "label", "was", "sure", "evidence")
    write_table(headings, [_row(event) for event in events], right=("sure",))


def _row(event: Event) -> tuple[object, ...]:
    shown = event.to_json()
    sure = "" if event.probability is None else f"{event.probability:.0%}"
    time = shown["time"][:19].replace("T", " ")
    return (time, event.kind, shown["device"], event.label, event.was, sure, "; ".join(event.evidence))


def _days(text: str) -> int:
    return whole(text, 2, 366)
