"""What a contender reaches on the rows where a group of features or a trick could matter, and tables of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from headwise.study.accuracy import boots, days, setups
from headwise.study.accuracy.beds import every_bed, read_bed, teaches, time_line
from headwise.study.accuracy.contenders import Contender
from headwise.study.accuracy.effort import Effort
from headwise.study.accuracy.everything import name_all
from headwise.study.accuracy.places import FEW, Found, place
from headwise.study.accuracy.registry import DETAILS
from headwise.study.accuracy.row import Row, Say, table
from headwise.study.accuracy.splits import at_most, each_units, seen, setup_splits, starts_of
from headwise.study.accuracy.strangers import Told, hear
from headwise.study.accuracy.trials import by_window, together

STARTS = 3
# Its measures are numbers of units.
COUNTED = "row 8"

Measure = Callable[[Contender, Effort], dict[str, float]]


def light(effort: Effort) -> Effort:
    """Return one seed, few start days, one draw: there is much to compare."""
    return replace(effort, seeds=effort.seeds[:1], draws=1, starts=min(STARTS, effort.starts or STARTS))


def measured(contender: Contender, measures: list[Measure], effort: Effort, say: Say) -> dict[str, float]:
    """Return every measure of a contender by its name."""
    found = {name: value for measure in measures for name, value in measure(contender, effort).items()}
    say(f"ablation, {contender.name}: " + ", ".join(f"{name} {value:.3f}" for name, value in found.items()))
    return found


def measures_of(data: Path, say: Say) -> Iterator[Measure]:
    """Yield the measures whose test-beds are there."""
    stevens, aalto, boston = (read_bed(data, name, say) for name in (days.BED, setups.BED, boots.BED))
    if stevens is not None and starts_of(stevens, 1):
        yield lambda contender, effort: {"row 2": days.measure(stevens, contender, 1, effort).until(days.WEEK).mean}
    if aalto is not None:
        every = np.arange(len(aalto))
        splits = [(train, seen(aalto, train, np.setdiff1d(every, train))) for _, train in setup_splits(aalto)]
        splits = [each for each in splits if teaches(aalto, *each)]
        yield lambda contender, effort: {
            "row 5": together([by_window(aalto, train, test, contender, effort) for train, test in splits]).spread.mean
        }
    if boston is not None:
        train, test = boots.boot_split(boston, time_line(data, boots.BED, say))
        if teaches(boston, train, test):
            yield lambda contender, effort: {"row 6": by_window(boston, train, test, contender, effort).spread.mean}
    yield from _of_all(data, say)


def _of_all(data: Path, say: Say) -> Iterator[Measure]:
    windows = every_bed(data, say)
    if windows is None:
        return
    early, late = each_units(windows)
    train = at_most(windows, early)

    def row_7(contender: Contender, effort: Effort) -> dict[str, float]:
        named = name_all(windows, train, late, contender, effort)
        return {"row 7, windows": named.window.spread.mean, "row 7, units": named.unit.spread.mean}

    def row_8(contender: Contender, effort: Effort) -> dict[str, float]:
        found = place(windows, contender, effort)
        if not found.ranks:
            return {}
        return counted(found)

    def row_11(contender: Contender, effort: Effort) -> dict[str, float]:
        return {"row 11, AUROC": Told.of([list(hear(windows, contender, 0, effort))]).auroc.mean}

    yield from (row_7, row_8, row_11)


def counted(found: Found) -> dict[str, float]:
    """Return how many units have the right product first, and among three."""
    return {f"{COUNTED}, first": found.firsts().mean, f"{COUNTED}, of three": found.firsts(FEW).mean}


def compared(measure: str, about: str, lines: list[tuple[str, dict[str, float]]]) -> Row:
    """Return the comparison of what was measured, by name of the contender, as details without a line in the table."""
    names = list(lines[0][1])
    cells = [[name, *(_cell(each, found.get(each)) for each in names)] for name, found in lines]
    values = {f"{name}, {each}": value for name, found in lines for each, value in found.items()}
    return Row(DETAILS, measure, "all", "-", "-", "-", values, details=[about, "", *table(["", *names], cells)])


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if name.startswith(COUNTED) else f"{value:.3f}"
