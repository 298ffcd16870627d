"""Row 7: all products of all test-beds in one model, each unit's earlier windows against its later ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headwise.models.lines import answers
from headwise.study.accuracy.asked import ask, trained_as
from headwise.study.accuracy.beds import every_bed, teaches
from headwise.study.accuracy.contenders import OURS, PLAIN, Contender, fit, votes
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.row import Row, Say, Spread, in_words
from headwise.study.accuracy.splits import at_most, each_units, of_units, seen
from headwise.study.accuracy.trials import Trial, of_lines
from headwise.testbeds import LabelledWindows

# A window of so many packets or fewer is an ARP exchange or two.
FEW_PACKETS = 12
SIBLING, FEW, OTHER = "a product of the same line", "few packets", "other"


@dataclass
class Named:
    """What came of naming windows, and of naming units by all their windows."""

    window: Trial = field(default_factory=Trial)
    unit: Trial = field(default_factory=Trial)
    right: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the lines of row 7."""
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
    confused = f"What headwise confuses most, windows of all seeds together: {in_words(ours.window.confused)}."
    kinds = (
        f"Of {ours.wrong.total()} wrong ones {ours.wrong[SIBLING]} have the name of a product of the same line, "
        f"{ours.wrong[FEW]} others hold {FEW_PACKETS} packets at most, and {ours.wrong[OTHER]} hold more."
    )
    wrong = f"Units that headwise names wrong, all seeds together: {in_words(ours.unit.confused, 12)}."
    return [
        _row(f"{what}: macro F1 per window", plain.window, ours.window, "0.93", [split, confused, kinds]),
        of_lines(7, f"{what}: macro F1 per window", "all", plain.window, ours.window),
        _row(f"{what}: macro F1 per unit", plain.unit, ours.unit, "0.97", [right, wrong], {"headwise, right": Spread.of(ours.right).mean}),
        of_lines(7, f"{what}: macro F1 per unit", "all", plain.unit, ours.unit),
    ]


def name_all(windows: LabelledWindows, train: np.ndarray, test: np.ndarray, contender: Contender, effort: Effort) -> Named:
    """Train on some positions, in the order of time; name the windows at others, and the units that they are of."""
    named, scored = Named(), windows.select(test)
    product = of_units(scored, scored.product)
    for seed in effort.seeds:
        model = fit(contender, windows.select(train), seed, effort.jobs)
        probabilities = model.probabilities(scored.features)
        best = model.classes[probabilities.argmax(axis=1)]
        named.window.add(scored.product, best, model.classes)
        named.wrong += kinds_of_errors(scored, best, model.classes)
        if contender.marks:
            units, called = _said(windows.select(train), scored, contender, seed, effort.jobs)
        else:
            together = votes(contender, scored, probabilities)
            units, called = together.units, model.classes[together.probabilities.argmax(axis=1)]
        truth = np.array([product[unit] for unit in units.tolist()], object)
        named.unit.add(truth, called, model.classes)
        named.right.append(float((truth == called).mean()))
    return named


def _said(known: LabelledWindows, scored: LabelledWindows, contender: Contender, seed: int, jobs: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the units, and what the product's own code calls each by all its windows and marks, without the vendor."""
    said = list(ask(trained_as(contender, known, seed, jobs), scored, use_vendor=False))
    return np.array([each.unit for each in said], object), np.array([each.verdict.product for each in said], object)


def kinds_of_errors(windows: LabelledWindows, called: np.ndarray, classes: np.ndarray) -> Counter[str]:
    """Return how many windows were given a sibling's name, and how many of the other wrong ones hold hardly a packet or more."""
    packets = sum(windows.features[:, windows.names.index(f"packets_{way}")] for way in ("sent", "received"))
    left = answers(windows.product, called, tuple(classes.tolist())) != windows.product
    few = packets <= FEW_PACKETS
    sibling = (called != windows.product) & ~left
    return Counter({SIBLING: int(sibling.sum()), FEW: int((left & few).sum()), OTHER: int((left & ~few).sum())})


def _row(measure: str, plain: Trial, ours: Trial, reach: str, notes: list[str], more: dict[str, float] | None = None) -> Row:
    values = {"plain": plain.spread.mean, "headwise": ours.spread.mean, **(more or {})}
    return Row(7, measure, "all", plain.spread.text(), ours.spread.text(), reach, values, notes)
