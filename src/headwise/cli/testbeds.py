"""Options that every command over test-beds has: which windows, of which units."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headwise.testbeds import LabelledWindows, Length, Selection, Testbed


def add_testbeds(parser: ArgumentParser) -> None:
    """Declare the test-beds and what to take of them."""
    parser.add_argument("testbeds", metavar="TESTBED", nargs="+", type=Path, help="folder with devices.csv and captures/")
    chosen = parser.add_argument_group("which windows")
    chosen.add_argument("--from", dest="since", metavar="TIME", help="only from this UTC date or time on, such as 2019-07-01")
    chosen.add_argument("--until", metavar="TIME", help="only what ended by then (exclusive)")
    chosen.add_argument("--only", metavar="UNIT", nargs="+", action="extend", default=[], help="only these units of devices.csv")
    chosen.add_argument("--without", metavar="UNIT", nargs="+", action="extend", default=[], help="all but these units")
    chosen.add_argument("--phase", metavar="PHASE", help="only windows in this phase by interactions.csv: idle, active or another")


def selection_of(arguments: Namespace, *, others: bool) -> Selection:
    """Return what the options select; `others` takes routers and computers too."""
    from headwise.testbeds import Selection, parse_period

    return Selection(
        period=parse_period(arguments.since, arguments.until),
        only=_split(arguments.only),
        without=_split(arguments.without),
        phase=arguments.phase,
        others=others,
    )


def load_windows(testbeds: list[Testbed], length: Length, sequence: int, selection: Selection) -> LabelledWindows:
    """Read test-beds into labelled windows, with progress on a terminal."""
    from headwise.cli.progress import progress
    from headwise.testbeds import load

    unit = "files" if length == "capture" else "B"
    with progress("reading", unit=unit) as show:
        return load(testbeds, length=length, sequence=sequence, selection=selection, progress=show)


def window_length(text: str) -> float | str:
    """Return the length of windows that an option gives: seconds from 10 to 86400, or ``capture``."""
    if text == "capture":
        return text
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 10 <= seconds <= 86_400:
        raise ArgumentTypeError(f"'{text}' is no length: give seconds from 10 to 86400, or 'capture'")
    return seconds


def _split(names: list[str]) -> tuple[str, ...]:
    return tuple(part for name in names for part in name.split(",") if part)
