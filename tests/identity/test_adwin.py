"""Changes of the mean of a stream."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.identity.adwin import Adwin, Cut


def changes(values: np.ndarray, **settings: float) -> list[tuple[int, Cut]]:
    """Return the changes with the number of values after which each was found."""
    detector = Adwin(**settings)  # type: ignore[arg-type]
    found = ((number + 1, detector.add(value)) for number, value in enumerate(values.tolist()))
    return [(number, cut) for number, cut in found if cut is not None]


def test_a_jump_is_found_and_placed() -> None:
    """Soon after it, with both means, and with the number of values since."""
    random = np.random.default_rng(0)
    values = np.concatenate([random.normal(0.3, 0.05, 300), random.normal(0.7, 0.05, 100)])
    number, cut = changes(values)[0]
    assert 306 <= number <= 330
    assert (cut.before, cut.after) == (pytest.approx(0.3, abs=0.03), pytest.approx(0.7, abs=0.1))
    assert abs(number - cut.newer - 300) <= 3


def test_it_goes_on_after_a_change() -> None:
    """What was before is dropped, so that the way back is a change again."""
    values = np.concatenate([np.full(200, 0.1), np.full(200, 0.9), np.full(200, 0.1)])
    assert [round(cut.after) for _, cut in changes(values)] == [1, 0]


def test_false_alarms_are_rarer_than_delta_promises() -> None:
    """Of fifty streams that never change, of each of three shapes, none alarms."""
    random = np.random.default_rng(1)
    for draw in (random.random, lambda n: random.beta(0.3, 0.3, n), lambda n: (random.random(n) < 0.05).astype(float)):
        assert sum(bool(changes(draw(300))) for _ in range(50)) == 0


def test_memory_grows_with_the_logarithm() -> None:
    """Five thousand values are kept in under 60 buckets, none lost, the larger ones older."""
    detector = Adwin()
    for _ in range(5_000):
        detector.add(0.5)
    assert detector.width == 5_000
    assert len(detector.counts) < 60
    assert detector.counts == sorted(detector.counts, reverse=True)


def test_buckets_say_what_the_values_say() -> None:
    """Count, sum and squares of the whole are those of the values, whatever was joined with what."""
    values = np.random.default_rng(2).random(777)
    detector = Adwin(delta=1e-9)
    assert [detector.add(value) for value in values.tolist()] == [None] * 777
    assert (detector.width, sum(detector.sums)) == (777, pytest.approx(values.sum()))
    assert sum(detector.squares) == pytest.approx((values**2).sum())
