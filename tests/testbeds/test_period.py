"""Stretches of time."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.errors import InputError
from headwise.testbeds import day_name, day_of, parse_moment, parse_period

HOUR = 3600 * 10**9


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("1970-01-02", 24),
        ("1970-01-01T07:00", 7),
        ("1970-01-01T07:00:00Z", 7),
        ("1970-01-01 07:00:00+02:00", 5),
        ("1969-12-31", -24),
    ],
)
def test_dates_and_times_are_utc_unless_they_say_otherwise(text: str, hours: int) -> None:
    """A date is its midnight; an offset is honoured."""
    assert parse_moment(text, "--from") == hours * HOUR


def test_microseconds_are_kept() -> None:
    """A time is exact, which a float of seconds would not be."""
    assert parse_moment("2019-07-01T07:36:00.123457Z", "--from") == 1561966560123457000


@pytest.mark.parametrize("text", ["", "yesterday", "2019-13-01", "2019-07-01T25:00"])
def test_what_is_no_date_is_refused_by_name(text: str) -> None:
    """The option and the text are named."""
    with pytest.raises(InputError, match="no date or time") as caught:
        parse_moment(text, "--until")
    assert caught.value.where == "--until"


def test_an_end_before_its_start_is_refused() -> None:
    """A period of no time is a mistake, not an empty result."""
    with pytest.raises(InputError, match="not after"):
        parse_period("2019-07-02", "2019-07-02")


def test_periods_that_meet_share_no_packet() -> None:
    """A window that reaches over the border is in neither; one that ends on it is before it."""
    border = "1970-01-01T01:00"
    start, length = np.array([0, HOUR // 2, HOUR]), np.array([3600.0, 3600.0, 3600.0])
    assert parse_period(None, border).holds(start, length).tolist() == [True, False, False]
    assert parse_period(border, None).holds(start, length).tolist() == [False, False, True]


def test_days_are_utc_days() -> None:
    """The last nanosecond of a day is of that day."""
    days = day_of(np.array([24 * HOUR - 1, 24 * HOUR, -1]))
    assert [day_name(day) for day in days] == ["1970-01-01", "1970-01-02", "1969-12-31"]
