"""Which windows train and which are scored: splits by time or by place, never at random."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headwise.testbeds import LabelledWindows, day_of, load, read_testbeds
from headwise.testbeds.labelled import join
from headwise.testbeds.units import FILE as DEVICES

# Their captures are one set-up or boot each.
SHORT = ("aalto-2016", "boston-2021")
DAYS, DAYS_AHEAD = "stevens-2019", 7
# Start days by their order; the second is a few hours of one night.
STARTS = (1, 3)
SHARES = (0.5, 0.6, 0.75)
BOOT_MODES_SCORED = (3, 4, 5)
# Windows of a unit that train, and that are scored, where the chattiest would drown the others.
MOST_LEARNED, MOST_SCORED = 100, 60
EARLIER = 0.7


@dataclass(frozen=True)
class Trial:
    """One split.

    Attributes
    ----------
    measure : str
        ``days``, ``setups``, ``boots``, ``all`` or ``places``: trials of one measure are averaged.
    train, test : int array
        Positions of the windows that train and of those that are scored.
    """

    measure: str
    train: np.ndarray
    test: np.ndarray


def read(data: Path) -> tuple[LabelledWindows, tuple[str, ...]]:
    """Return the windows of every test-bed in a folder, and for each the file that it is of (empty where it is cut by time)."""
    parts: list[LabelledWindows] = []
    files: list[str] = []
    for table in sorted(data.glob(f"*/{DEVICES}")):
        beds = read_testbeds([table.parent])
        windows = load(beds, length="capture" if beds[0].name in SHORT else 600.0)
        parts.append(windows)
        files += [str(beds[0].captures[place]) if place >= 0 else "" for place in windows.capture]
    return join(parts), tuple(files)


def trials(windows: LabelledWindows, files: Sequence[str]) -> Iterator[Trial]:
    """Yield every split that the test-beds at hand allow; `files` names the capture of each window."""
    bed = windows.testbed.astype(str)
    if (bed == DAYS).any():
        yield from _days(windows, np.flatnonzero(bed == DAYS))
    if (bed == SHORT[0]).any():
        setups = np.flatnonzero(bed == SHORT[0])
        for share in SHARES:
            train = earlier(windows, setups, share)
            yield Trial("setups", train, np.setdiff1d(setups, train))
    if (bed == SHORT[1]).any():
        mode = np.array([boot_mode(file, unit) for file, unit in zip(files, windows.unit, strict=True)])
        scored = np.isin(mode, BOOT_MODES_SCORED)
        yield Trial("boots", np.flatnonzero((mode >= 0) & ~scored), np.flatnonzero(scored))
    yield _all(windows)
    yield from _places(windows, bed)


def earlier(windows: LabelledWindows, rows: np.ndarray, share: float) -> np.ndarray:
    """Return the first `share` of each product's windows, by time."""
    parts = []
    for name in np.unique(windows.product[rows].astype(str)):
        own = rows[windows.product[rows] == name]
        parts.append(own[np.argsort(windows.start[own], kind="stable")][: round(len(own) * share)])
    return np.sort(np.concatenate(parts))


def earlier_days(windows: LabelledWindows, share: float) -> np.ndarray:
    """Return the first `share` of each unit's days; of a unit of one day, of its windows. At least one is returned and one kept."""
    parts, units, days = [], windows.units().astype(str), day_of(windows.start)
    for unit in np.unique(units):
        own = np.flatnonzero(units == unit)
        own = own[np.argsort(windows.start[own], kind="stable")]
        steps = np.unique(days[own], return_inverse=True)[1] if len(np.unique(days[own])) > 1 else np.arange(len(own))
        first = max(min(round((steps[-1] + 1) * share), steps[-1]), 1)
        parts.append(own[steps < first])
    return np.sort(np.concatenate(parts))


def at_most(windows: LabelledWindows, rows: np.ndarray, most: int) -> np.ndarray:
    """Return no more than so many windows of each unit, drawn at random with a fixed seed."""
    random, units = np.random.default_rng(0), windows.units()[rows].astype(str)
    own = [rows[units == unit] for unit in np.unique(units)]
    return np.sort(np.concatenate([each if len(each) <= most else random.choice(each, most, replace=False) for each in own]))


def boot_mode(file: str, unit: str) -> int:
    """Return the mode of interception in which a unit booted; -1 where the file is of no boot, or of another unit's."""
    found = re.search(r"([^/]+)/interception-(\d+)\.", file)
    return int(found[2]) if found and found[1] in unit else -1


def _days(windows: LabelledWindows, rows: np.ndarray) -> Iterator[Trial]:
    day = day_of(windows.start[rows])
    every = np.unique(day)
    for start in every[[number for number in STARTS if number < len(every) - 1]]:
        yield Trial("days", rows[day == start], rows[(day > start) & (day <= start + DAYS_AHEAD)])


def _all(windows: LabelledWindows) -> Trial:
    train = earlier_days(windows, EARLIER)
    test = np.setdiff1d(np.arange(len(windows)), train)
    return Trial("all", at_most(windows, train, MOST_LEARNED), at_most(windows, test, MOST_SCORED))


def _places(windows: LabelledWindows, bed: np.ndarray) -> Iterator[Trial]:
    product = windows.product.astype(str)
    for name in np.unique(bed):
        known = (bed == name) & np.isin(product, product[bed != name])
        if known.any():
            train = at_most(windows, np.flatnonzero(bed != name), MOST_LEARNED)
            yield Trial("places", train, at_most(windows, np.flatnonzero(known), MOST_SCORED))
