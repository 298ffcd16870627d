"""Classes that a model takes for each other, and the trees that tell those apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from headwise.models.families._ensemble import Tree
from headwise.models.families._scikit import tree_of


def twins(
    rows: np.ndarray, target: np.ndarray, classes: int, above: float, folds: int, fit: Callable[[np.ndarray], Any]
) -> list[np.ndarray]:
    """Return the groups of classes that are taken for each other on rows set aside.

    Parameters
    ----------
    rows : float array of n x columns
        In the order of time.
    target : int array of n
        Class of each row.
    above : float
        Two classes belong together where one gets so much of the probability of the other's rows.
    fit : callable
        Gives a fitted model for a mask of rows.
    """
    given = np.zeros((classes, classes))
    fold = _fold_of(target, classes, folds)
    for number in range(folds):
        learn = fold != number
        if len(np.unique(target[learn])) < 2 or learn.all():
            continue
        model = fit(learn)
        found = np.zeros(((~learn).sum(), classes))
        found[:, model.classes_] = model.predict_proba(rows[~learn])
        np.add.at(given, target[~learn], found)
    share = given / np.maximum(given.sum(axis=1, keepdims=True), 1e-12)
    return _linked(np.maximum(share, share.T) > above)


def spread(groups: Sequence[np.ndarray], classes: int) -> np.ndarray:
    """Return the matrix (classes x classes) that gives each class the sum of its group; one alone keeps its own."""
    matrix = np.eye(classes, dtype=np.float32)
    for group in groups:
        matrix[np.ix_(group, group)] = 1
    return matrix


def specialist_trees(groups: Sequence[np.ndarray], specialists: Sequence[Any], classes: int) -> Iterator[Tree]:
    """Yield the trees that share out what a group got: their sum is 1 in each group, and 1 for each class alone."""
    alone = np.ones(classes)
    for group, specialist in zip(groups, specialists, strict=True):
        alone[group] = 0
        for tree in specialist.estimators_:
            narrow = tree_of(tree, 1 / len(specialist.estimators_))
            value = np.zeros((len(narrow.value), classes))
            value[:, group] = narrow.value
            yield Tree(narrow.feature, narrow.threshold, narrow.yes, narrow.no, narrow.missing, value)
    if alone.any():
        leaf = np.array([-1])
        yield Tree(np.array([0]), np.array([0.0]), leaf, leaf, np.array([False]), alone[None, :])


def _fold_of(target: np.ndarray, classes: int, folds: int) -> np.ndarray:
    # Rows of a class that follow each other stay together: neighbours in time are too much alike.
    fold = np.zeros(len(target), int)
    for one in range(classes):
        own = np.flatnonzero(target == one)
        fold[own] = np.arange(len(own)) * folds // max(len(own), 1)
    return fold


def _linked(pairs: np.ndarray) -> list[np.ndarray]:
    group = np.arange(len(pairs))
    for one, other in zip(*np.nonzero(np.triu(pairs, 1)), strict=True):
        group[group == group[other]] = group[one]
    members = [np.flatnonzero(group == number) for number in np.unique(group)]
    return [each for each in members if len(each) > 1]
