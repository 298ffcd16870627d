"""Decision tree: one tree that a person can read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from headwise.models.families._delays import in_steps
from headwise.models.families._ensemble import graph_of
from headwise.models.families._scikit import tree_of


class DecisionTree(DecisionTreeClassifier):
    """scikit-learn's decision tree with bounded size.

    Parameters
    ----------
    max_leaf_nodes, max_depth, min_samples_leaf
        Bounds of the tree, as in scikit-learn.
    class_weight : str or dict or None
        As in scikit-learn: rare products count as much as chatty ones by default.
    delays : sequence of int or None
        Columns that hold delays, which are learned in steps.
    random_state : int or None
        Seed, which decides between splits that are equally good.
    """

    libraries: ClassVar[tuple[str, ...]] = ("scikit-learn", "numpy", "onnx")
    exceptions: ClassVar[dict[str, str]] = {
        "check_class_weight_classifiers": "it sets min_weight_fraction_leaf, which this family does not offer",
    }

    def __init__(
        self,
        *,
        max_leaf_nodes: int | None = 1024,
        max_depth: int | None = None,
        min_samples_leaf: int = 1,
        class_weight: str | dict[Any, float] | None = "balanced",
        delays: Sequence[int] | None = None,
        random_state: int | None = None,
    ) -> None:
        super().__init__(
            max_leaf_nodes=max_leaf_nodes,
            max_depth=max_depth,
            min_samples_leaf=min_samples_leaf,
            class_weight=class_weight,
            random_state=random_state,
        )
        self.delays = delays

    def fit(self, X: np.ndarray, y: np.ndarray, sample_weight: np.ndarray | None = None, check_input: bool = True) -> Self:
        """Learn from rows (n x columns, NaN where undefined) and their labels."""
        super().fit(in_steps(X, self.delays), y, sample_weight, check_input)
        return self

    def graph(self) -> bytes:
        """Return the fitted tree as ONNX."""
        return graph_of([tree_of(self, 1.0)], self.n_features_in_, len(self.classes_))
