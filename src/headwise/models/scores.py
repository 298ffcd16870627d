"""How right a model was: scores of predicted against true labels, in NumPy alone.

Averages are over the classes that are present in the truth. A class that was predicted but is not there has no
score of its own in them; each such prediction lowers the recall of the class it should have been.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ClassScore:
    """Scores of one class, each 0 to 1; a ratio whose divisor is 0 is 0."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Scores:
    """Scores of a set of predictions.

    Attributes
    ----------
    macro_f1, weighted_f1 : float
        Mean of the F1 of the classes present in the truth: plain, and weighted by how often each is there.
    balanced_accuracy : float
        Mean of their recalls.
    accuracy : float
        Share of right predictions.
    count : int
        Predictions scored. With none, the averages are NaN.
    classes : dict of str to ClassScore
        Of each class present in the truth or predicted, in the order of `labels`.
    labels : list of str
        Sorted.
    confusion : int64 array of k x k
        Rows are the truth, columns what was predicted.
    """

    macro_f1: float
    weighted_f1: float
    balanced_accuracy: float
    accuracy: float
    count: int
    classes: dict[str, ClassScore]
    labels: list[str]
    confusion: np.ndarray


def score(truth: np.ndarray, predicted: np.ndarray) -> Scores:
    """Score predicted labels against true ones.

    Parameters
    ----------
    truth, predicted : arrays of str, of equal length
        One label a row.
    """
    labels, confusion = confuse(truth, predicted)
    hits, support, claimed = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    precision, recall, f1 = _ratio(hits, claimed), _ratio(hits, support), _ratio(2 * hits, claimed + support)
    there = support > 0
    return Scores(
        macro_f1=_mean(f1[there]),
        weighted_f1=float(np.average(f1[there], weights=support[there])) if there.any() else float("nan"),
        balanced_accuracy=_mean(recall[there]),
        accuracy=float(hits.sum() / support.sum()) if there.any() else float("nan"),
        count=int(support.sum()),
        classes={
            label: ClassScore(float(p), float(r), float(f), int(s))
            for label, p, r, f, s in zip(labels, precision, recall, f1, support, strict=True)
        },
        labels=labels,
        confusion=confusion,
    )


def confuse(truth: np.ndarray, predicted: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Return the labels of either side, sorted, and how often each true one (row) was predicted as which (column)."""
    labels = sorted({*truth.tolist(), *predicted.tolist()})
    place = {label: index for index, label in enumerate(labels)}
    rows, columns = ([place[label] for label in side.tolist()] for side in (truth, predicted))
    matrix = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(matrix, (np.array(rows, int), np.array(columns, int)), 1)
    return labels, matrix


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
