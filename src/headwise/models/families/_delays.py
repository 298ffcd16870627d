"""Delays, learned in steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

STEPS = 10
"""Of a factor of ten: those of the series R10 of preferred numbers (ISO 3), a quarter apart."""


def in_steps(X: np.ndarray, columns: Sequence[int] | None) -> np.ndarray:
    """Return rows with delays rounded to steps, to learn from; a model that did is asked with delays as they are.

    A tree may rest on any difference, and delays differ in every window: of two that both hold an ARP exchange, one whose answer took
    4.33 ms and one of 4.34 ms. What differs by less than a step is how a delay was measured, and tells nothing of a product.

    Parameters
    ----------
    X : float array of n x columns
        NaN where undefined.
    columns : sequence of int or None
        Those that hold delays.
    """
    if not columns:
        return X
    found = np.array(X, np.float32)
    delays = found[:, list(columns)]
    some = delays > 0
    delays[some] = 10 ** (np.round(np.log10(delays[some]) * STEPS) / STEPS)
    found[:, list(columns)] = delays
    return found
