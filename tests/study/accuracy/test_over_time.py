"""Rows of the table that are about time: how they are made of what happened."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from headwise.study.accuracy.linking import Case, _row, cases_of, chosen
from headwise.study.accuracy.nightly import row_of
from headwise.study.accuracy.time_to_name import arrivals, minutes_to_name
from headwise.study.replay_home import Day, days_of
from headwise.testbeds import LabelledWindows, day_of
from tests.identity.naming import products_of

HOUR = 3600 * 10**9


def silent(words: str) -> None:
    """Tell nobody."""


def coffee_maker(stevens: LabelledWindows) -> LabelledWindows:
    """Return an hour of a device that always has something to say."""
    windows = days_of(stevens)[4]
    return windows.select(np.flatnonzero(windows.product == "gourmia-gcmw-4750")[1:7])


@pytest.mark.parametrize(
    ("says", "minutes"),
    [
        ([0.97] * 6, 10.0),
        ([0.03, 0.97, 0.97, 0.97, 0.97, 0.97], math.inf),
        ([0.01] * 6, math.inf),
    ],
)
def test_minutes_count_until_the_last_change_to_the_right_name(stevens: LabelledWindows, says: list[float], minutes: float) -> None:
    """A name at the end of the first window is ten minutes; where the hour ends without the right one it is never."""
    windows = coffee_maker(stevens)
    probabilities = np.stack([np.array(says), 1 - np.array(says)], axis=1)
    assert minutes_to_name(windows, probabilities, products_of(("gourmia-gcmw-4750", "tenvis-camera"))) == minutes


@pytest.mark.slow
def test_devices_that_arrive_are_named_soon(stevens: LabelledWindows) -> None:
    """Of two days after three of training, nearly every device is named within the hour, most at the end of their first window."""
    days = day_of(stevens.start) - day_of(stevens.start).min()
    found = list(arrivals(stevens.select((days >= 2) & (days < 5)), stevens.select((days >= 5) & (days < 7))))
    minutes = np.array([arrival.minutes for arrival in found])
    assert len({arrival.product for arrival in found}) == 7
    assert np.median(minutes) == 10
    assert np.quantile(minutes, 0.9, method="higher") <= 60


def test_days_that_are_worse_are_counted() -> None:
    """Worse, better, the largest loss and the windows behind it."""
    days = [
        Day(f"2019-07-0{number}", 800, 0.99, found, missed, "m", ())
        for number, found, missed in ((1, 0.99, 0), (2, 0.995, -3), (3, 0.98, 5))
    ]
    row = row_of({"stevens-2019": {(0, 1): days}})
    assert (row.values["days"], row.values["worse"], row.values["better"], row.values["most_windows_lost"]) == (3, 1, 1, 5)
    assert row.values["largest_loss"] == pytest.approx(0.01)
    assert "| 2019-07-03 | 0.9900 > 0.9800 |" in row.details


def test_links_are_counted_by_what_was_true() -> None:
    """Right where the first suggestion is the old MAC; wrong wherever a link was accepted that is none."""
    cases = [
        Case("rotated", "a", 1, 1, 6.0, 1),
        Case("rotated", "b", 1, None, 6.0, 2),
        Case("new", "c", 3, 3, 6.0, None),
        Case("new, its like gone", "d", 4, 4, 6.0, None),
    ]
    row = _row({"stevens-2019": cases})
    assert (row.values["right_first"], row.values["accepted"], row.values["wrong_accepted"]) == (0.5, 0.5, 1)


@pytest.mark.slow
def test_rotated_macs_are_linked_and_new_devices_are_not(floridatech: LabelledWindows) -> None:
    """On five days of seven devices nothing wrong is accepted, but for units of one product that take each other's place."""
    cases = cases_of(floridatech, "floridatech-2021", silent)
    row = _row({"floridatech-2021": cases})
    # Three of the seven are cameras of one product: which of them a new MAC is, cannot always be told.
    assert row.values["right_first"] >= 0.8
    assert row.values["wrong_accepted"] == 0
    assert chosen(0xF4B85EFF2B1B) >> 40 & 2
