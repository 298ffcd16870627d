"""Scores of predicted against true labels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headwise.models.scores import score


def labels(seed: int, count: int, classes: int) -> np.ndarray:
    """Random labels."""
    return np.array([f"class-{number}" for number in np.random.default_rng(seed).integers(0, classes, count)], object)


@pytest.mark.parametrize(("count", "true_classes", "called_classes"), [(200, 5, 5), (50, 3, 6), (50, 6, 3), (1, 1, 2)])
def test_scores_are_those_of_scikit_learn(count: int, true_classes: int, called_classes: int) -> None:
    """Averages over the classes present in the truth, each class's own scores, and the confusion are scikit-learn's."""
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    truth, called = labels(1, count, true_classes), labels(2, count, called_classes)
    scores = score(truth, called)
    present = sorted(set(truth))
    for average, ours in (("macro", scores.macro_f1), ("weighted", scores.weighted_f1)):
        assert ours == pytest.approx(metrics.f1_score(truth, called, labels=present, average=average, zero_division=0))
    assert scores.balanced_accuracy == pytest.approx(metrics.recall_score(truth, called, labels=present, average="macro", zero_division=0))
    assert scores.accuracy == pytest.approx(metrics.accuracy_score(truth, called))
    assert scores.confusion.tolist() == metrics.confusion_matrix(truth, called, labels=scores.labels).tolist()
    each = metrics.precision_recall_fscore_support(truth, called, labels=scores.labels, zero_division=0)
    for label, precision, recall, f1, support in zip(scores.labels, *each, strict=True):
        ours = scores.classes[label]
        assert (ours.precision, ours.recall, ours.f1, ours.support) == pytest.approx((precision, recall, f1, support))


def test_a_class_that_is_not_there_has_no_part_in_the_average() -> None:
    """Calling a plug a lamp where there is no lamp costs the plug its recall and nothing more."""
    scores = score(np.array(["plug", "plug"], object), np.array(["plug", "lamp"], object))
    assert scores.macro_f1 == pytest.approx(2 / 3)
    assert scores.classes["lamp"].support == 0


def test_nothing_to_score_is_no_number() -> None:
    """Without predictions averages are undefined, not 0."""
    scores = score(np.array([], object), np.array([], object))
    assert math.isnan(scores.macro_f1)
    assert scores.count == 0
    assert scores.labels == []
