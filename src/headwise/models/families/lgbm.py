"""Boosted trees (LightGBM): each tree corrects what those before it got wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from headwise.models.families._ensemble import Tree, graph_of


class BoostedTrees(ClassifierMixin, BaseEstimator):
    """LightGBM's gradient boosting with the size that a router can hold.

    Parameters
    ----------
    rounds : int
        Each adds one tree for each class.
    leaves : int
        Most leaves of a tree.
    learning_rate : float
        How much of its correction a tree makes.
    least_rows : int
        Rows that a leaf holds at least.
    ridge : float
        Holds corrections back where they rest on little: without it, of dozens of balanced classes, the rows that are known
        best drive the others' corrections to extremes.
    columns : float
        Share of the columns that a tree looks at.
    balanced : bool
        Whether rare classes count as much as frequent ones.
    threads : int
        Of the training. More than there are free processors is many times slower than one.
    random_state : int or None
        Seed.
    """

    libraries: ClassVar[tuple[str, ...]] = ("lightgbm", "scikit-learn", "numpy", "onnx")

    def __init__(
        self,
        rounds: int = 60,
        *,
        leaves: int = 15,
        learning_rate: float = 0.15,
        least_rows: int = 2,
        ridge: float = 3.0,
        columns: float = 0.3,
        balanced: bool = True,
        threads: int = 1,
        random_state: int | None = None,
    ) -> None:
        self.rounds = rounds
        self.leaves = leaves
        self.learning_rate = learning_rate
        self.least_rows = least_rows
        self.ridge = ridge
        self.columns = columns
        self.balanced = balanced
        self.threads = threads
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        """Learn from rows (n x columns, NaN where undefined) and their labels."""
        from lightgbm import Dataset, train

        X, y = validate_data(self, X, y, dtype=np.float32, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self.classes_, target = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"BoostedTrees needs at least two classes to tell apart, got one class: {self.classes_[0]!r}")
        weight = (len(y) / len(self.classes_) / np.bincount(target))[target] if self.balanced else None
        rows = Dataset(X, target, weight=weight, params={"verbosity": -1})
        self.booster_ = train(self._settings(), rows, num_boost_round=self.rounds)
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return probabilities (n x classes), in the order of ``classes_``."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float32, ensure_all_finite="allow-nan", reset=False)
        found = np.asarray(self.booster_.predict(X, num_threads=1))
        return found if found.ndim == 2 else np.stack([1 - found, found], axis=1)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the most probable class of each row."""
        probabilities = self.predict_proba(X)
        return self.classes_[probabilities.argmax(axis=1)]

    def graph(self) -> bytes:
        """Return the fitted trees as ONNX."""
        check_is_fitted(self)
        return graph_of(self._trees(), self.n_features_in_, len(self.classes_), after="SOFTMAX")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def _settings(self) -> dict[str, Any]:
        several = len(self.classes_) > 2
        return {
            "objective": "multiclass" if several else "binary",
            "num_class": len(self.classes_) if several else 1,
            "num_leaves": self.leaves,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.least_rows,
            "lambda_l2": self.ridge,
            "feature_fraction": self.columns,
            "num_threads": self.threads,
            "seed": self.random_state or 0,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }

    def _trees(self) -> Iterator[Tree]:
        classes = len(self.classes_)
        for number, tree in enumerate(self.booster_.dump_model()["tree_info"]):
            # Of two classes only the second has trees; softmax over 0 and its sum is what LightGBM's sigmoid gives.
            yield _tree_of(tree["tree_structure"], number % classes if classes > 2 else 1, classes)


def _tree_of(root: dict[str, Any], kind: int, classes: int) -> Tree:
    """Return a tree of LightGBM's dump whose leaves add to one class."""
    nodes: list[dict[str, Any]] = [root]
    after: list[tuple[int, int]] = []
    for node in nodes:
        if "leaf_value" in node:
            after.append((-1, -1))
        else:
            after.append((len(nodes), len(nodes) + 1))
            nodes += [node["left_child"], node["right_child"]]
    value = np.zeros((len(nodes), classes))
    value[:, kind] = [node.get("leaf_value", 0.0) for node in nodes]
    return Tree(
        feature=np.array([node.get("split_feature", 0) for node in nodes]),
        threshold=np.array([node.get("threshold", 0.0) for node in nodes], np.float64),
        yes=np.array([pair[0] for pair in after]),
        no=np.array([pair[1] for pair in after]),
        missing=np.array([_missing(node) for node in nodes], bool),
        value=value,
    )


def _missing(node: dict[str, Any]) -> bool:
    # Where training had no missing value, LightGBM takes one for 0.
    if node.get("missing_type") == "NaN":
        return bool(node["default_left"])
    return bool(node.get("threshold", 0.0) >= 0)
