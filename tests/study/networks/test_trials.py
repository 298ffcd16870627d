"""Splits on which networks are scored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headwise.study.networks.trials import DAYS, SHORT, at_most, boot_mode, earlier, earlier_days, trials
from headwise.testbeds import LabelledWindows, day_of
from headwise.testbeds.labelled import join
from tests.models.synthetic import synthetic_windows


def in_bed(name: str, **shape: int) -> LabelledWindows:
    """Return made-up windows of a test-bed."""
    windows = synthetic_windows(**shape)
    return replace(windows, testbed=np.full(len(windows), name, object))


def test_what_is_scored_is_later_or_elsewhere() -> None:
    """Days, set-ups and windows of a unit that are scored lie after those that train; places are not in training at all."""
    windows = join([in_bed(DAYS), in_bed(SHORT[0]), in_bed(SHORT[1])])
    boots = np.flatnonzero(windows.testbed == SHORT[1])
    files = [""] * len(windows)
    for number, row in enumerate(boots):
        files[row] = f"{windows.unit[row]}/interception-{number % 9}.pcap.zst"
    found = list(trials(windows, files))
    assert [each.measure for each in found] == ["days"] * 2 + ["setups"] * 3 + ["boots", "all"] + ["places"] * 3
    for each in found:
        assert len(each.train)
        assert len(each.test)
        assert not np.intersect1d(each.train, each.test).size
        if each.measure == "places":
            assert not set(windows.testbed[each.train]) & set(windows.testbed[each.test])
        elif each.measure != "boots":
            for unit in np.unique(windows.units()[each.test].astype(str)):
                train, test = (rows[windows.units()[rows] == unit] for rows in (each.train, each.test))
                assert windows.start[train].max() < windows.start[test].min()


def test_boots_are_scored_in_modes_that_did_not_train() -> None:
    """The mode is read from the capture's name, and only where the capture is of the unit's own boot."""
    assert boot_mode("captures/t-echodot/interception-4.pcap.zst", "t-echodot") == 4
    assert boot_mode("captures/t-echodot/interception-4.pcap.zst", "hub") == -1
    assert boot_mode("", "hub") == -1


def test_earlier_is_by_share_of_each_product() -> None:
    """Three quarters of each product's windows train."""
    windows = synthetic_windows(days=2, each=6)
    kept = earlier(windows, np.arange(len(windows)), 0.75)
    assert np.unique(windows.product[kept].astype(str), return_counts=True)[1].tolist() == [9] * 4


def test_days_of_a_unit_are_not_cut() -> None:
    """Whole days train or are scored, but for a unit of one day; both sides always hold something."""
    for days, each, expected in ((6, 12, 4), (2, 12, 1)):
        windows = synthetic_windows(days=days, each=each)
        kept = earlier_days(windows, 0.7)
        assert len(kept) == 4 * expected * each
        assert np.unique(day_of(windows.start[kept])).tolist() == list(range(expected))
    assert len(earlier_days(synthetic_windows(days=1, each=10), 0.7)) == 4 * 7


def test_the_chatty_are_held_down() -> None:
    """No unit gives more windows than it may, the same ones each time."""
    windows = synthetic_windows(days=2, each=10)
    first, second = (at_most(windows, np.arange(len(windows)), 15) for _ in range(2))
    assert np.array_equal(first, second)
    assert len(first) == 4 * 15
