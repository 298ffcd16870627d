"""Rows 8 and 12: a product that was seen in one test-bed, in another that was never seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headwise.models.lines import of_known_line
from headwise.study.accuracy.abroad import Abroad, beds_away, beds_by_product, by_votes, products_away, products_by_product
from headwise.study.accuracy.beds import every_bed
from headwise.study.accuracy.contenders import PLAIN, Contender
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.measures import auroc
from headwise.study.accuracy.row import Row, Say, Spread, in_words, table
from headwise.study.accuracy.splits import of_units, shared
from headwise.testbeds import LabelledWindows

FEW = 3
WHOLE, ONE = "the whole test-bed never seen", "only the product not seen there"
REACH = {False: "9, 12 of 15", True: "12, 14 of 15"}


@dataclass
class Found:
    """Where the right product of each unit stands among what it may be, by seed.

    Also how well the known are told from the unknown: from all, and from those whose line is not known either.
    """

    ranks: dict[str, list[int]] = field(default_factory=dict)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    separated: list[float] = field(default_factory=list)
    apart: list[float] = field(default_factory=list)

    def add(self, abroad: Iterable[Abroad], product: dict[str, str]) -> None:
        """Count what came of one seed in."""
        known: list[float] = []
        strange: list[tuple[float, bool]] = []
        for each in abroad:
            units = list(_ranked(each, product))
            for unit, rank, called in units:
                self.ranks.setdefault(unit, []).append(rank)
                self.confused.update([(product[unit], called)] * (rank > 1))
            # Where no unit is of a known product there is a new place alone, and nothing to compare it with.
            if units:
                classes = tuple(each.classes.tolist())
                for unit, sure in zip(each.votes.units.tolist(), each.votes.sure.tolist(), strict=True):
                    if product[unit] in classes:
                        known.append(sure)
                    else:
                        strange.append((sure, bool(of_known_line([product[unit]], classes)[0])))
        self.separated.append(auroc(np.array(known), np.array([sure for sure, _ in strange])))
        self.apart.append(auroc(np.array(known), np.array([sure for sure, related in strange if not related])))

    def firsts(self, most: int = 1) -> Spread:
        """Return how many units have the right product among the first so many, of each seed."""
        return Spread.of(np.sum([np.array(each) <= most for each in self.ranks.values()], axis=0).tolist())

    def text(self) -> str:
        """Return it as a cell."""
        return f"first {self.firsts().mean:.1f}, among three {self.firsts(FEW).mean:.1f} of {len(self.ranks)}"


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the lines of rows 8 and 12."""
    windows = every_bed(data, say)
    if windows is None:
        return []
    if not shared(windows):
        say("no product is in two test-beds: rows 8 and 12 are left out")
        return []
    product = of_units(windows, windows.product)
    whole, one = Found(), Found()
    ours = {(what, vendor): Found() for what in (WHOLE, ONE) for vendor in (False, True)}
    for seed in effort.places:
        whole.add([by_votes(windows, away, PLAIN, seed, effort.jobs) for away in beds_away(windows)], product)
        one.add([by_votes(windows, away, PLAIN, seed, effort.jobs) for away in products_away(windows)], product)
        say(f"row 8, seed {seed}: plain {whole.text()}, {one.text()}")
        for vendor in (False, True):
            ours[WHOLE, vendor].add((each[vendor] for each in beds_by_product(data, seed, effort.jobs)), product)
            ours[ONE, vendor].add((each[vendor] for each in products_by_product(data, seed, effort.jobs)), product)
            say(f"row 8, seed {seed}, vendor {_switch(vendor)}: {ours[WHOLE, vendor].text()}, {ours[ONE, vendor].text()}")
    ranked = [_ranks(what, vendor, plain, ours[what, vendor]) for what, plain in ((WHOLE, whole), (ONE, one)) for vendor in (False, True)]
    return [*ranked, *(row for vendor in (False, True) for row in _strangers(vendor, whole, ours[WHOLE, vendor]))]


def place(windows: LabelledWindows, contender: Contender, effort: Effort) -> Found:
    """Leave out each test-bed that shares a product with another, and let the windows of each unit vote."""
    beds = {bed for _, bed in shared(windows)}
    found = Found()
    for seed in effort.seeds:
        away = [each for each in beds_away(windows) if beds.intersection(windows.testbed[each[1]].tolist())]
        found.add([by_votes(windows, each, contender, seed, effort.jobs) for each in away], of_units(windows, windows.product))
    return found


def _ranked(abroad: Abroad, product: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    """Yield each unit whose product is known, the rank of that, and what was likeliest."""
    for unit, probabilities in zip(abroad.votes.units.tolist(), abroad.votes.probabilities, strict=True):
        own = np.flatnonzero(abroad.classes == product[unit])
        if len(own):
            rank = int((probabilities > probabilities[own[0]]).sum()) + 1
            yield unit, rank, str(abroad.classes[int(probabilities.argmax())])


def _ranks(what: str, vendor: bool, plain: Found, ours: Found) -> Row:
    values = {
        f"{name}, {count}": spread.mean
        for name, each in (("plain", plain), ("headwise", ours))
        for count, spread in (("first", each.firsts()), ("among three", each.firsts(FEW)))
    }
    ranks = [[unit, ", ".join(map(str, sorted(plain.ranks[unit]))), ", ".join(map(str, sorted(each)))] for unit, each in ours.ranks.items()]
    return Row(
        8,
        f"a product seen in one test-bed, named in another ({what}), per unit, vendor {_switch(vendor)}",
        "all pairs",
        plain.text(),
        ours.text(),
        REACH[vendor] if what == WHOLE else "-",
        values=values,
        notes=[f"What headwise says instead, all seeds together: {in_words(ours.confused, 12)}."],
        details=[f"Rank of the right product, {what}, vendor {_switch(vendor)}:", "", *table(["unit", "plain", "headwise"], ranks)],
    )


def _strangers(vendor: bool, plain: Found, ours: Found) -> Iterator[Row]:
    for what, name in (("", "separated"), (", unknown products of a line that is known not counted", "apart")):
        before, after = Spread.of(getattr(plain, name)), Spread.of(getattr(ours, name))
        if what and not np.isfinite(after.mean):
            continue
        yield Row(
            12,
            f"a known product in a new place against an unknown product there{what}: AUROC per unit, vendor {_switch(vendor)}",
            "pairs against left-out",
            before.text(),
            after.text(),
            "0.85",
            values={"plain": before.mean, "headwise": after.mean},
            notes=[] if vendor or what else [_WHO],
        )


def _switch(vendor: bool) -> str:
    return "on" if vendor else "off"


_WHO = (
    "Of every test-bed that was left out whole and shares a product with another, all units count: those of shared products as known, the "
    "others as unknown. How sure: of the plain forest the probability of the likeliest product, of headwise what decides on unknown."
)
