"""Whether one model is worse than another."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from headwise.identity.checking import LATER, REPLAY, compare
from headwise.testbeds import LabelledWindows
from tests.models.synthetic import synthetic_windows

CLASSES = ("product-0", "product-1", "product-2", "product-3")


class Calls:
    """A model that calls windows by a list."""

    def __init__(self, called: np.ndarray) -> None:
        self.called, self.manifest = called, SimpleNamespace(classes=CLASSES, label="device")

    def probabilities(self, features: np.ndarray, sequence: np.ndarray) -> np.ndarray:
        """Return 1 for the class that the list has."""
        return (self.called[:, None] == np.array(CLASSES, object)).astype(float)


def calling(windows: LabelledWindows, **wrong: int) -> Any:
    """Return a model that is right but for the first so many windows of a product, which it calls the next one."""
    called = windows.product.copy()
    for name, count in wrong.items():
        product = name.replace("_", "-")
        rows = np.flatnonzero(windows.product == product)[:count]
        called[rows] = CLASSES[(CLASSES.index(product) + 1) % 4]
    return Calls(called)


@pytest.fixture(scope="module")
def windows() -> LabelledWindows:
    """Two hundred windows of each of four products."""
    return synthetic_windows(4, 5, 40)


def test_on_later_windows_nothing_may_be_lost(windows: LabelledWindows) -> None:
    """One window less is worse; as many are not; one more is not."""
    right, one, two = (calling(windows, product_1=count) for count in (0, 1, 2))
    assert compare(one, one, windows, LATER).not_worse
    assert compare(two, one, windows, LATER).not_worse
    assert not compare(right, one, windows, LATER).not_worse


def test_on_the_replay_set_a_few_windows_may_be_lost(windows: LabelledWindows) -> None:
    """One in forty, since the model in use has learned them; not more, and not all of one product."""
    right = calling(windows)
    assert compare(right, calling(windows, product_1=10, product_2=10), windows, REPLAY).not_worse
    assert not compare(right, calling(windows, product_0=1, product_1=10, product_2=10), windows, REPLAY).not_worse
    assert not compare(calling(windows, product_0=40), calling(windows, product_1=31), windows, REPLAY).not_worse


def test_no_product_may_be_pulled_over_by_another_whatever_the_mean_says(windows: LabelledWindows) -> None:
    """A model that gains more than it loses is worse where it loses a product, and the check says which."""
    old, new = calling(windows, product_0=40), calling(windows, product_2=20)
    check = compare(old, new, windows, LATER)
    assert check.new > check.old
    assert (check.not_worse, list(check.lost)) == (False, ["product-2"])
    assert "recall of product-2 1.00 -> 0.90" in str(check)


def test_without_windows_nothing_is_worse(windows: LabelledWindows) -> None:
    """There is nothing to say, and JSON has no NaN."""
    check = compare(calling(windows), calling(windows), windows.select(np.zeros(0, int)), REPLAY)
    assert check.not_worse
    assert check.to_json() == {"on": "replay", "windows": 0, "old": None, "new": None, "missed": 0, "lost": {}}
