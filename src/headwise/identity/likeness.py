"""How much one device's windows are like another's: nearest neighbours in features that last."""

from __future__ import annotations

import numpy as np

from headwise.windows.catalogue import catalogue

# What a device is and says, not how much or how often it does it today.
LASTING_GROUPS = frozenset({"stack", "handshakes", "ports", "tcp", "messages", "sizes", "protocols"})
NEIGHBOURS = 3
BLOCK_NS = 6 * 3600 * 1_000_000_000


class Scale:
    """Features of a home brought to one scale: the middle 80 % of its windows spans 1, whatever the outliers.

    Parameters
    ----------
    features : float array of n x F
        Of the home's windows, NaN where undefined.
    """

    def __init__(self, features: np.ndarray) -> None:
        self.columns = np.array([number for number, feature in enumerate(catalogue()) if feature.group in LASTING_GROUPS])
        values = features[:, self.columns].astype(float)
        self.columns = self.columns[~np.isnan(values).all(axis=0)]
        values = features[:, self.columns].astype(float)
        low, middle, high = np.nanpercentile(values, [10, 50, 90], axis=0)
        whole = np.nanmax(values, axis=0) - np.nanmin(values, axis=0)
        self.middle, self.spread = middle, np.maximum(np.where(high > low, high - low, whole), 1e-6)

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """Return scaled columns of those groups that last, float32, NaN where undefined."""
        scaled: np.ndarray = np.clip((features[:, self.columns] - self.middle) / self.spread, -2, 2).astype(np.float32)
        return scaled


def distances(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return how far each of n scaled windows is from each of m: n x m, from 0 to 1.

    The mean over features of the difference, at most 1; 1 too where a feature is defined on one side alone.
    """
    undefined, other_undefined = np.isnan(some), np.isnan(others)
    values, other_values = np.nan_to_num(some), np.nan_to_num(others)
    found = np.empty((len(some), len(others)), np.float32)
    for row in range(len(some)):
        difference = np.minimum(np.abs(other_values - values[row]), 1.0)
        difference[other_undefined ^ undefined[row]] = 1.0
        difference[other_undefined & undefined[row]] = 0.0
        found[row] = difference.mean(axis=1)
    return found


def likeness(some: np.ndarray, others: np.ndarray, start: np.ndarray) -> float:
    """Return how much windows are like those of a device, from 0 to 1; about a half where they are its own.

    A window is as like as the share of the device's own windows that are no nearer to the others of theirs: those of the same six
    hours left out, since neighbours in time are near each other anyhow.

    Parameters
    ----------
    some : float array of n x F
        Scaled windows to be judged.
    others : float array of m x F
        Scaled windows of the device.
    start : int64 array of m
        When they started: ns since 1970 UTC.
    """
    block = start // BLOCK_NS
    own = distances(others, others)
    own[block[:, None] == block[None, :]] = np.inf
    enough = np.isfinite(own).sum(axis=1) >= NEIGHBOURS
    if not len(some) or not enough.any():
        return 0.0
    usual = np.sort(own[enough], axis=1)[:, :NEIGHBOURS].mean(axis=1)
    near = np.sort(distances(some, others), axis=1)[:, :NEIGHBOURS].mean(axis=1)
    return float((usual[None, :] >= near[:, None]).mean())
