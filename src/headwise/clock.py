"""Moments as they are kept (nanoseconds since 1970, UTC) and as they are told (ISO 8601)."""

from __future__ import annotations

import datetime

NS = 1_000_000_000
DAY_NS = 86_400 * NS
_EPOCH = datetime.datetime(1970, 1, 1)


def iso_time(moment: int) -> str:
    """Return nanoseconds since 1970 as ISO 8601, UTC, to the microsecond."""
    return (_EPOCH + datetime.timedelta(microseconds=moment // 1000)).isoformat(timespec="microseconds") + "Z"


def moment_of(text: str) -> int:
    """Return the nanoseconds since 1970 that `iso_time` wrote.

    Raises
    ------
    ValueError
        Where the text is no such time.
    """
    if not text.endswith("Z"):
        raise ValueError(f"{text!r} does not end in Z")
    return (datetime.datetime.fromisoformat(text[:-1]) - _EPOCH) // datetime.timedelta(microseconds=1) * 1000
