"""scikit-learn's fitted trees, node by node."""

from __future__ import annotations

from typing import Any

import numpy as np

from headwise.models.families._ensemble import Tree


def tree_of(fitted: Any, share: float) -> Tree:
    """Return a fitted tree whose leaves hold their classes' shares times `share`.

    Parameters
    ----------
    fitted : sklearn.tree.DecisionTreeClassifier
        After `fit`.
    share : float
        Of this tree in the sum: one over the number of trees.
    """
    inside = fitted.tree_
    counts = inside.value[:, 0, :]
    return Tree(
        feature=inside.feature,
        threshold=np.asarray(inside.threshold, np.float64),
        yes=inside.children_left,
        no=inside.children_right,
        missing=np.asarray(inside.missing_go_to_left, bool),
        value=counts / counts.sum(axis=1, keepdims=True) * share,
    )
