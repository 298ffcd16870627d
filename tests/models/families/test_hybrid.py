"""The network that knows values by heart."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")
pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from headwise.models.families.fc import FullyConnected
from headwise.models.families.hybrid import Hybrid, groups_of
from headwise.windows import names
from headwise.windows.catalogue import catalogue

QUICK = {"sequence_length": 0, "epochs": 1, "least_steps": 150, "learning_rate": 1e-2, "random_state": 0}


def lengths(seed: int, rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of two products whose lengths lie between each other: 510, 514, 518 against 512, 516, 520."""
    random = np.random.default_rng(seed)
    kind = random.integers(0, 2, rows)
    columns = 510 + 2 * kind[:, None] + 4 * random.integers(0, 3, (rows, 6)) + 0.0
    columns[random.random(columns.shape) < 0.3] = np.nan
    return columns.astype(np.float32), np.array(["lamp", "plug"])[kind]


def test_lengths_are_names() -> None:
    """Products whose lengths lie between each other are told apart, which a network that sees only scales does not learn."""
    X, y = lengths(2)
    plain = FullyConnected(sequence_length=0, epochs=15, learning_rate=5e-3).fit(*lengths(1))
    assert (Hybrid(**QUICK).fit(*lengths(1)).predict(X) == y).mean() > 0.95 > (plain.predict(X) == y).mean() + 0.1


def test_learns_from_rows_that_would_tell_when_to_stop() -> None:
    """It stops after a fixed number of steps, so rows marked for validation are learned from like all others."""
    X, y = lengths(1)
    one, two = (Hybrid(**QUICK).set_params(least_steps=10).fit(X, y, validation=held) for held in (None, np.arange(len(y)) > 300))
    np.testing.assert_array_equal(one.predict_proba(X), two.predict_proba(X))


def test_what_is_forgotten_together_survives_a_file() -> None:
    """A network made of another's weights retrains to the same weights: its inputs belong to the same features."""
    X, y = lengths(1)
    one = Hybrid(**QUICK).set_params(least_steps=10).fit(X, y)
    two = Hybrid(**QUICK).load_weights(one.weights(), one.classes_, X.shape[1])
    for model in (one, two):
        model.retrain(X, y)
    np.testing.assert_array_equal(one.predict_proba(X), two.predict_proba(X))


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 10, 20])
def test_any_number_of_steps_is_enough(steps: int) -> None:
    """The rate rises and falls over however few steps there are."""
    X, y = lengths(1, 64)
    assert len(Hybrid(**QUICK).set_params(least_steps=steps).fit(X, y).losses_) == steps


def test_few_rows_are_learned_as_long_as_many() -> None:
    """It takes no fewer steps than it is told, and no fewer passes."""
    X, y = lengths(1, 128 * 3)
    for epochs, least, passes in ((1, 10, 4), (6, 10, 6)):
        assert len(Hybrid(**QUICK).set_params(epochs=epochs, least_steps=least).fit(X, y).losses_) == passes


def test_forgets_by_groups_of_the_catalogue() -> None:
    """The features' groups are those of the catalogue and packets are one more; unknown columns are each a group."""
    group = groups_of(len(names()))
    assert len(group) == len(names()) + 1
    assert len(np.unique(group)) == len({feature.group for feature in catalogue()}) + 1
    assert groups_of(3).tolist() == [0, 1, 2, 3]


def test_is_as_small_as_the_published_networks() -> None:
    """With the catalogue's features, 32 packets and 72 products its weights take less than a megabyte."""
    X = np.random.default_rng(0).normal(size=(144, len(names()) + 32 * 4)).astype(np.float32)
    model = Hybrid(epochs=1, least_steps=1).fit(X, np.arange(144) % 72)
    assert sum(value.nbytes for value in model.weights().values()) < 2**20
