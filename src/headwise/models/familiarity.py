"""How sure that a device is of a product, or a line of products, that a model knows."""

from __future__ import annotations

import numpy as np

from headwise.models.lines import together

# By what a typical window says, and by exact marks and the vendor: the first tells where the place is known, the second in any other.
# Both were chosen by trials with test-beds left out in turn and with products left out in turn.
TYPICAL_POWER = 1 / 3
KNOWN_ODDS = 2.0
"""Natural logarithm of how much likelier than any device a line must make what was seen, to be as likely as not."""
ASSUMED = 4.0
"""The same of products whose marks were never learned."""


def familiarity(typical: np.ndarray, backing: np.ndarray, best: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    """Return how sure that each device is of the line of its likeliest product (n values between 0 and 1).

    It is the probability of that line by a typical window, to the power of `TYPICAL_POWER`, times the probability that the marks and the
    vendor are of the line rather than of any device.

    Parameters
    ----------
    typical : float array of n x K
        Probabilities of products by a typical window.
    backing : float array of n x K
        Natural logarithms of how much likelier than any device each product makes the marks and the vendor.
    best : int array of n
        The likeliest product of each device.
    classes : tuple of str
        The K products.
    """
    line = together(classes)[best]
    mass = (typical * line).sum(axis=1)
    most = np.where(line, backing, -np.inf).max(axis=1)
    found: np.ndarray = mass**TYPICAL_POWER / (1 + np.exp(KNOWN_ODDS - most))
    return found
