"""Times that are compared with each other, taken by turns: how fast a machine is changes from minute to minute."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence


def by_turns(takes: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Return what each gives, called one after the other in every round: as many times of each as there are rounds."""
    taken: dict[str, list[float]] = {name: [] for name in takes}
    for _ in range(rounds):
        for name, take in takes.items():
            taken[name].append(take())
    return taken


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """Return the median of the ratios of two times of one round.

    Raises
    ------
    ValueError
        Where the two are not of as many rounds.
    """
    return statistics.median(one / other for one, other in zip(over, under, strict=True))
