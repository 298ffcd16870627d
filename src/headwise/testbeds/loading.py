"""Test-beds to labelled windows: read every capture, keep the windows of the MACs that the table names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headwise.errors import InputError
from headwise.headers import expand
from headwise.testbeds.interactions import FILE as INTERACTIONS
from headwise.testbeds.interactions import phases, read_interactions
from headwise.testbeds.labelled import LabelledWindows, Length, join, labels_of
from headwise.testbeds.period import Period
from headwise.testbeds.units import Unit, read_units
from headwise.windows import FLOW, WindowTable, read_flows, read_windows

CAPTURES = "captures"


@dataclass(frozen=True)
class Selection:
    """Which windows of test-beds to take.

    Attributes
    ----------
    period : Period
        Only windows that lie inside.
    only, without : collection of str
        Units, as ``unit`` or ``testbed/unit``; `only` empty means all.
    phase : str, optional
        Only windows in this phase: ``idle``, ``active``, or a name of the time line's `phase` column.
    others : bool
        Whether also windows of devices that are no classes: routers and computers.
    """

    period: Period = field(default_factory=Period)
    only: Collection[str] = ()
    without: Collection[str] = ()
    phase: str | None = None
    others: bool = False


@dataclass(frozen=True)
class Testbed:
    """A folder of labelled captures."""

    __test__ = False  # not a test, whatever its name begins with

    folder: Path
    units: tuple[Unit, ...]
    captures: tuple[Path, ...]

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.resolve().name


def read_testbed(folder: Path) -> Testbed:
    """Read what a test-bed holds, without its packets.

    Raises
    ------
    InputError
        Where the folder, its table or its captures are missing or wrong.
    """
    if not folder.is_dir():
        raise InputError("is no folder", where=str(folder), do="give a test-bed: a folder with devices.csv and captures/")
    units = read_units(folder)
    captures = expand([folder / CAPTURES]) if (folder / CAPTURES).is_dir() else []
    if not captures:
        raise InputError("holds no captures", where=str(folder / CAPTURES), do="put capture files there")
    return Testbed(folder, tuple(units), tuple(captures))


def read_testbeds(folders: Sequence[Path]) -> list[Testbed]:
    """Read several test-beds and check that their tables agree.

    Raises
    ------
    InputError
        Also where one is given twice, or a product has another category in another test-bed.
    """
    testbeds = [read_testbed(folder) for folder in folders]
    names = [testbed.name for testbed in testbeds]
    for name in names:
        if names.count(name) > 1:
            raise InputError("is given twice", where=name, do="give each test-bed once, in folders of different names")
    _check_categories(testbeds)
    return testbeds


def load(
    testbeds: Sequence[Testbed],
    *,
    length: Length = 600.0,
    sequence: int = 32,
    selection: Selection | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> LabelledWindows:
    """Read test-beds into labelled windows.

    Parameters
    ----------
    testbeds : sequence of Testbed
        At least one.
    length : float, "capture" or "flow"
        Seconds of a window, one window of each capture file, or one row of each flow, which has no sequence.
    sequence : int
        Packets that a window's sequence holds.
    selection : Selection, optional
        Which windows to take; all of them by default.
    progress : callable, optional
        Told of bytes read and their total.

    Raises
    ------
    InputError
        Where a test-bed is wrong, or a named unit is in none of them.
    """
    chosen = selection or Selection()
    _check_units(testbeds, chosen)
    return join([_load_one(testbed, length, sequence, chosen, progress) for testbed in testbeds])


def _load_one(
    testbed: Testbed, length: Length, sequence: int, selection: Selection, progress: Callable[[int, int | None], None] | None
) -> LabelledWindows:
    if length == FLOW:
        table = read_flows(list(testbed.captures), progress=progress)
    else:
        table = read_windows(list(testbed.captures), length=length, sequence=sequence, progress=progress).table
    units = [unit for unit in testbed.units if _wanted(unit, selection)]
    windows = labelled(table, units, length)
    windows = windows.select(selection.period.holds(windows.start, windows.length_s))
    if selection.phase is None:
        return windows
    return windows.select(_phases(testbed, windows) == selection.phase)


def labelled(table: WindowTable, units: Sequence[Unit], length: Length) -> LabelledWindows:
    """Return the windows of some units, with their labels."""
    rows = np.flatnonzero(np.isin(table.device, np.array([unit.mac for unit in units], np.uint64)))
    device = table.device[rows]
    return LabelledWindows(
        device=device,
        start=table.start[rows],
        length_s=table.length_s[rows],
        features=table.features[rows],
        sequence=table.sequence[rows],
        capture=table.capture[rows],
        names=tuple(table.names),
        version=table.version,
        length=length,
        **labels_of(units, device),
    )


def _phases(testbed: Testbed, windows: LabelledWindows) -> np.ndarray:
    if not (testbed.folder / INTERACTIONS).exists():
        raise InputError(f"has no {INTERACTIONS}", where=str(testbed.folder), do="leave out --phase, or give a test-bed with a time line")
    return phases(read_interactions(testbed.folder), windows.unit, windows.start, windows.length_s)


def _wanted(unit: Unit, selection: Selection) -> bool:
    names = {unit.name, f"{unit.testbed}/{unit.name}"}
    chosen = not selection.only or not names.isdisjoint(selection.only)
    return chosen and names.isdisjoint(selection.without) and (selection.others or unit.is_class)


def _check_units(testbeds: Sequence[Testbed], selection: Selection) -> None:
    known = {name for testbed in testbeds for unit in testbed.units for name in (unit.name, f"{unit.testbed}/{unit.name}")}
    for option, names in (("--only", selection.only), ("--without", selection.without)):
        for name in names:
            if name not in known:
                raise InputError(f"no unit '{name}' in {', '.join(t.name for t in testbeds)}", where=option, do="take one from devices.csv")


def _check_categories(testbeds: Sequence[Testbed]) -> None:
    first: dict[str, Unit] = {}
    for unit in _units(testbeds):
        other = first.setdefault(unit.product, unit)
        if other.category != unit.category:
            raise InputError(
                f"product '{unit.product}' is '{unit.category}' in {unit.testbed} but '{other.category}' in {other.testbed}",
                where="devices.csv",
                do="make the tables agree",
            )


def _units(testbeds: Sequence[Testbed]) -> Iterator[Unit]:
    for testbed in testbeds:
        yield from testbed.units
