"""What features are made of, in the plainest form: quantiles, modes, steps."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import mean

NAN = math.nan


def share(part: float, whole: float) -> float:
    """Return part / whole, NaN where whole is 0."""
    return part / whole if whole else NAN


def quantile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that at least `percent` % of the values do not exceed."""
    return sorted(values)[-(-len(values) * percent // 100) - 1] if values else NAN


def most_common(values: Iterable[float], place: int = 0) -> tuple[float, int]:
    """Return the value in this place by commonness, and its count; of equals the lower comes first."""
    ranked = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
    return ranked[place] if place < len(ranked) else (NAN, 0)


def deviation(values: Sequence[float]) -> float:
    """Return the standard deviation of all values."""
    return math.sqrt(max(0.0, mean(v * v for v in values) - mean(values) ** 2)) if values else NAN


def first(values: Sequence[float]) -> float:
    """Return the first value."""
    return values[0] if values else NAN


def smallest(values: Sequence[float]) -> float:
    """Return the smallest value."""
    return min(values) if values else NAN


def largest(values: Sequence[float]) -> float:
    """Return the largest value."""
    return max(values) if values else NAN


def average(values: Sequence[float]) -> float:
    """Return the mean."""
    return mean(values) if values else NAN


def in_size_steps(size: int) -> int:
    """Return a size rounded down to its step: 1 byte below 1,536, 256 above, and one step from 65,280."""
    return size if size < 1536 else min(1536 + (size - 1536) // 256 * 256, 1536 + 249 * 256)


def in_time_steps(gap: int) -> float:
    """Return a time rounded down to its step, in seconds: 65.536 us, and from 16 of them 16 steps an octave."""
    units = max(0, gap) >> 16
    while_octave = max(0, units.bit_length() - 5)
    units = units >> while_octave << while_octave
    return min(units, 31 << 27) * 65536 * 1e-9


def gaps(times: Sequence[int]) -> list[int]:
    """Return the times from one to the next, 0 where the next is earlier."""
    return [max(0, b - a) for a, b in itertools.pairwise(times)]
