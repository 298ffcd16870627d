"""How features are made of raw counts. Every function takes and returns arrays with one entry a window."""

from __future__ import annotations

from typing import Any

import numpy as np

from headwise.windows.catalogue import Definition, Feature, Formula

SENT, RECEIVED = 0, 1
WAYS: tuple[tuple[int, str], ...] = ((SENT, "sent"), (RECEIVED, "received"))


def way(raw: np.ndarray, direction: int) -> Any:
    """Return the counts of one direction."""
    return raw["by"][:, direction]


def share(part: Any, whole: Any) -> np.ndarray:
    """Return part / whole, NaN where whole is 0."""
    whole = np.asarray(whole, np.float64)
    return np.where(whole > 0, np.asarray(part, np.float64) / np.where(whole > 0, whole, 1), np.nan)


def where(known: Any, value: Any) -> np.ndarray:
    """Return value as float64, NaN where `known` is 0."""
    return np.where(np.asarray(known) > 0, np.asarray(value, np.float64), np.nan)


def spread(count: Any, total: Any, squares: Any) -> np.ndarray:
    """Return the standard deviation (of all, not of a sample) from sums; NaN where there was nothing."""
    mean = share(total, count)
    return np.sqrt(np.maximum(share(squares, count) - mean * mean, 0))


class Group:
    """Collects the definitions of one group."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Definition] = []

    def add(self, name: str, unit: str, direction: str, meaning: str, formula: Formula, *, since: int = 1) -> None:
        """Add one feature."""
        self.found.append(Definition(Feature(name, unit, meaning, direction, self.name, since), formula))
