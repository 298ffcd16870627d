"""Classes that a model takes for each other."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from headwise.models.families.etc import ExtraTrees

COLUMNS = 60


def rows(seed: int, each: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of two classes that differ in one of sixty columns only, and of a third that is far from both."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(3 * each, COLUMNS)).astype(np.float32)
    values[each : 2 * each, 7] += 3
    values[2 * each :] += 4
    return values, np.repeat(["plug-1", "plug-2", "kettle"], each)


def test_twins_are_found_and_told_apart() -> None:
    """Two classes that one column tells apart are a group of twins, the third is none, and specialists are right more often."""
    values, truth = rows(1)
    later, expected = rows(2)
    model = ExtraTrees(40, random_state=0).fit(values, truth)
    alone = ExtraTrees(40, twins_above=1.0, random_state=0).fit(values, truth)
    assert [model.classes_[group].tolist() for group in model.twins_] == [["plug-1", "plug-2"]]
    assert alone.twins_ == []
    assert (model.predict(later) == expected).mean() > (alone.predict(later) == expected).mean() + 0.02


def test_specialists_share_out_what_the_group_got() -> None:
    """The sum over a group of twins, and the probability of the others, are those of the first trees."""
    values, truth = rows(1)
    model = ExtraTrees(20, random_state=0).fit(values, truth)
    group = model.twins_[0]
    later = rows(2)[0]
    first, found = model.trees_.predict_proba(later), model.predict_proba(later)
    assert found[:, group].sum(axis=1) == pytest.approx(first[:, group].sum(axis=1))
    others = np.setdiff1d(np.arange(3), group)
    assert np.array_equal(found[:, others], first[:, others])


def test_the_graph_holds_the_specialists_too() -> None:
    """ONNX Runtime gives what the model with twins gives, also where values are missing."""
    from headwise.models.runtime import OnnxRuntime

    values, truth = rows(1)
    model = ExtraTrees(20, random_state=0).fit(values, truth)
    later = rows(2)[0]
    later[np.random.default_rng(3).random(later.shape) < 0.1] = np.nan
    assert OnnxRuntime(model.graph(), "test").probabilities(later) == pytest.approx(model.predict_proba(later), abs=1e-5)


def test_two_classes_are_not_looked_at_again() -> None:
    """Where there are only two, however alike, the trees of the whole say it all."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(90, 6))
    two, three = np.repeat(["a", "b"], 45), np.repeat(["a", "b", "c"], 30)
    assert ExtraTrees(5, random_state=0).fit(rows, two).twins_ == []
    assert ExtraTrees(5, random_state=0).fit(rows, three).twins_ != []
