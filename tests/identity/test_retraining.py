"""A night's candidate, and what it is compared with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.identity.retraining import reference, split_replay
from headwise.models import How, load_model, read_trainable, retrain
from headwise.study.replay_home import called, days_of
from headwise.testbeds import LabelledWindows
from tests.identity.homes import small_model


def test_each_product_of_a_replay_sample_is_learned_and_checked(stevens: LabelledWindows) -> None:
    """Every other window of each product; one of which there is a single window is learned, or it would be forgotten."""
    single = np.flatnonzero(stevens.product == "ring-chime")[:1]
    rows = np.concatenate([single, np.flatnonzero(stevens.product == "tenvis-camera")[:7]])
    learn, check = split_replay(stevens.select(rows))
    assert learn.product.tolist().count("ring-chime") == 1
    assert (learn.product.tolist().count("tenvis-camera"), check.product.tolist().count("tenvis-camera")) == (4, 3)


def test_a_base_model_is_not_asked_what_it_learned_by_heart(stevens: LabelledWindows, tmp_path: Path) -> None:
    """In its place stands one that learned half of its sample, and leaves no file; a model of a later night stands for itself."""
    path = small_model(days_of(stevens)[2], tmp_path / "base.headwise")
    base, model = read_trainable(path), load_model(path)
    assert base.replay is not None
    _, check = split_replay(base.replay)
    stands = reference(base, model, How(jobs=1), tmp_path / "000001.headwise")
    assert stands is not model
    assert (called(stands, check) == check.product).mean() > 0.9
    assert [each.name for each in tmp_path.iterdir()] == ["base.headwise"]
    retrain(base, days_of(stevens)[3], How(jobs=1)).save(tmp_path / "later.headwise")
    later = load_model(tmp_path / "later.headwise")
    assert reference(base, later, How(jobs=1), tmp_path / "000002.headwise") is later
