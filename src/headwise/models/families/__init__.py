"""Kinds of model, one file each, found by looking into this folder.

A family is a scikit-learn classifier with two things more: ``graph()``, the fitted model as an ONNX graph that takes
float32 rows and whose last output is the probabilities in the order of ``classes_``; and ``libraries``, the packages
whose versions a model file records. Checks of scikit-learn's `check_estimator` that it cannot pass are its ``exceptions``: name to
reason. One that looks at packets in order has a parameter ``sequence_length``: that many
packets stand behind the features in its rows, four values each. The file's one public class is the family.
Importing a family imports what trains it; listing their names does not.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeGuard, cast

if TYPE_CHECKING:
    import numpy as np


class Family(Protocol):
    """What each family offers."""

    libraries: ClassVar[tuple[str, ...]]
    classes_: np.ndarray

    def fit(self, X: np.ndarray, y: np.ndarray) -> Any:
        """Learn from rows (n x columns, NaN where undefined) and their labels; forgets what was learned before."""

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return probabilities (n x classes)."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters of the constructor."""

    def set_params(self, **parameters: Any) -> Any:
        """Change parameters of the constructor."""

    def graph(self) -> bytes:
        """Return the fitted model as ONNX."""


class Network(Family, Protocol):
    """What a family offers more that goes on from its weights instead of starting afresh.

    Weights whose names begin with one of `stays` are set once and never trained: a LiteRT file has them in forms that no other
    values can be written to.
    """

    stays: ClassVar[tuple[str, ...]]

    def fit(self, X: np.ndarray, y: np.ndarray, *, validation: np.ndarray | None = None, progress: Any = None) -> Any:
        """Learn; `validation` marks rows that only tell when to stop."""

    def retrain(
        self,
        X: np.ndarray,
        y: np.ndarray,
        *,
        freeze: int = 0,
        cache: bool = True,
        validation: np.ndarray | None = None,
        progress: Any = None,
    ) -> Any:
        """Go on learning with the first `freeze` stages as they are; adds classes that are new in `y`."""

    def network(self) -> Any:
        """Return the whole network, raw rows to probabilities: a module of PyTorch."""

    def weights(self) -> dict[str, np.ndarray]:
        """Return every weight by name."""

    def load_weights(self, weights: dict[str, np.ndarray], classes: np.ndarray, columns: int) -> Any:
        """Become the fitted network that the weights came from."""


def is_network(model: Family) -> TypeGuard[Network]:
    """Return whether a model can go on from its weights."""
    return hasattr(model, "load_weights")


def names() -> list[str]:
    """Return the names of all families, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def family(name: str) -> type[Family]:
    """Return the class of a family."""
    module = importlib.import_module(f"{__name__}.{name}")
    (found,) = (each for _, each in inspect.getmembers(module, inspect.isclass) if each.__module__ == module.__name__)
    return cast("type[Family]", found)
