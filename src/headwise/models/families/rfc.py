"""Random forest: many trees, each on its own sample of windows, that look at few features at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from headwise.models.families._delays import in_steps
from headwise.models.families._ensemble import graph_of
from headwise.models.families._scikit import tree_of


class RandomForest(RandomForestClassifier):
    """scikit-learn's random forest with the size that a router can hold.

    Parameters
    ----------
    n_estimators : int
        Trees.
    max_leaf_nodes, max_depth, min_samples_leaf, max_features
        Bounds of each tree, as in scikit-learn.
    class_weight : str or dict or None
        As in scikit-learn: rare products count as much as chatty ones by default.
    delays : sequence of int or None
        Columns that hold delays, which are learned in steps.
    n_jobs : int or None
        Threads of the training.
    random_state : int or None
        Seed.
    """

    libraries: ClassVar[tuple[str, ...]] = ("scikit-learn", "numpy", "onnx")
    exceptions: ClassVar[dict[str, str]] = {
        "check_sample_weight_equivalence_on_dense_data": "rows are drawn by chance, with weights as without",
        "check_sample_weight_equivalence_on_sparse_data": "rows are drawn by chance, with weights as without",
        "check_classifiers_one_label_sample_weights": "classes are balanced first, so weights leave none out",
        "check_class_weight_classifiers": "it sets min_weight_fraction_leaf, which this family does not offer",
    }

    def __init__(
        self,
        n_estimators: int = 200,
        *,
        max_leaf_nodes: int | None = 128,
        max_depth: int | None = None,
        min_samples_leaf: int = 1,
        max_features: str | float | int | None = "sqrt",
        class_weight: str | dict[Any, float] | None = "balanced",
        delays: Sequence[int] | None = None,
        n_jobs: int | None = None,
        random_state: int | None = None,
    ) -> None:
        super().__init__(
            n_estimators=n_estimators,
            max_leaf_nodes=max_leaf_nodes,
            max_depth=max_depth,
            min_samples_leaf=min_samples_leaf,
            max_features=max_features,
            class_weight=class_weight,
            n_jobs=n_jobs,
            random_state=random_state,
        )
        self.delays = delays

    def fit(self, X: np.ndarray, y: np.ndarray, sample_weight: np.ndarray | None = None) -> Self:
        """Learn from rows (n x columns, NaN where undefined) and their labels."""
        super().fit(in_steps(X, self.delays), y, sample_weight)
        return self

    def graph(self) -> bytes:
        """Return the fitted forest as ONNX."""
        share = 1 / len(self.estimators_)
        return graph_of((tree_of(tree, share) for tree in self.estimators_), self.n_features_in_, len(self.classes_))
