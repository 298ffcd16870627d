"""Row 13: devices that were learned idle, when they are used, and the other way round."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from headwise.study.accuracy.beds import read_bed, time_line
from headwise.study.accuracy.contenders import OURS, PLAIN, Contender
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.row import Row, Say, Spread, in_words
from headwise.study.accuracy.splits import in_time
from headwise.study.accuracy.trials import Trial, by_window
from headwise.testbeds import LabelledWindows, join
from headwise.testbeds.interactions import ACTIVE, IDLE, phases

BEDS = ("floridatech-2021", "nku-2024", "unsw-2014")
# What is done to a device takes seconds to minutes: windows of ten minutes that are called active are mostly idle.
MINUTE_S = 60.0

Parts = tuple[np.ndarray, np.ndarray, np.ndarray]


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the lines of row 13: each way, and where a line's name counts."""
    found = [(name, bed) for name in BEDS if (bed := read_bed(data, name, say, MINUTE_S)) is not None]
    if not found:
        return []
    windows = join([bed for _, bed in found])
    phase = np.concatenate([phases(time_line(data, name, say), bed.unit, bed.start, bed.length_s) for name, bed in found])
    where = ", ".join(name for name, _ in found)
    lines = []
    for learned, met in ((IDLE, ACTIVE), (ACTIVE, IDLE)):
        train, other, same = split(windows, phase, learned, met)
        if not len(other) or len(set(windows.product[train].tolist())) < 2:
            say(f"row 13: no unit has enough windows that are {learned} and later ones that are {met}: left out")
            continue
        both = _rows(windows, where, learned, met, (train, other, same), effort)
        say(f"row 13, {both[0].measure}: {both[0].found}")
        lines += both
    return lines


def split(windows: LabelledWindows, phase: np.ndarray, learned: str, met: str) -> Parts:
    """Return the positions that train, and later ones to score: in the phase that is met, and in the one that was learned.

    The first half of each unit's windows in the one phase train. Only units that have later windows of both phases are scored, so that the
    two scores are of the same units.
    """
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    units = windows.units().astype(str)
    for unit in np.unique(units):
        own = in_time(windows, np.flatnonzero(units == unit))
        mine, others = own[phase[own] == learned], own[phase[own] == met]
        train, later = mine[: (len(mine) + 1) // 2], mine[(len(mine) + 1) // 2 :]
        parts[0].extend(train.tolist())
        others = others[windows.start[others] > windows.start[train].max()] if len(train) else others[:0]
        if len(later) and len(others):
            parts[1].extend(others.tolist())
            parts[2].extend(later.tolist())
    train, other, same = (in_time(windows, np.array(part, int)) for part in parts)
    return train, other, same


def _trials(windows: LabelledWindows, contender: Contender, rows: Parts, effort: Effort) -> tuple[Trial, Trial]:
    """Return what came of naming windows in the other phase, and in the same."""
    train, *tests = rows
    other, same = (by_window(windows, train, test, contender, effort) for test in tests)
    return other, same


def _rows(windows: LabelledWindows, where: str, learned: str, met: str, rows: Parts, effort: Effort) -> list[Row]:
    plain, ours = (_trials(windows, each, rows, effort) for each in (PLAIN, OURS))
    counts = Counter(windows.unit[rows[1]].tolist())
    scored = ", ".join(f"{unit} {count}" for unit, count in counts.most_common())
    measure = f"{learned} to {met}: macro F1 per window of 60 s"
    notes = [
        f"One model of all the test-beds. The first half of each unit's {learned} windows train ({len(rows[0])}); its later {met} "
        f"ones are scored, and its later {learned} ones beside them. {met.capitalize()} windows scored: {scored}.",
        f"What headwise confuses there, all seeds together: {in_words(ours[0].confused)}.",
    ]
    lines = f"{measure}, a line's name counts"
    return [
        Row(13, measure, where, _cell(plain), _cell(ours), "within 0.05 of the same mode", values=_values(plain, ours), notes=notes),
        Row(13, lines, where, _cell(plain, True), _cell(ours, True), "-", values=_values(plain, ours, True)),
    ]


def _spreads(trials: tuple[Trial, Trial], by_line: bool) -> list[Spread]:
    return [trial.line_spread if by_line else trial.spread for trial in trials]


def _cell(trials: tuple[Trial, Trial], by_line: bool = False) -> str:
    other, same = _spreads(trials, by_line)
    return f"{other.text()}; same mode {same.text()}"


def _values(plain: tuple[Trial, Trial], ours: tuple[Trial, Trial], by_line: bool = False) -> dict[str, float]:
    names = ("plain", "plain, same mode", "headwise", "headwise, same mode")
    return {name: spread.mean for name, spread in zip(names, _spreads(plain, by_line) + _spreads(ours, by_line), strict=True)}
