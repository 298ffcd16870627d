"""Training days set aside by turns, so that what is tuned is tuned on days that a model has not seen."""

from __future__ import annotations

import numpy as np

from headwise.testbeds import LabelledWindows, day_of

FOLDS = 5


def fold_of(windows: LabelledWindows, labels: np.ndarray, folds: int = FOLDS) -> np.ndarray:
    """Return for each window the fold in which it is set aside, 0 to folds - 1.

    Each label's days are dealt into stretches of whole days that follow each other. A label that was seen on fewer days
    than folds is cut by the order of its windows instead, since there is no other way to set part of it aside.

    Parameters
    ----------
    windows : LabelledWindows
        n windows.
    labels : array of str
        Of each window.
    """
    fold = np.zeros(len(windows), int)
    days = day_of(windows.start)
    for label in np.unique(labels.astype(str)):
        rows = np.flatnonzero(labels == label)
        seen, place = np.unique(days[rows], return_inverse=True)
        if len(seen) < folds:
            order = np.lexsort((windows.device[rows], windows.start[rows]))
            place, seen = np.argsort(order), rows
        fold[rows] = place * folds // len(seen)
    return fold


def last_days(start: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return for each window whether it is of the last day of its label: what decides when training stops.

    A label whose last day holds most of its windows gives the last fifth of them instead, and one of fewer than five windows none.

    Parameters
    ----------
    start : int64 array of n
        Nanoseconds since 1970.
    labels : array of n str
        Of each window.
    """
    last = np.zeros(len(start), bool)
    days = day_of(start)
    for label in np.unique(labels.astype(str)):
        rows = np.flatnonzero(labels == label)
        of_last = days[rows] == days[rows].max()
        if of_last.mean() > 0.5:
            of_last[:] = False
            of_last[np.argsort(start[rows], kind="stable")[len(rows) - len(rows) // FOLDS :]] = True
        last[rows[of_last]] = True
    return last


def stretches(windows: LabelledWindows, rows: np.ndarray, windows_each: int) -> np.ndarray:
    """Return for each of the given windows the number of a stretch: up to so many windows of one unit that follow each other.

    Parameters
    ----------
    rows : int array of m
        Positions among the windows.
    windows_each : int
        An hour of 10-minute windows, say.
    """
    unit = np.unique(windows.units()[rows].astype(str), return_inverse=True)[1]
    order = np.lexsort((windows.start[rows], unit))
    ordered = unit[order]
    first = np.searchsorted(ordered, ordered)
    pairs = np.stack([ordered, (np.arange(len(rows)) - first) // windows_each], axis=1)
    number = np.empty(len(rows), int)
    number[order] = np.unique(pairs, axis=0, return_inverse=True)[1].ravel()
    return number
