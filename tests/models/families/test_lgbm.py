"""Boosted trees."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("lightgbm", reason="LightGBM is not installed")

from headwise.models.families.lgbm import BoostedTrees


def test_rare_classes_are_learned_and_do_not_spoil_the_large_ones() -> None:
    """Of forty classes, five with hundreds of rows and the rest with three each, both are named; without the ridge, rare ones less."""
    centres = np.random.default_rng(9).normal(scale=2, size=(40, 30))
    counts = np.array([400] * 5 + [3] * 35)

    def rows(seed: int) -> tuple[np.ndarray, np.ndarray]:
        kind = np.repeat(np.arange(40), counts)
        return (centres[kind] + np.random.default_rng(seed).normal(size=(len(kind), 30))).astype(np.float32), kind

    def right(**parameters: float) -> tuple[float, float]:
        (X, y), model = rows(2), BoostedTrees(rounds=30, random_state=0).set_params(**parameters)
        found = model.fit(*rows(1)).predict(X) == y
        return float(found[y < 5].mean()), float(found[y >= 5].mean())

    large, rare = right()
    assert large > 0.99
    assert rare > 0.68 > right(ridge=0.0)[1]
