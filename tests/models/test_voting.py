"""From windows to a device's name."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.models.voting import FLOOR, Votes, calibrate, each_against_rest, vote_by

RANDOM = np.random.default_rng(3)


def probabilities(count: int, classes: int = 4) -> np.ndarray:
    """Random probabilities."""
    return RANDOM.dirichlet(np.ones(classes), count)


def test_calibration_keeps_the_order_and_the_sum() -> None:
    """A temperature makes surer or less sure, but names the same class."""
    rows = probabilities(100)
    for temperature in (0.3, 1.0, 3.0):
        calibrated = calibrate(rows, temperature)
        assert calibrated.sum(axis=1) == pytest.approx(1)
        assert (calibrated.argmax(axis=1) == rows.argmax(axis=1)).all()
    assert calibrate(rows, 0.3).max(axis=1).mean() > rows.max(axis=1).mean() > calibrate(rows, 3.0).max(axis=1).mean()


def test_a_vote_is_the_geometric_mean() -> None:
    """Windows' probabilities are multiplied, rooted and scaled; one alone votes as it is."""
    rows = np.array([[0.8, 0.2], [0.5, 0.5], [0.9, 0.1]])
    keys = np.array(["a", "a", "b"])
    names, votes = vote_by(keys, rows)
    mean = np.sqrt(rows[0] * rows[1])
    assert names.tolist() == ["a", "b"]
    assert votes[0] == pytest.approx(mean / mean.sum())
    assert votes[1] == pytest.approx(rows[2])


def test_one_odd_window_does_not_rule_a_name_out() -> None:
    """A probability of 0 counts as a small one."""
    _, votes = vote_by(np.zeros(9, int), np.array([[1.0, 0.0]] * 8 + [[0.0, 1.0]]))
    assert votes[0].argmax() == 0
    assert 0 < FLOOR < votes[0][1] < 0.5


def test_votes_do_not_depend_on_how_windows_come() -> None:
    """Windows counted in one by one, in parts or at once vote the same."""
    rows, keys = probabilities(60), RANDOM.integers(0, 5, 60)
    at_once, in_parts = Votes(), Votes()
    at_once.add(keys, rows)
    for place in (*range(10), slice(10, 40), slice(40, 60)):
        in_parts.add(np.atleast_1d(keys[place]), np.atleast_2d(rows[place]))
    for key in range(5):
        assert in_parts.of(key) == pytest.approx(at_once.of(key))
    assert at_once.of("never seen") is None


def test_binary_models_together_give_probabilities() -> None:
    """Each class's own probability is scaled to a sum of 1; where all say no, all are as likely."""
    rows = each_against_rest(np.array([[0.9, 0.3], [0.0, 0.0]]))
    assert rows == pytest.approx(np.array([[0.75, 0.25], [0.5, 0.5]]))
