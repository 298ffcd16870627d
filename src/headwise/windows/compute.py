"""Raw windows to features."""

from __future__ import annotations

import functools

import numpy as np

from headwise.windows._raw import WINDOW
from headwise.windows.catalogue import Quantity, definitions


def compute(raw: np.ndarray) -> np.ndarray:
    """Return the features of raw windows (dtype `headwise.windows._raw.WINDOW`), float32, shape ``(n, features)``; NaN where undefined.

    Every field is 8 bytes wide, so raw windows are a matrix as they are; derived quantities are put beside them, and each feature is
    a ratio of two columns where a third is not 0.
    """
    plan = _plan()
    matrix = np.empty((len(raw), plan.width), np.float64)
    matrix[:, : plan.fields] = raw.view(np.uint64).reshape(len(raw), plan.fields)
    matrix[:, plan.floats] = raw.view(np.float64).reshape(len(raw), plan.fields)[:, plan.floats]
    for column, quantity in enumerate(plan.derived, plan.fields):
        assert quantity.derive is not None
        matrix[:, column] = quantity.derive(raw)
    matrix[:, -1] = 1
    with np.errstate(divide="ignore", invalid="ignore"):
        values = matrix[:, plan.value] / matrix[:, plan.divisor]
    values[matrix[:, plan.where] == 0] = np.nan
    return values.astype(np.float32)


class Plan:
    """Which column is whose: the fields of a raw window, then derived quantities, then ones."""

    def __init__(self) -> None:
        self.fields = WINDOW.itemsize // 8
        self.floats = np.array([i for i, dtype in enumerate(_flat(WINDOW)) if dtype.kind == "f"])
        self.derived: list[Quantity] = []
        formulas = [definition.formula for definition in definitions()]
        value = [self._column(formula.value) for formula in formulas]
        divisor = [self._column(formula.divisor) for formula in formulas]
        where = [self._column(formula.where) for formula in formulas]
        self.width = self.fields + len(self.derived) + 1
        # Ones are the last column, whose number is known only now.
        self.value, self.divisor, self.where = (np.array(columns) % self.width for columns in (value, divisor, where))

    def _column(self, quantity: Quantity | None) -> int:
        if quantity is None:
            return -1
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
