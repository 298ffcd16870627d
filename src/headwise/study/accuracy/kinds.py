"""Rows 9 and 10: the category of a device in a test-bed that was never seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from headwise.study.accuracy.abroad import Abroad, beds_away, beds_by_product, by_votes
from headwise.study.accuracy.beds import every_bed
from headwise.study.accuracy.contenders import PLAIN
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.measures import most_named, right_of_surest
from headwise.study.accuracy.row import Row, Say, Spread, in_words
from headwise.study.accuracy.splits import of_units
from headwise.testbeds import LabelledWindows

TRUSTED = 0.9


@dataclass
class Answers:
    """For each seed how sure of the likeliest category of each unit, and whether it is right."""

    sure: list[np.ndarray] = field(default_factory=list)
    right: list[np.ndarray] = field(default_factory=list)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, truth: dict[str, str], found: Iterable[Abroad]) -> None:
        """Count what came of one seed in."""
        called = [
            (truth[unit], str(each.categories[likely.argmax()]), float(likely.max()))
            for each in found
            for unit, likely in zip(each.votes.units.tolist(), each.kinds, strict=True)
        ]
        self.sure.append(np.array([sure for _, _, sure in called]))
        self.right.append(np.array([is_one == said for is_one, said, _ in called]))
        self.confused.update((is_one, said) for is_one, said, _ in called if is_one != said)

    @property
    def always(self) -> Spread:
        """Share right where each unit gets an answer."""
        return Spread.of(right.mean() for right in self.right)

    def surest(self, share: float) -> Spread:
        """Share right among the surest."""
        return Spread.of(right_of_surest(sure, right, share) for sure, right in zip(self.sure, self.right, strict=True))

    def trusted(self) -> Spread:
        """Largest share that can be named with nine in ten right."""
        return Spread.of(most_named(sure, right, TRUSTED) for sure, right in zip(self.sure, self.right, strict=True))


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the lines of rows 9 and 10."""
    windows = every_bed(data, say)
    if windows is None:
        return []
    truth = of_units(windows, windows.category)
    plain, ours = Answers(), {False: Answers(), True: Answers()}
    kinds = replace(windows, product=windows.category)
    for seed in effort.places:
        found = [by_votes(kinds, away, PLAIN, seed, effort.jobs) for away in beds_away(kinds)]
        plain.add(truth, [replace(each, categories=each.classes, kinds=each.votes.probabilities) for each in found])
        say(f"row 9, seed {seed}: plain {plain.always.text()}")
        for vendor, answers in ours.items():
            answers.add(truth, [each[vendor] for each in beds_by_product(data, seed, effort.jobs)])
            say(f"row 9, seed {seed}, vendor {'on' if vendor else 'off'}: {answers.always.text()}")
    always = [_always(windows, vendor, plain, answers) for vendor, answers in ours.items()]
    return [*always, *(_abstaining(vendor, plain, answers) for vendor, answers in ours.items())]


def _always(windows: LabelledWindows, vendor: bool, plain: Answers, ours: Answers) -> Row:
    units = Counter(of_units(windows, windows.category).values())
    name, count = units.most_common(1)[0]
    which = (
        f"Always answering '{name}' would be right for {count} of {units.total()} units. The plain forest is trained on categories, "
        "headwise on products."
    )
    return Row(
        9,
        f"category of a device in a test-bed never trained on, per unit, always answering, vendor {'on' if vendor else 'off'}",
        "all",
        plain.always.text(),
        ours.always.text(),
        "0.80" if vendor else "0.65",
        values={"plain": plain.always.mean, "headwise": ours.always.mean, "always the commonest": count / units.total()},
        notes=[*([] if vendor else [which]), f"What headwise takes for what, all seeds together: {in_words(ours.confused)}."],
    )


def _abstaining(vendor: bool, plain: Answers, ours: Answers) -> Row:
    share = 0.7 if vendor else 0.5
    cells = [
        f"{each.surest(share).mean:.3f} at {share:.0%}; 0.90 at {each.trusted().mean:.0%}; {each.surest(0.3).mean:.3f} at 30%"
        for each in (plain, ours)
    ]
    return Row(
        10,
        f"the same when it may abstain: right among the surest units, and share named, vendor {'on' if vendor else 'off'}",
        "all",
        cells[0],
        cells[1],
        f"0.90 at {share:.0%}",
        values={"plain": plain.surest(share).mean, "headwise": ours.surest(share).mean, "headwise, share at 0.90": ours.trusted().mean},
        notes=[]
        if vendor
        else ["Units are named in the order of how sure they are, and the share at 0.90 is the largest with so many right."],
    )
