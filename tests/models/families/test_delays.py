"""Delays are learned in steps, and asked about as they are."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from headwise.models.families import family
from headwise.models.families._delays import in_steps
from headwise.models.runtime import OnnxRuntime

SIZE, DELAY = 0, 1


def answers(count: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Return windows of two products that differ by a hundredth of a millisecond, and now and then by a size."""
    random = np.random.default_rng(1)
    doorbell = np.arange(count) % 2 == 0
    delay = np.where(doorbell, 0.00433, 0.00434)
    size = np.where(random.random(count) < 0.3, np.where(doorbell, 99, 60), 28)
    return np.stack([size, delay], axis=1).astype(np.float32), np.where(doorbell, "doorbell", "plug")


def test_rounds_delays_to_a_tenth_of_a_decade() -> None:
    """Steps are a quarter apart, at every magnitude; what is no delay, or none at all, stays."""
    rows = np.array([[28.4, 0.00433], [0.0, 0.0], [-1.0, np.nan], [599.0, 601.0]], np.float32)
    kept = rows.copy()
    found = in_steps(rows, [DELAY])
    assert found[:, DELAY] == pytest.approx([10**-2.4, 0, np.nan, 10**2.8], rel=1e-5, nan_ok=True)
    assert found[:, SIZE].tolist() == rows[:, SIZE].tolist()
    assert np.array_equal(rows, kept, equal_nan=True)
    assert in_steps(rows, ()) is rows


@pytest.mark.parametrize("name", ["rfc", "etc", "dtc"])
def test_no_tree_rests_on_the_last_digits_of_a_delay(name: str) -> None:
    """Windows that differ by less than a step alone are as likely of the one product as of the other; without steps they are not."""
    rows, labels = answers()
    alike = rows[rows[:, SIZE] == 28]
    fine, coarse = (family(name)().set_params(random_state=0, delays=delays).fit(rows, labels) for delays in (None, [DELAY]))
    assert np.ptp(fine.predict_proba(alike)[:, 0]) > 0.9
    assert np.ptp(coarse.predict_proba(alike)[:, 0]) == 0
    assert coarse.predict(rows[rows[:, SIZE] != 28]).tolist() == labels[rows[:, SIZE] != 28].tolist()


@pytest.mark.parametrize("name", ["rfc", "etc", "dtc"])
def test_delays_that_are_apart_are_told(name: str) -> None:
    """What differs by a few steps is learned, and the graph is asked with delays as they are."""
    rows, labels = answers()
    rows[:, DELAY] = np.where(labels == "plug", 0.0087, 0.00433) * np.random.default_rng(2).uniform(0.95, 1.05, len(rows))
    model = family(name)().set_params(random_state=0, delays=[DELAY]).fit(rows, labels)
    found = OnnxRuntime(model.graph(), "a graph").probabilities(rows)
    assert model.classes_[found.argmax(axis=1)].tolist() == labels.tolist()
