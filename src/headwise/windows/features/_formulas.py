"""How features are made of raw counts: each is a quantity, or a ratio of two, that is defined where a third is not 0.

So few forms let `headwise.windows.compute` make all features of many windows in a handful of array operations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headwise.windows.catalogue import Definition, Feature, Formula, Quantity

SENT, RECEIVED = 0, 1
WAYS: tuple[tuple[int, str], ...] = ((SENT, "sent"), (RECEIVED, "received"))


def count(*path: str | int) -> Quantity:
    """Return what is found in a raw window: by field name, or by position in a field that holds several."""
    return Quantity(path=path)


def derived(function: Callable[[np.ndarray], np.ndarray]) -> Quantity:
    """Return what a function makes of an array of raw windows."""
    return Quantity(derive=function)


def total(one: Quantity, other: Quantity) -> Quantity:
    """Return the sum of two quantities."""
    return derived(lambda raw: one.values(raw) + other.values(raw))


def difference(more: Quantity, less: Quantity) -> Quantity:
    """Return more - less."""
    return derived(lambda raw: more.values(raw) - less.values(raw))


def share(part: Quantity, whole: Quantity) -> Formula:
    """Return part / whole, NaN where whole is 0."""
    return Formula(part, divisor=whole, where=whole)


def known(where: Quantity, value: Quantity) -> Formula:
    """Return value, NaN where `where` is 0."""
    return Formula(value, where=where)


def spread(number: Quantity, sums: Quantity, squares: Quantity) -> Formula:
    """Return the standard deviation (of all, not of a sample) from sums; NaN where there was nothing."""

    def deviation(raw: np.ndarray) -> np.ndarray:
        values = np.maximum(number.values(raw), 1)
        mean = sums.values(raw) / values
        return np.asarray(np.sqrt(np.maximum(squares.values(raw) / values - mean * mean, 0)))

    return known(number, derived(deviation))


Add = Callable[[str, str, str, "Formula | Quantity"], None]


@dataclass
class Group:
    """Collects the definitions of one group."""

    name: str

    def __post_init__(self) -> None:
        self.found: list[Definition] = []

    def add(self, name: str, unit: str, direction: str, meaning: str, formula: Formula | Quantity, *, since: int = 1) -> None:
        """Add one feature."""
        formula = Formula(formula) if isinstance(formula, Quantity) else formula
        self.found.append(Definition(Feature(name, unit, meaning, direction, self.name, since), formula))

    def adder(self, name: str, direction: str, meaning: str = "{}") -> Add:
        """Return a shorter `add` for features that differ in what stands at the braces of `name` and of `meaning`."""

        def add(part: str, unit: str, text: str, formula: Formula | Quantity) -> None:
            self.add(name.format(part), unit, direction, meaning.format(text), formula)

        return add
