"""Moments as numbers and as text."""

from __future__ import annotations

import pytest

from headwise.clock import NS, iso_time, moment_of


def test_a_moment_is_told_in_utc_and_read_back() -> None:
    """What is written says UTC and gives the same microsecond again, before 1970 too."""
    assert iso_time(1_561_939_200 * NS) == "2019-07-01T00:00:00.000000Z"
    for moment in (0, 1_561_939_200_123_456_000, -1_000_000):
        assert moment_of(iso_time(moment)) == moment


@pytest.mark.parametrize("text", ["2019-07-01T00:00:00", "soon", "Z"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    """A time without its zone, or no time, is an error."""
    with pytest.raises(ValueError):
        moment_of(text)
