"""Row 4: minutes from a device's first packet to a right and stable name."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headwise.clock import NS
from headwise.identity import Identities, Products
from headwise.identity.states import EARNED
from headwise.models import GROUPS, train
from headwise.study.accuracy.row import Row, Say, table
from headwise.study.replay_home import table_of
from headwise.testbeds import LabelledWindows, day_of, load, read_testbeds

# First day and number of days that train.
STARTS = {
    "stevens-2019": ((0, 1), (3, 1), (6, 1), (9, 1), (0, 3), (4, 3), (0, 7), (3, 7)),
    "floridatech-2021": ((0, 1), (2, 1), (0, 2)),
}
STAYS_S = 24 * 3600
HOURS = 3
# Windows of a minute are ten times as many; one first day of each home, and an arrival every twelve hours, show what they are good for.
LENGTHS: dict[float, tuple[int | None, int]] = {600.0: (None, HOURS), 60.0: (1, 12)}


@dataclass(frozen=True)
class Arrival:
    """A device that arrived, and the minutes until its name was right for the rest of the day; infinite where it never was."""

    product: str
    minutes: float


def rows(data: Path, say: Say) -> list[Row]:
    """Return the row, of the test-beds that are there; and, for comparison, with windows of a minute."""
    there = [name for name in STARTS if (data / name).is_dir()]
    return (
        [
            _row(length, hours, {name: _arrivals(data / name, length, most, hours, say) for name in there})
            for length, (most, hours) in LENGTHS.items()
        ]
        if there
        else []
    )


def _arrivals(folder: Path, length: float, most: int | None, hours: int, say: Say) -> list[Arrival]:
    windows = load(read_testbeds([folder]), length=length, sequence=0)
    day = day_of(windows.start)
    first_day, found = int(day.min()), []
    for first, count in STARTS[folder.name][:most]:
        learn = (day >= first_day + first) & (day < first_day + first + count)
        later = windows.select(day >= first_day + first + count)
        found += list(arrivals(windows.select(learn), later, hours))
        say(f"{folder.name}, windows of {length:.0f} s: {len(found)} arrivals")
    return found


def arrivals(learn: LabelledWindows, later: LabelledWindows, hours: int = HOURS) -> Iterator[Arrival]:
    """Yield what became of every device that arrives, every so many hours of the later days, in a home that knows nothing of it.

    Parameters
    ----------
    learn : LabelledWindows
        Train the model, its calibration and its thresholds.
    later : LabelledWindows
        Of days after them.
    """
    trained = train(learn, family_name="rfc", group=GROUPS["all-device"], jobs=1)
    manifest = trained.manifest
    products = Products(manifest, trained.knowledge, use_vendor=False)
    probabilities = trained.probabilities(later)
    for mac in np.unique(later.device).tolist():
        rows = np.flatnonzero(later.device == mac)
        rows = rows[np.argsort(later.start[rows], kind="stable")]
        product = str(later.product[rows[0]])
        # Who trained without a product cannot name it.
        if product in manifest.classes:
            for stretch in _stretches(later.start[rows], hours):
                some = rows[stretch]
                minutes = minutes_to_name(later.select(some), probabilities[some], products)
                yield Arrival(product, minutes)


def minutes_to_name(windows: LabelledWindows, probabilities: np.ndarray, products: Products) -> float:
    """Return the minutes from the start of a device's first window until it is named rightly for good; infinite where it never is."""
    home, shown, since = Identities(products), None, 0
    for event in home.add(table_of(windows), probabilities):
        name = event.label if event.state in EARNED else None
        if name != shown:
            shown, since = name, event.time
    if shown != windows.product[0]:
        return math.inf
    return (since - int(windows.start.min())) / NS / 60


def _stretches(start: np.ndarray, hours: int) -> Iterator[slice]:
    """Yield the windows of a day from every so many hours on, while there are six hours left."""
    for moment in range(int(start[0]), int(start[-1]) - 6 * 3600 * NS, hours * 3600 * NS):
        first = int(np.searchsorted(start, moment))
        yield slice(first, int(np.searchsorted(start, start[first] + STAYS_S * NS)))


def _row(length: float, hours: int, found: dict[str, list[Arrival]]) -> Row:
    every = [arrival.minutes for arrivals in found.values() for arrival in arrivals]
    median, late, never = _summary(every)
    lines = [
        [name, product, *_cells([arrival.minutes for arrival in arrivals if arrival.product == product])]
        for name, arrivals in found.items()
        for product in sorted({arrival.product for arrival in arrivals})
    ]
    return Row(
        4,
        f"minutes from the first packet to a right and stable name, windows of {length:.0f} s",
        ", ".join(found),
        "-",
        f"median {median:.0f}, 95th percentile {late:.0f}",
        "median 10, 95th percentile 60",
        {"arrivals": len(every), "median": median, "percentile_95": late, "never": never},
        [
            f"{len(every)} arrivals: every device, every {hours} hours of every day after those that train.",
            "A name counts where it is earned, not guessed, and stays for the rest of 24 hours; the first packet is taken to come at the "
            f"very start of its window. Never right: {never:.2%}.",
            "The rule is that of `headwise identify` without the vendor (0.8 sure, half an independent window's worth of evidence), the "
            "same everywhere; the model's thresholds are of its training days.",
        ],
        table(["test-bed", "product", "arrivals", "median", "95th percentile", "never"], lines),
        {name: _curve([arrival.minutes for arrival in arrivals]) for name, arrivals in found.items()},
    )


def _summary(minutes: list[float]) -> tuple[float, float, float]:
    values = np.array(minutes)
    late = float(np.quantile(values, 0.95, method="higher"))
    return float(np.quantile(values, 0.5, method="higher")), late, float(np.isinf(values).mean())


def _cells(minutes: list[float]) -> list[str]:
    median, late, never = _summary(minutes)
    return [str(len(minutes)), f"{median:.0f}", f"{late:.0f}", f"{never:.2%}"]


def _curve(minutes: list[float]) -> list[tuple[float, float]]:
    """Return the share named by so many minutes."""
    values: defaultdict[float, float] = defaultdict(float)
    for each in minutes:
        if math.isfinite(each):
            values[each] += 1 / len(minutes)
    return list(_summed(sorted(values.items())))


def _summed(points: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    total = 0.0
    for minute, share in points:
        total += share
        yield minute, round(total, 6)
