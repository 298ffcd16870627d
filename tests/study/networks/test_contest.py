"""What contestants' answers are worth."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from headwise.models.folds import last_days
from headwise.study.networks.contest import ABLATION, CONTESTANTS, Answer, Contestant, answer, average, by_unit, figures
from headwise.study.networks.trials import Trial
from tests.machine import lacking
from tests.models.synthetic import synthetic_windows

PRODUCTS = np.array([f"product-{number}" for number in range(4)])


def test_a_contestant_learns_earlier_windows_and_names_later_ones() -> None:
    """Trees and a network name windows of products that lie apart."""
    windows = synthetic_windows(days=3)
    trial = Trial("all", np.flatnonzero(windows.start < windows.start.max() // 2), np.flatnonzero(windows.start > windows.start.max() // 2))
    quick = {"sequence_length": 0, "least_steps": 60, "epochs": 1, "learning_rate": 1e-2}
    for contestant in (Contestant("etc", {"n_estimators": 30}), Contestant("hybrid", quick)):
        try:
            said = answer(windows, trial, contestant, 0)
        except ModuleNotFoundError as error:
            lacking(f"{error.name} is not installed: {contestant.family} cannot be trained")
        assert figures(windows, trial, said)["all"][0] > 0.9
        assert figures(windows, trial, said)["units"] == [1.0]


def test_days_that_are_spared_are_not_learned() -> None:
    """What the last day's windows are called changes what is learned, but not where they are spared."""
    windows = synthetic_windows(days=3)
    train, test = np.flatnonzero(windows.start < windows.start.max() // 2), np.flatnonzero(windows.start > windows.start.max() // 2)
    last = train[last_days(windows.start[train], windows.product[train])]
    swapped = windows.product.copy()
    swapped[last] = np.roll(swapped[last], len(last) // 2)
    twisted = dataclasses.replace(windows, product=swapped)
    for spares in (False, True):
        contestant = Contestant("etc", {"n_estimators": 10}, spares)
        one, other = (answer(each, Trial("all", train, test), contestant, 0).probabilities for each in (windows, twisted))
        assert np.array_equal(one, other) == spares


def test_places_are_scored_by_the_rank_of_each_unit() -> None:
    """A unit whose product is second counts among three, not as first, and its rank as a half."""
    windows = synthetic_windows(classes=4, days=1, each=2)
    sure = np.full((8, 4), 0.1)
    sure[:, 1] = 0.6
    sure[:, 0] = 0.2
    found = figures(windows, Trial("places", np.arange(0), np.arange(8)), Answer(PRODUCTS, sure))
    assert found["first"] == [0, 1, 0, 0]
    assert found["three"][:2] == [1, 1]
    assert found["rank"][:2] == [0.5, 1]


def test_units_are_called_what_their_windows_say_together() -> None:
    """One sure window outvotes two that are a little against it, and no window has a veto."""
    names, votes = by_unit(np.array(["a", "a", "a", "b"]), np.array([[0.99, 0.01], [0.4, 0.6], [0.4, 0.6], [0.0, 1.0]]))
    assert names.tolist() == ["a", "b"]
    assert votes.argmax(axis=1).tolist() == [0, 1]
    assert votes[1, 0] == pytest.approx(0.005 / 1.005)


def test_average_is_of_probabilities() -> None:
    """Two answers weigh the same."""
    one, two = Answer(PRODUCTS[:2], np.array([[1.0, 0.0]])), Answer(PRODUCTS[:2], np.array([[0.2, 0.8]]))
    assert average([one, two]).probabilities.tolist() == [[0.6, 0.4]]


def test_every_contestant_can_be_made() -> None:
    """Each name stands for a family that takes its parameters."""
    from headwise.models.training import maker

    for contestant in [*CONTESTANTS.values(), *ABLATION.values()]:
        try:
            made = maker(contestant.family, 0, contestant.parameters, 1)()
        except ModuleNotFoundError as error:
            lacking(f"{error.name} is not installed: {contestant.family} cannot be trained")
        assert contestant.parameters.items() <= made.get_params().items()
