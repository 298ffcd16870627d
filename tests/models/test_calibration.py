"""How sure is sure, learned on days set aside."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from headwise.models.calibration import Calibration, learn_calibration
from headwise.models.groups import GROUPS, Members, fit_members
from headwise.models.training import maker
from tests.models.synthetic import synthetic_windows


def learned(spread: float, classes: int = 6) -> Calibration:
    """Learn on windows whose classes overlap more, the wider they spread."""
    windows = synthetic_windows(classes=classes, days=5, each=12, spread=spread)
    make = maker("rfc", 0, {"n_estimators": 10}, 1)

    def fit(rows: np.ndarray) -> Members:
        return fit_members(make, GROUPS["all-device"], windows.features[rows], windows.product[rows])

    return learn_calibration(windows, windows.features, windows.product, fit)


def test_nearly_all_known_devices_keep_their_name_and_strangers_do_not() -> None:
    """Where classes lie apart the threshold keeps the known and refuses what the model was never shown."""
    found = learned(spread=1.0)
    assert found.scores["known_kept"] >= 0.9
    assert found.scores["strangers_refused"] > 0.8
    assert found.scores["macro_f1"] > 0.99
    assert 1 / 6 < found.unknown_below <= 0.99


def test_classes_that_overlap_lower_the_threshold() -> None:
    """Where a model is rarely sure, less is asked of it."""
    assert learned(spread=12.0).unknown_below < learned(spread=1.0).unknown_below


def test_two_classes_leave_no_stranger_to_learn_from() -> None:
    """With two classes none is left out, and the threshold keeps the known ones alone."""
    found = learned(spread=1.0, classes=2)
    assert "strangers_refused" not in found.scores
    assert np.isfinite(found.unknown_below)
