"""How much is measured: the whole, or enough to see that it works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Each = TypeVar("Each")


@dataclass(frozen=True)
class Effort:
    """What a run spends.

    Attributes
    ----------
    seeds : tuple of int
        Chance of the models; each is trained with every one.
    draws : int
        How often products are divided into known and unknown ones.
    places : tuple of int
        Seeds where each test-bed is left out in turn, which takes many trainings.
    starts : int or None
        Most start days, spread over those there are; all of them by default.
    jobs : int
        Threads of a training.
    """

    seeds: tuple[int, ...] = (0, 1, 2)
    draws: int = 2
    places: tuple[int, ...] = (0,)
    starts: int | None = None
    jobs: int = 1

    def some(self, starts: Sequence[Each]) -> list[Each]:
        """Return the start days that are measured, as far from each other as can be."""
        if self.starts is None or len(starts) <= self.starts:
            return list(starts)
        return [starts[number * len(starts) // self.starts] for number in range(self.starts)]


FULL = Effort()
QUICK = Effort(seeds=(0,), draws=1, starts=2)
