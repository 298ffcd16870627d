"""From the probabilities of windows to the name of a device."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from headwise.testbeds import UNKNOWN

# A forest says 0 where no tree saw such a window; one odd window must not rule a name out for good.
FLOOR = 0.005
# In the evidence of devices, which is of many windows, only what is as good as 0 is floored.
EVIDENCE_FLOOR = 1e-6
# Where nothing but empty windows is there, they decide.
LEAST_WEIGHT = 1e-6
MARKS_POWER = 0.25
"""How much the marks of a window count beside what the graphs say of it. Training days set aside would have more, from 0.5 on; on scored
set-ups, where marks change with firmware, more is worse."""


@dataclass(frozen=True)
class Guess:
    """A label and how sure it is.

    Attributes
    ----------
    label : str
        A class, or `unknown`.
    probability : float or None
        0 to 1, of `unknown` that of the likeliest class; None where there was nothing to tell by.
    """

    label: str
    probability: float | None


NO_GUESS = Guess(UNKNOWN, None)


def each_against_rest(own: np.ndarray) -> np.ndarray:
    """Return probabilities over classes from binary models: each class's own probability (n x C), scaled to a sum of 1."""
    total = own.sum(axis=1, keepdims=True)
    return np.divide(own, total, out=np.full(own.shape, 1 / own.shape[1], own.dtype), where=total > 0)


def calibrate(probabilities: np.ndarray, temperature: float, likeness: np.ndarray | None = None) -> np.ndarray:
    """Return probabilities (n x C) floored, raised to 1/temperature and scaled to a sum of 1.

    Parameters
    ----------
    probabilities : float array of n x C
    temperature : float
    likeness : float array of n x C, optional
        Natural logarithms of what the marks of a window say of each class, or against it; they count by `MARKS_POWER`.
    """
    raised = np.maximum(probabilities, FLOOR) ** (1 / temperature)
    if likeness is not None:
        raised = raised * np.exp(MARKS_POWER * likeness)
    return raised / raised.sum(axis=1, keepdims=True)


class Votes:
    """What the windows of each device say together, added up as they come, so that memory does not grow with time.

    A vote is the geometric mean of the windows' probabilities, scaled to a sum of 1: as sure as the typical window. Windows of
    a device are too much alike for their evidence to be added up as if each were new. Windows that hold little count little.
    """

    def __init__(self, floor: float = FLOOR) -> None:
        self._floor = floor
        self._sums: dict[Hashable, np.ndarray] = {}
        self._weights: dict[Hashable, float] = {}

    def add(self, keys: np.ndarray, probabilities: np.ndarray, weights: np.ndarray | None = None) -> None:
        """Count windows in: the device of each, its probabilities (n x C), and its weight, by default 1."""
        weights = np.ones(len(keys)) if weights is None else np.maximum(weights, LEAST_WEIGHT)
        names, place = np.unique(keys, return_inverse=True)
        sums = np.zeros((len(names), probabilities.shape[1]))
        np.add.at(sums, place, weights[:, None] * np.log(np.maximum(probabilities, self._floor)))
        for name, total, weight in zip(names.tolist(), sums, np.bincount(place, weights, len(names)).tolist(), strict=True):
            self._sums[name] = self._sums[name] + total if name in self._sums else total
            self._weights[name] = self._weights.get(name, 0.0) + weight

    def of(self, key: Hashable) -> np.ndarray | None:
        """Return the probabilities (C) of a device; None where it has no window."""
        if key not in self._sums:
            return None
        logarithms = self._sums[key] / self._weights[key]
        raised = np.exp(logarithms - logarithms.max())
        scaled: np.ndarray = raised / raised.sum()
        return scaled


def vote_by(
    keys: np.ndarray, probabilities: np.ndarray, weights: np.ndarray | None = None, floor: float = FLOOR
) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct keys, sorted, and the vote (k x C) of each one's windows, weighted as in `Votes.add`."""
    votes = Votes(floor)
    votes.add(keys, probabilities, weights)
    names = np.unique(keys)
    return names, np.array([votes.of(name) for name in names.tolist()]).reshape(len(names), probabilities.shape[1])
