"""Row 11: units of products that a model has not seen, in test-beds that it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headwise.models.lines import of_known_line
from headwise.study.accuracy.asked import ask, trained_as
from headwise.study.accuracy.beds import every_bed
from headwise.study.accuracy.contenders import OURS, PLAIN, Contender, fit, votes
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.measures import auroc, kept_right
from headwise.study.accuracy.row import Row, Say, Spread, in_words
from headwise.study.accuracy.splits import at_most, each_units, of_units
from headwise.testbeds import LabelledWindows

FOLDS = 5
# A chatty unit is as sure after so many windows as after thousands.
MOST_SCORED = 60


@dataclass(frozen=True)
class Heard:
    """A unit, as a model called it that may not know its product."""

    product: str
    called: str
    sure: float
    known: bool
    related: bool

    @property
    def right(self) -> bool:
        """Whether it was called what it is."""
        return self.called == self.product


@dataclass(frozen=True)
class Told:
    """How well known units are told from unknown ones: AUROC; shares of the known kept right, and kept."""

    auroc: Spread
    right: Spread
    kept: Spread

    @classmethod
    def of(cls, draws: list[list[Heard]]) -> Told:
        """Measure each draw."""
        measured = [_measured(each) for each in draws]
        return cls(*(Spread.of(values) for values in zip(*measured, strict=True)))

    def text(self) -> str:
        """Return it as a cell."""
        return f"{self.auroc.mean:.3f}; {self.right.mean:.3f}"


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the two lines of row 11."""
    windows = every_bed(data, say)
    if windows is None or len(set(windows.product.tolist())) <= FOLDS or not len(each_units(windows)[1]):
        return []
    found: dict[str, list[list[Heard]]] = {PLAIN.name: [], OURS.name: []}
    for draw in range(effort.draws):
        for contender in (PLAIN, OURS):
            found[contender.name].append(list(hear(windows, contender, draw, effort, as_product=contender is OURS)))
        say(f"row 11, draw {draw}: plain {Told.of(found[PLAIN.name]).text()}, headwise {Told.of(found[OURS.name]).text()}")
    return _rows(found)


def hear(windows: LabelledWindows, contender: Contender, draw: int, effort: Effort, *, as_product: bool = False) -> Iterator[Heard]:
    """Leave each fifth of the products out in turn; yield what every unit's later windows are called.

    With `as_product` it is called by the product's own code, marks and all; otherwise its windows vote.
    """
    early, late = each_units(windows)
    scored = windows.select(at_most(windows, late, MOST_SCORED))
    product = of_units(scored, scored.product)
    products = np.random.default_rng(draw).permutation(np.unique(windows.product.astype(str)))
    for fold in range(FOLDS):
        train = at_most(windows, early[~np.isin(windows.product[early], products[fold::FOLDS])])
        call = _said if as_product else _votes
        for unit, called, sure, classes in call(windows.select(train), scored, contender, draw, effort.jobs):
            truth = product[unit]
            yield Heard(truth, called, sure, truth in classes, bool(of_known_line([truth], classes)[0]))


_Calls = Iterator[tuple[str, str, float, tuple[str, ...]]]
"""Of each unit what it was called, how sure that it is anything known, and the products that are known."""


def _votes(known: LabelledWindows, scored: LabelledWindows, contender: Contender, seed: int, jobs: int) -> _Calls:
    model = fit(contender, known, seed, jobs)
    found, classes = votes(contender, scored, model.probabilities(scored.features)), tuple(model.classes.tolist())
    for unit, best, sure in zip(found.units.tolist(), found.probabilities.argmax(axis=1).tolist(), found.sure.tolist(), strict=True):
        yield unit, classes[best], sure, classes


def _said(known: LabelledWindows, scored: LabelledWindows, contender: Contender, seed: int, jobs: int) -> _Calls:
    trained = trained_as(contender, known, seed, jobs)
    for said in ask(trained, scored, use_vendor=False):
        yield said.unit, said.verdict.product, said.verdict.known, trained.manifest.classes


def _measured(units: list[Heard]) -> tuple[float, float, float]:
    sure, known, right = (np.array([getattr(unit, name) for unit in units]) for name in ("sure", "known", "right"))
    return auroc(sure[known], sure[~known]), *kept_right(sure[known], right[known], sure[~known])


def _rows(found: dict[str, list[list[Heard]]]) -> list[Row]:
    strict = {name: Told.of(draws) for name, draws in found.items()}
    apart = {name: Told.of([[each for each in draw if each.known or not each.related] for draw in draws]) for name, draws in found.items()}
    ours = [each for draw in found[OURS.name] for each in draw]
    unknown = sorted((each for each in ours if not each.known), key=lambda each: -each.sure)
    surest = Counter((each.product, each.called) for each in unknown[: len(unknown) // 10])
    related = np.mean([each.related for each in unknown])
    return [
        _row(
            "",
            strict,
            [
                f"Of each product one fifth is left out of training in turn, {len(found[OURS.name])} draws; later windows of all units are "
                "scored. How sure: of the plain forest the probability of the likeliest product, of headwise what decides on unknown. "
                f"Of the known, headwise keeps {strict[OURS.name].kept.mean:.3f}, some under a wrong name.",
                f"The surest tenth of the unknown was called, by headwise: {in_words(surest, 12)}.",
            ],
        ),
        _row(
            ", unknown products of a line that is known not counted",
            apart,
            [f"{related:.0%} of the unknown are of a line of products that the model knows, so that the line's name is right for them."],
        ),
    ]


def _row(which: str, told: dict[str, Told], notes: list[str]) -> Row:
    values = {f"{name}, {what}": getattr(each, what).mean for name, each in told.items() for what in ("auroc", "right", "kept")}
    measure = f"unknown products{which}: AUROC per unit; known kept right at 95 % of the unknown found, vendor off"
    return Row(11, measure, "all", told[PLAIN.name].text(), told[OURS.name].text(), "0.95; 0.85", values, notes)
