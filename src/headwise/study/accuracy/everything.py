"""Row 7: all products of all test-beds in one model, each unit's earlier windows against its later ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headwise.study.accuracy.beds import every_bed, teaches
from headwise.study.accuracy.contenders import OURS, PLAIN, Contender, fit, votes
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.row import Row, Say, Spread, in_words
from headwise.study.accuracy.splits import at_most, each_units, of_units, seen
from headwise.study.accuracy.trials import Trial
from headwise.testbeds import LabelledWindows


@dataclass
class Named:
    """What came of naming windows, and of naming units by all their windows."""

    window: Trial = field(default_factory=Trial)
    unit: Trial = field(default_factory=Trial)
    right: list[float] = field(default_factory=list)


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the two lines of row 7."""
    windows = every_bed(data, say)
    if windows is None:
        return []
    early, late = each_units(windows)
    train = at_most(windows, early)
    late = seen(windows, train, late)
    if not teaches(windows, train, late):
        return []
    plain, ours = (name_all(windows, train, late, each, effort) for each in (PLAIN, OURS))
    say(f"row 7: per window {ours.window.spread.text()}, per unit {ours.unit.spread.text()}")
    what = f"{len(set(windows.product[train].tolist()))} products of all test-beds in one model"
    split = (
        "Of each unit the earlier windows train (about 70 %, whole days where it was seen on several, at most 150 of them: "
        f"{len(train)} in all), the later ones are scored ({len(late)} windows of {len(set(windows.units()[late].tolist()))} units)."
    )
    right = f"Share of units named right: {Spread.of(ours.right).text()}, plain {Spread.of(plain.right).text()}."
    of_windows = f"What headwise confuses most, windows of all seeds together: {in_words(ours.window.confused)}."
    wrong = f"Units that headwise names wrong, all seeds together: {in_words(ours.unit.confused, 12)}."
    return [
        _row(f"{what}: macro F1 per window", plain.window, ours.window, "0.93", [split, of_windows]),
        _row(f"{what}: macro F1 per unit", plain.unit, ours.unit, "0.97", [right, wrong], {"headwise, right": Spread.of(ours.right).mean}),
    ]


def name_all(windows: LabelledWindows, train: np.ndarray, test: np.ndarray, contender: Contender, effort: Effort) -> Named:
    """Train on some positions, in the order of time; name the windows at others, and the units that they are of."""
    named, scored = Named(), windows.select(test)
    product = of_units(scored, scored.product)
    for seed in effort.seeds:
        model = fit(contender, windows.features[train], windows.product[train], seed, effort.jobs)
        probabilities = model.probabilities(scored.features)
        named.window.add(scored.product, model.classes[probabilities.argmax(axis=1)])
        together = votes(contender, scored, probabilities)
        truth = np.array([product[unit] for unit in together.units.tolist()], object)
        called = model.classes[together.probabilities.argmax(axis=1)]
        named.unit.add(truth, called)
        named.right.append(float((truth == called).mean()))
    return named


def _row(measure: str, plain: Trial, ours: Trial, reach: str, notes: list[str], more: dict[str, float] | None = None) -> Row:
    values = {"plain": plain.spread.mean, "headwise": ours.spread.mean, **(more or {})}
    return Row(7, measure, "all", plain.spread.text(), ours.spread.text(), reach, values, notes)
