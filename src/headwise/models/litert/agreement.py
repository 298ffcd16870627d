"""Whether a LiteRT file gives what its ONNX graph gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from headwise.models.runtime import Runtime

TOLERANCE = 1e-4
"""Largest difference of a probability that two runtimes may have."""
MOST_ROWS = 500
_BATCH = 64


@dataclass(frozen=True)
class Agreement:
    """How alike two runtimes answer.

    Attributes
    ----------
    rows : int
        Rows that both were asked.
    labels : float
        Share of them that both give the same likeliest class.
    difference : float
        Largest difference of a probability.
    """

    rows: int
    labels: float
    difference: float

    @property
    def holds(self) -> bool:
        """Whether one may stand for the other."""
        return self.difference <= TOLERANCE

    def to_json(self) -> dict[str, float]:
        """Return it as a manifest records it."""
        return asdict(self)


def compare(one: np.ndarray, other: np.ndarray) -> Agreement:
    """Return how alike probabilities (n x classes) are. What is no number is as different as can be."""
    difference = np.nan_to_num(np.abs(one - other), nan=1.0)
    same = one.argmax(axis=1) == other.argmax(axis=1)
    return Agreement(len(one), float(same.mean()) if len(one) else 1.0, float(difference.max(initial=0.0)))


def compare_runtimes(one: Runtime, other: Runtime, rows: np.ndarray) -> Agreement:
    """Return how alike two runtimes answer rows (n x columns)."""
    return compare(one.probabilities(rows), other.probabilities(rows))


def rows_to_compare(columns: int, real: np.ndarray | None = None, seed: int = 0) -> np.ndarray:
    """Return rows (n x columns): real ones, spread over those given, and made-up ones of all magnitudes, a tenth of it missing."""
    random = np.random.default_rng(seed)
    made = random.choice([-1.0, 1.0], (_BATCH, columns)) * np.expm1(random.exponential(3.0, (_BATCH, columns)).clip(max=20.0))
    made[random.random(made.shape) < 0.1] = np.nan
    made[0] = np.nan
    return np.concatenate([*_spread(real), made]).astype(np.float32)


def _spread(real: np.ndarray | None) -> Iterator[np.ndarray]:
    if real is not None and len(real):
        yield real[np.linspace(0, len(real) - 1, min(len(real), MOST_ROWS)).astype(int)]
