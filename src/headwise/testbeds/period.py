"""A stretch of time that options give: from a moment on, until before another."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from headwise.errors import InputError

NS = 1_000_000_000
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Period:
    """Windows from `since` on (inclusive) that ended by `until` (exclusive); nanoseconds since 1970, UTC, None for no bound."""

    since: int | None = None
    until: int | None = None

    def holds(self, start: np.ndarray, length_s: np.ndarray) -> np.ndarray:
        """Return for each window whether it lies wholly inside, so that periods that meet share no packet.

        Parameters
        ----------
        start : int64 array
            Nanoseconds since 1970.
        length_s : float64 array
            Seconds.
        """
        inside = np.ones(len(start), bool)
        if self.since is not None:
            inside &= start >= self.since
        if self.until is not None:
            inside &= start + np.round(length_s * NS).astype(np.int64) <= self.until
        return inside


def parse_period(since: str | None, until: str | None) -> Period:
    """Return the period between two dates or times.

    Raises
    ------
    InputError
        Where one is no date or time, or the end is not after the start.
    """
    period = Period(parse_moment(since, "--from"), parse_moment(until, "--until"))
    if period.since is not None and period.until is not None and period.until <= period.since:
        raise InputError(f"'{until}' is not after '{since}'", where="--until", do="give a later end (it is exclusive)")
    return period


def parse_moment(text: str | None, where: str) -> int | None:
    """Return a UTC date (its midnight) or time, as ``2019-07-01`` or ``2019-07-01T07:36:00Z``, in nanoseconds since 1970.

    Raises
    ------
    InputError
        Where the text is neither.
    """
    if text is None:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return (moment - _EPOCH) // datetime.timedelta(microseconds=1) * 1000
    except (ValueError, OverflowError) as error:
        raise InputError(f"'{text}' is no date or time", where=where, do="write 2019-07-01 or 2019-07-01T07:36:00Z (UTC)") from error


def day_of(start: np.ndarray) -> np.ndarray:
    """Return the UTC day of each time (int64 ns) as whole days since 1970."""
    return start // (86_400 * NS)


def day_name(day: int) -> str:
    """Return a day since 1970 as ``2019-07-01``."""
    return (_EPOCH + datetime.timedelta(days=int(day))).date().isoformat()
