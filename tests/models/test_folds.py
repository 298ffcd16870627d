"""Training days set aside by turns."""

from __future__ import annotations

import numpy as np

from headwise.models.folds import FOLDS, fold_of, stretches
from headwise.testbeds import day_of
from tests.models.synthetic import synthetic_windows


def test_no_day_of_a_class_is_torn() -> None:
    """All windows of a class and day are set aside together, days that follow each other together, in every fold."""
    windows = synthetic_windows(days=7)
    fold = fold_of(windows, windows.product)
    for label in set(windows.product):
        rows = windows.product == label
        days = day_of(windows.start[rows])
        assert all(len(set(fold[rows][days == day])) == 1 for day in set(days))
        assert (np.diff(fold[rows][np.argsort(days, kind="stable")]) >= 0).all()
        assert set(fold[rows]) == set(range(FOLDS))


def test_few_days_are_cut_by_time() -> None:
    """A class of fewer days than folds still has windows in each fold, the earlier ones in the earlier."""
    windows = synthetic_windows(days=1, each=20)
    fold = fold_of(windows, windows.product)
    for label in set(windows.product):
        rows = windows.product == label
        assert (np.diff(fold[rows]) >= 0).all()
        assert set(fold[rows]) == set(range(FOLDS))


def test_stretches_are_of_one_unit_and_bounded() -> None:
    """A stretch holds windows of one unit that follow each other, at most as many as asked."""
    windows = synthetic_windows(days=2, each=10)
    rows = np.random.default_rng(1).permutation(len(windows))[:50]
    number = stretches(windows, rows, 6)
    for one in set(number.tolist()):
        members = rows[number == one]
        assert len(set(windows.unit[members])) == 1
        assert len(members) <= 6
        of_unit = rows[windows.unit[rows] == windows.unit[members[0]]]
        between = (windows.start[of_unit] >= windows.start[members].min()) & (windows.start[of_unit] <= windows.start[members].max())
        assert between.sum() == len(members)
