"""Trees and what is done with their sums, run by the packet core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headwise.models.trees import Trees

ROWS_AT_ONCE = 64


@dataclass(frozen=True)
class Step:
    """One operator: its name, the names of what it takes and gives, and of trees what they are."""

    operator: str
    takes: tuple[str, ...]
    gives: str
    trees: Trees | None = None
    softmax: bool = False


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees, and what is done with their sums.

    Attributes
    ----------
    steps : tuple of Step
        In order.
    constants : dict of str to array
        By name.
    takes, gives : str
        Names of the rows and of the probabilities.
    """

    steps: tuple[Step, ...]
    constants: dict[str, np.ndarray]
    takes: str
    gives: str

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return float32 probabilities (n x classes) of float32 rows (n x columns)."""
        return np.concatenate([self._of(rows[place : place + ROWS_AT_ONCE]) for place in range(0, max(len(rows), 1), ROWS_AT_ONCE)])

    def _of(self, rows: np.ndarray) -> np.ndarray:
        values = {**self.constants, self.takes: rows}
        for step in self.steps:
            values[step.gives] = _RUN[step.operator](step, *(values[name] for name in step.takes))
        return values[self.gives]


def _sum(step: Step, rows: np.ndarray) -> np.ndarray:
    assert step.trees is not None
    sums = step.trees.sums(rows)
    if not step.softmax:
        return sums
    grown = np.exp(sums - sums.max(axis=1, keepdims=True))
    whole: np.ndarray = grown / grown.sum(axis=1, keepdims=True)
    return whole


_RUN: dict[str, Callable[..., np.ndarray]] = {
    "TreeEnsembleRegressor": _sum,
    "MatMul": lambda step, one, other: one @ other,
    "Mul": lambda step, one, other: one * other,
}
