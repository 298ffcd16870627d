"""Measures of sureness: whether it tells the known from the unknown, and is as often right as it says."""

from __future__ import annotations

import numpy as np

BINS = 10
FOUND = 0.95
DRAWS = 1000


def auroc(known: np.ndarray, unknown: np.ndarray) -> float:
    """Return how often a known one is surer than an unknown one, ties counting half; NaN where there is none of either.

    Parameters
    ----------
    known, unknown : float arrays
        How sure of each.
    """
    if not len(known) or not len(unknown):
        return float("nan")
    ordered = np.sort(unknown)
    below, up_to = np.searchsorted(ordered, known, "left"), np.searchsorted(ordered, known, "right")
    return float((below + up_to).mean() / 2 / len(unknown))


def kept_right(known: np.ndarray, right: np.ndarray, unknown: np.ndarray, found: float = FOUND) -> tuple[float, float]:
    """Return the shares of known ones that are above what finds so many of the unknown: named right, and named at all.

    Parameters
    ----------
    known, unknown : float arrays
        How sure of each.
    right : bool array
        Whether each known one's name is right.
    found : float
        Share of the unknown that is not above.
    """
    threshold = np.quantile(unknown, found, method="inverted_cdf")
    above = known > threshold
    return float((above & right).mean()), float(above.mean())


def reliability(sure: np.ndarray, right: np.ndarray, bins: int = BINS) -> list[tuple[float, float, int]]:
    """Return mean sureness, share right and count of each bin of equal width that holds any.

    Parameters
    ----------
    sure : float array
        Probability of what was named, 0 to 1.
    right : bool array
        Whether that was right.
    """
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return [
        (float(sure[place == one].mean()), float(right[place == one].mean()), int((place == one).sum()))
        for one in range(bins)
        if (place == one).any()
    ]


def calibration_error(sure: np.ndarray, right: np.ndarray, bins: int = BINS) -> float:
    """Return the expected calibration error: the mean over all of how far each bin's sureness is from its share right.

    Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural Networks*, 2017.
    """
    return sum(abs(mean - share) * count for mean, share, count in reliability(sure, right, bins)) / max(len(sure), 1)


def error_by_chance(sure: np.ndarray, seed: int = 0, bins: int = BINS) -> tuple[float, float]:
    """Return the expected calibration error of answers that are right exactly as often as they are sure: on average, and of one in twenty.

    It is not zero: a bin of few answers is off by chance (Bröcker and Smith, *Increasing the Reliability of Reliability Diagrams*, 2007).

    Parameters
    ----------
    sure : numpy.ndarray
        How sure of each answer, 0 to 1.
    seed : int
        Of the draws of what is right.
    bins : int
        As of `calibration_error`.
    """
    random = np.random.default_rng(seed)
    found = [calibration_error(sure, random.random(len(sure)) < sure, bins) for _ in range(DRAWS)]
    return float(np.mean(found)), float(np.quantile(found, 0.95))


def right_of_surest(sure: np.ndarray, right: np.ndarray, share: float) -> float:
    """Return the share right among the surest `share` of all; of equally sure ones, their mean counts."""
    count = max(1, round(share * len(sure)))
    return float(_right_by_rank(sure, right)[:count].mean())


def most_named(sure: np.ndarray, right: np.ndarray, least: float) -> float:
    """Return the largest share that can be named, surest first, with at least `least` of them right."""
    among = np.cumsum(_right_by_rank(sure, right)) / np.arange(1, len(sure) + 1)
    enough = np.flatnonzero(among >= least)
    return float((enough[-1] + 1) / len(sure)) if len(enough) else 0.0


def _right_by_rank(sure: np.ndarray, right: np.ndarray) -> np.ndarray:
    order = np.argsort(-sure, kind="stable")
    ranked, start = right[order].astype(float), np.unique(-sure[order], return_index=True)[1]
    means = np.add.reduceat(ranked, start) / np.diff(np.append(start, len(ranked)))
    even: np.ndarray = np.repeat(means, np.diff(np.append(start, len(ranked))))
    return even
