"""Training days set aside by turns."""

from __future__ import annotations

import numpy as np

from headwise.models.folds import FOLDS, fold_of, last_days, stretches
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


def test_the_last_day_of_each_class_is_held() -> None:
    """All windows of a class's own last day are held, also where another class was seen later, and no others."""
    windows = synthetic_windows(days=4, each=5)
    early = windows.select((windows.product != "product-0") | (day_of(windows.start) < 2))
    held = last_days(early.start, early.product)
    days = {name: set(day_of(early.start[held & (early.product == name)]).tolist()) for name in set(early.product)}
    assert days == {"product-0": {1}, "product-1": {3}, "product-2": {3}, "product-3": {3}}
    assert held.sum() == 4 * 5


def test_a_class_of_one_day_keeps_most_of_it() -> None:
    """Where the last day is nearly all there is, the last fifth is held, and of fewer than five windows none."""
    windows = synthetic_windows(classes=2, days=1, each=11)
    held = last_days(windows.start, windows.product)
    assert [np.flatnonzero(held[windows.product == name]).tolist() for name in ("product-0", "product-1")] == [[9, 10]] * 2
    assert not last_days(windows.start[:4], windows.product[:4]).any()
