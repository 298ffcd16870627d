"""Which windows train and which are scored."""

from __future__ import annotations

import numpy as np

from headwise.study.accuracy.splits import at_most, by_days, each_units, earliest, seen, setup_splits, shared, starts_of
from headwise.testbeds import day_of
from tests.models.synthetic import synthetic_windows
from tests.study.accuracy.beds import two_beds

WINDOWS = synthetic_windows(classes=3, days=5, each=8)


def test_start_days_leave_a_later_day_to_score() -> None:
    """With five days there are four starts of one day and one of four; windows of other days are not among them."""
    assert starts_of(WINDOWS, 1) == [0, 1, 2, 3]
    assert starts_of(WINDOWS, 4) == [0]
    assert set(day_of(WINDOWS.start[by_days(WINDOWS, 1, 2)]).tolist()) == {1, 2}


def test_every_split_of_set_ups_trains_on_earlier_ones() -> None:
    """By product, or by a day before which nearly all products were seen: nothing that trains is later than what is scored."""
    splits = dict(setup_splits(WINDOWS))
    assert len([name for name in splits if name.startswith("all before")]) >= 1
    for name, train in splits.items():
        test = np.setdiff1d(np.arange(len(WINDOWS)), train)
        for product in set(WINDOWS.product.tolist()):
            of = WINDOWS.product == product
            assert WINDOWS.start[train][of[train]].max() < WINDOWS.start[test][of[test]].min(), name


def test_a_units_later_days_are_scored_whole() -> None:
    """No day is on both sides, and each side has every unit; a unit of one day is cut within it."""
    early, late = each_units(WINDOWS)
    assert set(day_of(WINDOWS.start[early]).tolist()).isdisjoint(day_of(WINDOWS.start[late]).tolist())
    assert len(early) + len(late) == len(WINDOWS)
    one = WINDOWS.select(day_of(WINDOWS.start) == 0)
    early, late = each_units(one)
    assert (len(early), len(late)) == (18, 6)
    assert one.start[early].max() < one.start[late].max()


def test_chatty_units_are_thinned_in_the_order_of_time() -> None:
    """At most so many of each unit remain."""
    rows = at_most(WINDOWS, np.arange(len(WINDOWS)), 10)
    assert sorted(np.unique(WINDOWS.unit[rows].astype(str), return_counts=True)[1].tolist()) == [10, 10, 10]
    assert (np.diff(WINDOWS.start[rows]) >= 0).all()


def test_products_that_never_trained_are_not_scored() -> None:
    """They are strangers, and other rows are about those."""
    train = np.flatnonzero(WINDOWS.product != "product-2")
    assert set(WINDOWS.product[seen(WINDOWS, train, np.arange(len(WINDOWS)))].tolist()) == {"product-0", "product-1"}


def test_shared_products_are_in_two_test_beds() -> None:
    """One that is in a single test-bed, also with two units there, is not."""
    windows = two_beds(classes=4, away=2)
    assert shared(windows) == [(f"product-{n}", bed) for n in range(2) for bed in ("north", "south")]


def test_the_earliest_of_each_product_are_by_time_and_not_by_place() -> None:
    """Windows in any order give the same split."""
    turned = WINDOWS.select(np.arange(len(WINDOWS))[::-1])
    first, other = WINDOWS.start[earliest(WINDOWS, 0.5)], turned.start[earliest(turned, 0.5)]
    assert sorted(first.tolist()) == sorted(other.tolist())
