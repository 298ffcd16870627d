"""Which changes of devices were told already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headwise.identity.drift import Drift
from headwise.identity.noticed import DAY_NS, Noticed, news

DRIFT = Drift(1, "answers", 10 * DAY_NS, 11 * DAY_NS, 1.0, 0.0, "gets no answers any more")


def test_what_was_told_is_no_news() -> None:
    """The same change found again is none, also where what is kept by then moved it by some hours."""
    told = [Noticed.from_json(Noticed.of(DRIFT).to_json())]
    for hours in (-20, 0, 20):
        assert news([replace(DRIFT, time=DRIFT.time + hours * DAY_NS // 24, noticed=DRIFT.noticed + DAY_NS)], told) == []
    assert news([DRIFT], []) == [DRIFT]


@pytest.mark.parametrize(
    "other",
    [{"device": 2}, {"quantity": "belief"}, {"before": 0.0, "after": 1.0}, {"time": 12 * DAY_NS}],
    ids=["device", "quantity", "direction", "time"],
)
def test_another_change_is_news(other: dict[str, object]) -> None:
    """Of another device or quantity, the other way, or at another time."""
    drift = replace(DRIFT, **other)  # type: ignore[arg-type]
    assert news([drift], [Noticed.of(DRIFT)]) == [drift]
