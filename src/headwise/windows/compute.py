"""Raw windows to features."""

from __future__ import annotations

import functools

import numpy as np

from headwise.windows._raw import WINDOW
from headwise.windows.catalogue import Quantity, definitions


def compute(raw: np.ndarray) -> np.ndarray:
    """Return the features of raw windows (dtype `headwise.windows._raw.WINDOW`), float32, shape ``(n, features)``; NaN where undefined.

    Every field is 8 bytes wide, so raw windows are a matrix as they are; derived quantities are put below them, and each feature is
    a row, or a ratio of two, where another is not 0. The matrix is float32, as features are; what would suffer from it is derived.
    """
    plan = _plan()
    matrix = np.empty((plan.width, len(raw)), np.float32)
    matrix[: plan.fields] = raw.view(np.uint64).reshape(len(raw), plan.fields).T
    matrix[plan.floats] = raw.view(np.float64).reshape(len(raw), plan.fields)[:, plan.floats].T
    for row, quantity in enumerate(plan.derived, plan.fields):
        matrix[row] = quantity.values(raw)
    matrix[-1] = 1
    values = matrix[plan.value]
    with np.errstate(divide="ignore", invalid="ignore"):
        values[plan.divided] /= matrix[plan.divisor]
    values[matrix[plan.where] == 0] = np.nan
    return np.ascontiguousarray(values.T)


class Plan:
    """Which row of the matrix is whose: the fields of a raw window, then derived quantities, then ones."""

    def __init__(self) -> None:
        self.fields = WINDOW.itemsize // 8
        self.floats = np.array([i for i, dtype in enumerate(_flat(WINDOW)) if dtype.kind == "f"])
        self.derived: list[Quantity] = []
        formulas = [definition.formula for definition in definitions()]
        self.value = np.array([self._row(formula.value) for formula in formulas])
        self.divided = np.array([i for i, formula in enumerate(formulas) if formula.divisor])
        self.divisor = np.array([self._row(formula.divisor) for formula in formulas if formula.divisor])
        self.where = np.array([self._row(formula.where) if formula.where else -1 for formula in formulas])
        self.width = self.fields + len(self.derived) + 1

    def _row(self, quantity: Quantity) -> int:
        if quantity.derive is None:
            return _offset(quantity.path) // 8
        if quantity not in self.derived:
            self.derived.append(quantity)
        return self.fields + self.derived.index(quantity)


_plan = functools.cache(Plan)


def _flat(dtype: np.dtype) -> list[np.dtype]:
    """Return the dtype of every number in a structure, in order."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return _flat(base) * int(np.prod(shape))
    if dtype.fields is None:
        return [dtype]
    return [number for field in dtype.names or () for number in _flat(dtype.fields[field][0])]


def _offset(path: tuple[str | int, ...]) -> int:
    dtype, offset = WINDOW, 0
    for step in path:
        if isinstance(step, int):
            assert dtype.subdtype is not None
            dtype = dtype.subdtype[0]
            offset += step * dtype.itemsize
        else:
            assert dtype.fields is not None
            dtype, start = dtype.fields[step][:2]
            offset += start
    return offset
