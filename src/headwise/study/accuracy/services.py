"""Row 17: days on which the service behind a device died."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from headwise.identity.home import HomeFolder
from headwise.identity.night import NightSettings
from headwise.study.accuracy.beds import read_bed, teaches
from headwise.study.accuracy.contenders import FAMILIES, OURS, PLAIN, Contender, fit
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.row import Row, Say, Spread, table
from headwise.study.accuracy.splits import by_days, starts_of
from headwise.study.dead_services import Death, read_dead
from headwise.study.replay_home import base_model, began, days_of, replayed
from headwise.testbeds import LabelledWindows, day_of, join, read_testbeds
from headwise.testbeds.loading import labelled

NUMBER = 17
BED = "stevens-2019"
SIDE_BY_SIDE = (PLAIN, OURS, *FAMILIES)
TRAINED = (1, 7)
STARTS = 4
# A home's model learns so many days; after as many nights as are left until then the service dies.
HOME_LEARNS, DIES_AFTER = 3, 6
SETTINGS = NightSettings(use_vendor=False)


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the lines of row 17: each way a service dies, and homes that live through it."""
    windows = read_bed(data, BED, say)
    if windows is None:
        return []
    found = []
    for death in Death:
        dead = dead_windows(data / BED, windows, death)
        found += _rows(windows, dead, death, say, effort)
    return found


def dead_windows(folder: Path, windows: LabelledWindows, death: Death) -> LabelledWindows:
    """Return the windows of a test-bed's units as they would be had their services died; those without a packet are none."""
    (testbed,) = read_testbeds([folder])
    units = [unit for unit in testbed.units if unit.is_class]
    return labelled(read_dead(testbed.captures, death, sequence=windows.sequence.shape[1]), units, windows.length)


Shares = dict[str, float]


def named_right(windows: LabelledWindows, dead: LabelledWindows, contender: Contender, effort: Effort) -> dict[int, list[Shares]]:
    """Return by days of training, of each model, the share of each product's dead windows, all later, that it names right."""
    found: dict[int, list[Shares]] = {}
    for days in TRAINED:
        for start in replace(effort, starts=effort.starts or STARTS).some(starts_of(windows, days)):
            train, later = by_days(windows, start, days), dead.select(day_of(dead.start) >= start + days)
            if teaches(windows, train, train) and len(later):
                said = fit(contender, windows.select(train), effort.seeds[0], effort.jobs).names(later.features)
                shares = {each: float((said[later.product == each] == each).mean()) for each in np.unique(later.product).tolist()}
                found.setdefault(days, []).append(shares)
    return found


@dataclass(frozen=True)
class Life:
    """A home in which one device's service died.

    Attributes
    ----------
    product : str
        Of that device.
    nights : list of (float, float)
        Of its windows on each day from then on the share that is right by the model that the home began with, and by the one in use.
    kept : bool
        Whether the name that it had before, it has after the last night.
    noticed : int or None
        Days until an event said of it that something changed, the first being 1.
    """

    product: str
    nights: list[tuple[float, float]]
    kept: bool
    noticed: int | None


def lives(windows: LabelledWindows, dead: LabelledWindows) -> Iterator[Life]:
    """Let a home live in which after some days the service of a device dies, of each device in turn that is heard after that."""
    days = days_of(windows)
    dies = int(day_of(days[DIES_AFTER].start)[0])
    with tempfile.TemporaryDirectory() as place:
        base = base_model(join(days[:HOME_LEARNS]), Path(place) / "base.headwise")
        for mac in np.unique(windows.device).tolist():
            gone = (windows.device == mac) & (day_of(windows.start) >= dies)
            both = join([windows.select(~gone), dead.select((dead.device == mac) & (day_of(dead.start) >= dies))])
            both = both.select(np.lexsort((both.device, both.start)))
            home = Path(place) / f"{mac:x}"
            product = str(windows.product[windows.device == mac][0])
            life = _life(began(home, base), days_of(both)[HOME_LEARNS:], mac, product)
            if life.nights:
                yield life


def _life(home: HomeFolder, days: list[LabelledWindows], mac: int, product: str) -> Life:
    nights: list[tuple[float, float]] = []
    label = name = noticed = None
    for number, day in enumerate(replayed(home, days, SETTINGS), start=1 + HOME_LEARNS - DIES_AFTER):
        events = [event for event in day.events if event.device == mac]
        label = events[-1].label if events else label
        if number < 1:
            name = label
            continue
        if noticed is None and any(event.kind in ("drift", "changed") for event in events):
            noticed = number
        if product in day.right:
            nights.append(day.right[product])
    return Life(product, nights, name is not None and label == name, noticed)


def _rows(windows: LabelledWindows, dead: LabelledWindows, death: Death, say: Say, effort: Effort) -> list[Row]:
    found = {each.name: named_right(windows, dead, each, effort) for each in SIDE_BY_SIDE}
    if not all(len(each) == len(TRAINED) for each in found.values()) or len(days_of(windows)) <= DIES_AFTER:
        say(f"{BED} has too few days: row {NUMBER} is left out")
        return []
    plain, ours = (_spread(found[each.name]) for each in (PLAIN, OURS))
    say(f"row {NUMBER}: service {death}: plain {plain.text()}, headwise {ours.text()}")
    lived = list(lives(windows, dead))
    say(f"row {NUMBER}: service {death}: {sum(life.kept for life in lived)} of {len(lived)} names kept")
    return [
        Row(
            NUMBER,
            f"service {death}, 1 or 7 days of training, all later days: windows of the device named right, mean over devices",
            BED,
            plain.text(),
            ours.text(),
            "-",
            {"plain": plain.mean, "headwise": ours.mean, "headwise, least": ours.least},
            details=_by_product(found, death),
        ),
        of_lives(lived, death),
    ]


def _by_product(found: Mapping[str, Mapping[int, list[Shares]]], death: Death) -> list[str]:
    heading = ["product", *(f"{name}, {days} day{'s' * (days > 1)}" for name in found for days in TRAINED)]
    products = sorted({product for each in found.values() for models in each.values() for model in models for product in model})
    lines = [
        [product, *(_mean(model[product] for model in each[days] if product in model) for each in found.values() for days in TRAINED)]
        for product in products
    ]
    return [f"{BED}, service {death}, share of the device's windows named right, by days of training:", "", *table(heading, lines)]


def of_lives(lived: list[Life], death: Death) -> Row:
    """Return the line of the homes in which each device's service died in turn."""
    without, found = (float(np.mean([life.nights[-1][which] for life in lived])) for which in (0, 1))
    kept, told = sum(life.kept for life in lived), sum(life.noticed is not None for life in lived)
    lines = [
        [
            life.product,
            ", ".join(f"{before:.2f} > {after:.2f}" for before, after in life.nights),
            "yes" if life.kept else "no",
            "-" if life.noticed is None else str(life.noticed),
        ]
        for life in lived
    ]
    days = len(lived[0].nights)
    return Row(
        NUMBER,
        f"service {death}, homes that learn every night: windows of the device named right on day {days}, names kept, changes told",
        BED,
        "-",
        f"{found:.3f}, never retrained {without:.3f}; names kept {kept} of {len(lived)}; changes told {told} of {len(lived)}",
        "-",
        {"retrained": found, "never retrained": without, "kept": kept, "told": told},
        details=[
            f"{BED}, service {death} after {DIES_AFTER} days, of which {HOME_LEARNS} trained the home's first model; "
            "never retrained > retrained nightly, by day:",
            "",
            *table(["product", "windows named right", "name kept", "told on day"], lines),
        ],
    )


def _mean(values: Iterable[float]) -> str:
    return f"{np.mean(list(values)):.2f}"


def _spread(found: Mapping[int, list[Shares]]) -> Spread:
    return Spread.of(float(np.mean(list(model.values()))) for models in found.values() for model in models)
