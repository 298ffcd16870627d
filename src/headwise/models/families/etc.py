"""Extremely randomised trees, with specialists for products that are nearly alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from headwise.models.families._delays import in_steps
from headwise.models.families._ensemble import graph_of, graph_of_two
from headwise.models.families._scikit import tree_of
from headwise.models.families._twins import specialist_trees, spread, twins

FOLDS = 3
FOLD_TREES = 60
# What tells twins apart takes few questions: ten leaves at most on captures of real homes. More would be memory on a router.
SPECIALIST_LEAVES = 16


class ExtraTrees(ClassifierMixin, BaseEstimator):
    """Extremely randomised trees (Geurts, Ernst and Wehenkel, 2006), and for each group of twins trees of its own.

    Random thresholds rest on no exact value, which lasts longer and travels farther than the best threshold of the training
    days. But a single feature often tells twins (two products with one firmware) apart, and a forest that looks at few features
    at a time dilutes it. So classes that the trees confuse on training rows set aside are looked at again by trees that look
    at every feature and know nothing else: they share out what the first trees gave to the group.

    Parameters
    ----------
    n_estimators : int
        Trees, of the whole and of each group of twins.
    max_leaf_nodes : int or None
        Bound of each tree of the whole.
    min_samples_leaf : int
        Rows that a leaf holds at least.
    max_features : str, float, int or None
        Features that a tree of the whole looks at, as in scikit-learn.
    twins_above : float
        Two classes are twins where the trees give one so much of the probability of the other's rows, set aside.
    class_weight : str or dict or None
        As in scikit-learn: rare products count as much as chatty ones by default.
    delays : sequence of int or None
        Columns that hold delays, which the trees of the whole learn in steps. Those of twins take them as they are: little else may differ.
    n_jobs : int or None
        Threads of the training.
    random_state : int or None
        Seed.

    Attributes
    ----------
    twins_ : list of int arrays
        Positions in `classes_` of each group of twins.
    """

    libraries: ClassVar[tuple[str, ...]] = ("scikit-learn", "numpy", "onnx")
    exceptions: ClassVar[dict[str, str]] = {
        "check_class_weight_classifiers": "it sets min_weight_fraction_leaf, which this family does not offer",
    }

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        max_leaf_nodes: int | None = 256,
        min_samples_leaf: int = 1,
        max_features: str | float | int | None = "sqrt",
        twins_above: float = 0.15,
        class_weight: str | dict[Any, float] | None = "balanced",
        delays: Sequence[int] | None = None,
        n_jobs: int | None = None,
        random_state: int | None = None,
    ) -> None:
        self.n_estimators = n_estimators
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.twins_above = twins_above
        self.class_weight = class_weight
        self.delays = delays
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: np.ndarray) -> Self:
        """Learn from rows (n x columns, NaN where undefined) in the order of time, and their labels."""
        X, y = validate_data(self, X, y, dtype=np.float32, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self.classes_, target = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"ExtraTrees needs at least two classes to tell apart, got one class: {self.classes_[0]!r}")
        # Of two classes alone nothing is shared out: the whole is about nothing else.
        stepped = in_steps(X, self.delays)
        self.twins_ = self._twins(stepped, target) if len(self.classes_) > 2 else []
        self.trees_ = self._trees(self.n_estimators, self.max_features).fit(stepped, y)
        self.specialists_ = [self._specialist(X, y, np.isin(target, group)) for group in self.twins_]
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return probabilities (n x classes), in the order of ``classes_``."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float32, ensure_all_finite="allow-nan", reset=False)
        found = np.asarray(self.trees_.predict_proba(X))
        for group, specialist in zip(self.twins_, self.specialists_, strict=True):
            found[:, group] = found[:, group].sum(axis=1, keepdims=True) * specialist.predict_proba(X)
        return found

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Return the most probable class of each row."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def graph(self) -> bytes:
        """Return the fitted trees as ONNX."""
        check_is_fitted(self)
        classes, columns = len(self.classes_), self.n_features_in_
        first = (tree_of(tree, 1 / self.n_estimators) for tree in self.trees_.estimators_)
        if not self.twins_:
            return graph_of(first, columns, classes)
        second = specialist_trees(self.twins_, self.specialists_, classes)
        return graph_of_two(first, second, spread(self.twins_, classes), columns)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def _trees(self, count: int, features: str | float | int | None) -> ExtraTreesClassifier:
        return ExtraTreesClassifier(
            count,
            max_leaf_nodes=self.max_leaf_nodes,
            min_samples_leaf=self.min_samples_leaf,
            max_features=features,
            class_weight=self.class_weight,
            n_jobs=self.n_jobs,
            random_state=self.random_state,
        )

    def _twins(self, X: np.ndarray, target: np.ndarray) -> list[np.ndarray]:
        def fit(rows: np.ndarray) -> ExtraTreesClassifier:
            return self._trees(FOLD_TREES, self.max_features).fit(X[rows], target[rows])

        return twins(X, target, len(self.classes_), self.twins_above, FOLDS, fit)

    def _specialist(self, X: np.ndarray, y: np.ndarray, rows: np.ndarray) -> ExtraTreesClassifier:
        trees = self._trees(self.n_estimators, None)
        return trees.set_params(max_leaf_nodes=SPECIALIST_LEAVES).fit(X[rows], y[rows])
