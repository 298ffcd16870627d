"""Models that never saw a test-bed, or a product of it, and what they make of its units."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headwise.models.folds import FOLDS
from headwise.study.accuracy.asked import ask, trained_as
from headwise.study.accuracy.beds import every_bed
from headwise.study.accuracy.contenders import OURS, Contender, Votes, fit, votes
from headwise.study.accuracy.row import silent
from headwise.study.accuracy.splits import at_most, shared
from headwise.study.base_model import MOST_EVIDENCE, WINDOWS_A_UNIT
from headwise.testbeds import LabelledWindows

Away = tuple[np.ndarray, np.ndarray]
"""Of all windows, masks of those that may train and of those that are scored."""


@dataclass(frozen=True)
class Abroad:
    """What a model makes of the units of a test-bed that it never saw, or of one product there that it never saw there.

    Attributes
    ----------
    classes : array of str
        Products that it knows.
    votes : Votes
        Of the units, over the products.
    categories : array of str
        Empty where the model was not asked for them.
    kinds : float array of units x categories
        How likely each unit is of each.
    """

    classes: np.ndarray
    votes: Votes
    categories: np.ndarray
    kinds: np.ndarray


def beds_away(windows: LabelledWindows) -> Iterator[Away]:
    """Yield each test-bed left out whole."""
    for bed in np.unique(windows.testbed.astype(str)).tolist():
        yield windows.testbed != bed, windows.testbed == bed


def products_away(windows: LabelledWindows) -> Iterator[Away]:
    """Yield each product that is elsewhere too, left out of a test-bed."""
    for product, bed in shared(windows):
        away = (windows.product == product) & (windows.testbed == bed)
        yield ~away, away


def by_votes(windows: LabelledWindows, away: Away, contender: Contender, seed: int, jobs: int) -> Abroad:
    """Train a contender on what is not away, and add up the windows of each unit that is."""
    rows = at_most(windows, np.flatnonzero(away[0]))
    model = fit(contender, windows.select(rows), seed, jobs)
    scored = windows.select(away[1])
    found = votes(contender, scored, model.probabilities(scored.features))
    return Abroad(model.classes, found, np.zeros(0, object), np.zeros((len(found.units), 0)))


@functools.lru_cache(maxsize=8)
def beds_by_product(data: Path, seed: int, jobs: int) -> tuple[dict[bool, Abroad], ...]:
    """Leave each test-bed out in turn, and let headwise say what its units are, without and with the vendor of their MACs."""
    windows = every_bed(data, silent)
    if windows is None:
        return ()
    return tuple(_by_product(windows, away, seed, jobs, range(FOLDS)) for away in beds_away(windows))


@functools.lru_cache(maxsize=8)
def products_by_product(data: Path, seed: int, jobs: int) -> tuple[dict[bool, Abroad], ...]:
    """Leave each product that is elsewhere too out of a test-bed in turn; only its rank is asked for, so nothing is calibrated."""
    windows = every_bed(data, silent)
    if windows is None:
        return ()
    return tuple(_by_product(windows, away, seed, jobs, ()) for away in products_away(windows))


def _by_product(windows: LabelledWindows, away: Away, seed: int, jobs: int, turns: Sequence[int]) -> dict[bool, Abroad]:
    # As the model that comes with headwise is trained: it is the one that a home starts with.
    known = windows.select(at_most(windows, np.flatnonzero(away[0]), WINDOWS_A_UNIT))
    trained = trained_as(OURS, known, seed, jobs, turns, most_evidence=MOST_EVIDENCE)
    scored, categories = windows.select(away[1]), sorted(set(windows.category.tolist()))
    found = {}
    for use_vendor in (False, True):
        said = list(ask(trained, scored, use_vendor=use_vendor))
        found[use_vendor] = Abroad(
            np.array(trained.manifest.classes, object),
            Votes(
                np.array([each.unit for each in said]),
                np.array([each.verdict.probabilities for each in said]),
                np.array([each.verdict.known for each in said]),
            ),
            np.array(categories, object),
            np.array([[each.verdict.categories().get(name, 0.0) for name in categories] for each in said]),
        )
    return found
