"""How far the clocks of captures are believed."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.clock import DAY_NS
from headwise.identity.clocks import FOREVER, believed_until, not_after

KEPT = 14 * DAY_NS
NOW = 1000 * DAY_NS

HOUR_NS = DAY_NS // 24


def day(number: float, count: int = 500) -> np.ndarray:
    """Return the ends of windows spread over a day, so many days after now."""
    return (NOW + number * DAY_NS + np.linspace(1, DAY_NS, count)).astype(np.int64)


NONE = np.zeros(0, np.int64)


@pytest.mark.parametrize("few", [1, 300])
def test_what_is_ahead_of_the_machines_clock_is_not_believed(few: int) -> None:
    """However many they are, on a first night and on later ones, it says which clock they are compared with."""
    for stored in (NONE, day(-2)):
        limit, why = believed_until(stored, np.concatenate([day(-1), day(390, few)]), NOW, KEPT)
        assert day(-1).max() <= limit < day(390, few).min()
        assert "this machine's clock, which says 1972-09-27T00:00Z" in why


def test_a_machine_whose_clock_is_behind_does_not_stop_a_home() -> None:
    """Where its clock starts at 1970, or lies some days back, what follows on the home's own windows is taken in."""
    for clock in (0, NOW - 5 * DAY_NS):
        assert believed_until(np.concatenate([day(-9), day(-1)]), day(0), clock, KEPT)[0] >= day(0).max()
    assert believed_until(NONE, day(0), 0, KEPT)[0] == FOREVER


def test_windows_of_a_clock_that_was_ahead_are_doubted_once_the_clock_is_right() -> None:
    """A whole day that was taken in a year ahead is no truth for ever."""
    limit, _ = believed_until(np.concatenate([day(-1), day(365)]), day(0), NOW + DAY_NS, KEPT)
    assert day(0).max() <= limit < day(365).min()


def test_a_few_that_lie_far_after_all_others_are_not_believed() -> None:
    """In captures of years ago the machine's clock tells nothing: twenty windows a year after the rest are odd, new or stored."""
    stray = day(365, 20)
    for stored, new in ((NONE, np.concatenate([day(0), stray])), (np.concatenate([day(-1), stray]), day(0))):
        limit, why = believed_until(stored, new, NOW + 3000 * DAY_NS, KEPT)
        assert limit == day(0).max()
        assert "more than 14 days after all others" in why


@pytest.mark.parametrize(
    ("new", "clock"),
    [
        (day(40, 12), NOW + 3000 * DAY_NS),  # all that the night brought
        (np.concatenate([day(0), day(40, 12)]), NOW + 41 * DAY_NS),  # of now
        (np.concatenate([day(0), day(40, 200)]), NOW + 3000 * DAY_NS),  # a day of a home
        (np.concatenate([day(0), day(13, 12)]), NOW + 3000 * DAY_NS),  # not far after
    ],
    ids=["alone", "of now", "many", "near"],
)
def test_a_home_that_was_off_goes_on(new: np.ndarray, clock: int) -> None:
    """Windows after a long silence are believed where nothing speaks against them."""
    assert believed_until(day(-1), new, clock, KEPT)[0] >= new.max()


def test_no_time_of_a_device_stands_after_the_moment() -> None:
    """Times are cut, and nothing else is touched."""
    kept = {"identity": {"since": NOW + HOUR_NS, "rival_since": None, "line": True}, "lead": {"left": {"3": NOW + 1}, "sums": [1.5, 3]}}
    cut = {"identity": {"since": NOW, "rival_since": None, "line": True}, "lead": {"left": {"3": NOW}, "sums": [1.5, 3]}}
    assert not_after({"devices": {"a": kept}}, NOW) == {"devices": {"a": cut}}
