"""Rows 1 and 2: days of one home that train, later days of the same home that are scored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headwise.models.scores import score
from headwise.study.accuracy.beds import read_bed, teaches
from headwise.study.accuracy.contenders import FAMILIES, OURS, PLAIN, Contender, fit
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.row import Row, Say, Spread, in_words, table
from headwise.study.accuracy.splits import by_days, starts_of
from headwise.testbeds import LabelledWindows, day_name, day_of

BED = "stevens-2019"
WEEK = 7
SIDE_BY_SIDE = (PLAIN, OURS, *FAMILIES)


@dataclass
class Scored:
    """Macro F1 of a contender by days ahead and by first training day, and what it took for what."""

    ahead: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    start: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def until(self, days: int) -> Spread:
        """Return the spread of the scores up to so many days ahead."""
        return Spread.of(value for ahead, values in self.ahead.items() if ahead <= days for value in values)


@dataclass(frozen=True)
class Plan:
    """One row: how many days train, up to how many days ahead it counts, and what was hoped for."""

    number: int
    days: int
    ahead: int
    reach: str

    @property
    def trained(self) -> str:
        """How many days train, in words."""
        return f"{self.days} day{'s' * (self.days > 1)} of training"

    @property
    def measure(self) -> str:
        """What is measured, in words."""
        later = "1 day ahead" if self.ahead == 1 else f"1 to {self.ahead} days ahead"
        return f"macro F1 per window, {self.trained}, {later}"


PLANS = (Plan(1, WEEK, 1, "0.999"), Plan(2, 1, WEEK, "0.997"))


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return rows 1 and 2."""
    windows = read_bed(data, BED, say)
    if windows is None:
        return []
    found = []
    for plan in PLANS:
        row = _row(windows, plan, say, effort)
        if row is None:
            say(f"{BED} has not {plan.days + 1} days in a row, with two products: row {plan.number} is left out")
        else:
            found.append(row)
    return found


def measure(windows: LabelledWindows, contender: Contender, days: int, effort: Effort) -> Scored:
    """Train on so many days in a row, from every start day; score every later day on its own."""
    scored = Scored()
    for start in effort.some(starts_of(windows, days)):
        train = by_days(windows, start, days)
        name = f"{day_name(start)}, {len(train)} windows"
        if not teaches(windows, train, train):
            continue
        for seed in effort.seeds:
            model = fit(contender, windows.select(train), seed, effort.jobs)
            for ahead, test in later_days(windows, start + days):
                truth, called = windows.product[test], model.names(windows.features[test])
                scored.ahead[ahead].append(score(truth, called).macro_f1)
                scored.start[name].append(scored.ahead[ahead][-1])
                wrong = truth != called
                scored.confused.update(zip(truth[wrong].tolist(), called[wrong].tolist(), strict=True))
    return scored


def later_days(windows: LabelledWindows, first: int) -> Iterator[tuple[int, np.ndarray]]:
    """Yield how far ahead each day is, the first being 1, with the positions of its windows."""
    for day in np.unique(day_of(windows.start)).tolist():
        if day >= first:
            yield day - first + 1, by_days(windows, day, 1)


def _row(windows: LabelledWindows, plan: Plan, say: Say, effort: Effort) -> Row | None:
    found = {}
    for contender in SIDE_BY_SIDE:
        found[contender.name] = measure(windows, contender, plan.days, effort)
        if not any(ahead <= plan.ahead for ahead in found[contender.name].ahead):
            return None
        say(f"row {plan.number}: {contender.name} {found[contender.name].until(plan.ahead).text(4)}")
    plain, ours = found[PLAIN.name].until(plan.ahead), found[OURS.name].until(plan.ahead)
    return Row(
        plan.number,
        plan.measure,
        BED,
        plain.text(4),
        ours.text(4),
        plan.reach,
        values={"plain": plain.mean, "headwise": ours.mean, "headwise, least": ours.least},
        notes=[f"What headwise confuses, all later days and start days together: {in_words(found[OURS.name].confused)}."],
        details=_details(plan, found),
        series={f"{name}, {plan.trained}": _points(each) for name, each in found.items()},
    )


def _points(scored: Scored) -> list[tuple[float, float]]:
    return [(float(ahead), Spread.of(values).mean) for ahead, values in sorted(scored.ahead.items())]


def _details(plan: Plan, found: dict[str, Scored]) -> list[str]:
    first = next(iter(found.values()))
    lines = [f"{BED}, {plan.trained}, windows of 600 s, by days ahead:", ""]
    lines += table(
        ["days ahead", *found], [[str(n), *(Spread.of(f.ahead[n]).text(4) for f in found.values())] for n in sorted(first.ahead)]
    )
    lines += ["", "The same scores by the first day of training:", ""]
    return lines + table(["first day", *found], [[day, *(Spread.of(f.start[day]).text(4) for f in found.values())] for day in first.start])
