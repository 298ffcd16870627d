"""ADWIN tells whether the mean of a stream changed, and since when.

A. Bifet and R. Gavaldà, "Learning from Time-Changing Data with Adaptive Windowing", SDM 2007: the newest values are kept as long
as no split of them into older and newer has two means that differ by more than chance allows; where one has, the older go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

MOST_BUCKETS = 5


@dataclass(frozen=True)
class Cut:
    """A change that was found.

    Attributes
    ----------
    before, after : float
        Means of the older values, which are dropped, and of the newer ones.
    newer : int
        How many values are newer than the change.
    """

    before: float
    after: float
    newer: int


class Adwin:
    """Watches values from 0 to 1 in memory that grows with the logarithm of their number.

    Values are kept in buckets, oldest first: how many they are, their sum, and the sum of their squares.

    Parameters
    ----------
    delta : float
        How likely a false alarm may be for a stream that never changes.
    least : int
        Values that each side of a split has at least.
    """

    def __init__(self, delta: float = 0.002, least: int = 6) -> None:
        self.delta, self.least = delta, least
        self.counts: list[int] = []
        self.sums: list[float] = []
        self.squares: list[float] = []

    @property
    def width(self) -> int:
        """How many values are kept."""
        return sum(self.counts)

    def add(self, value: float) -> Cut | None:
        """Take the next value; return the change, where there is one now."""
        self.counts.append(1)
        self.sums.append(value)
        self.squares.append(value * value)
        self._compress()
        found = None
        while (cut := self._cut()) is not None:
            found = Cut(found.before if found else cut.before, cut.after, cut.newer)
        return found

    def _cut(self) -> Cut | None:
        """Drop what is older than the split that is furthest beyond chance, and return it."""
        older = np.cumsum(self.counts)
        width = int(older[-1])
        fair = np.flatnonzero((older >= self.least) & (width - older >= self.least))
        if not len(fair):
            return None
        count, total = older[fair], np.cumsum(self.sums)
        before, after = total[fair] / count, (total[-1] - total[fair]) / (width - count)
        variance = max(0.0, sum(self.squares) / width - (float(total[-1]) / width) ** 2)
        excess = np.abs(before - after) - self._chance(1 / count + 1 / (width - count), variance, width)
        best = int(np.argmax(excess))
        if excess[best] <= 0:
            return None
        for kept in (self.counts, self.sums, self.squares):
            del kept[: int(fair[best]) + 1]
        return Cut(float(before[best]), float(after[best]), width - int(count[best]))

    def _chance(self, inverse: np.ndarray, variance: float, width: int) -> np.ndarray:
        """Return by how much two means may differ by chance, given the sum of the inverses of how many values each is of."""
        logarithm = math.log(2 * math.log(max(width, 3)) / self.delta)
        bound: np.ndarray = np.sqrt(2 * inverse * variance * logarithm) + 2 / 3 * inverse * logarithm
        return bound

    def _compress(self) -> None:
        """Join the two oldest buckets of a size where there are more than five of it; the joined one is the newest of the next size."""
        size = 1
        while self.counts.count(size) > MOST_BUCKETS:
            first = self.counts.index(size)
            self.counts[first : first + 2] = [2 * size]
            for kept in (self.sums, self.squares):
                kept[first : first + 2] = [kept[first] + kept[first + 1]]
            size *= 2
