"""What changed of a device."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from headwise.identity.drift import drifts_of, event_of
from headwise.study.dead_services import Death, read_dead
from headwise.study.replay_home import table_of
from headwise.testbeds import LabelledWindows, day_of
from headwise.windows import WindowTable

BULB, PLUG = 0x50C7BFEBECC4, 0x0C80636564DE
CAMERA, CHIME = 0x146B9C858AFE, 0x883F4AF5DED0
HOUR = 3600 * 10**9


def of(windows: LabelledWindows, *macs: int) -> WindowTable:
    """Return the windows of some devices."""
    return table_of(windows.select(np.isin(windows.device, macs)))


def changed_to(windows: LabelledWindows, who: int, whom: int, since: int) -> WindowTable:
    """Return a device's windows, of which those from a moment on hold what another device did."""
    own, theirs = (windows.select(windows.device == mac) for mac in (who, whom))
    rows, source = np.flatnonzero(own.start >= since), np.flatnonzero(theirs.start >= since)
    features = own.features.copy()
    features[rows] = theirs.features[source[np.arange(len(rows)) % len(source)]]
    return table_of(replace(own, features=features))


@pytest.mark.slow
def test_devices_that_do_what_they_always_did_raise_no_alarm(stevens: LabelledWindows, floridatech: LabelledWindows) -> None:
    """Fourteen devices over seventeen days: no event."""
    for windows in (stevens, floridatech):
        for mac in np.unique(windows.device).tolist():
            assert drifts_of(of(windows, mac), mac) == []


@pytest.mark.parametrize("pair", [(PLUG, CAMERA), (CAMERA, CHIME)])
def test_another_firmware_is_noticed_within_a_day_and_named(stevens: LabelledWindows, pair: tuple[int, int]) -> None:
    """A device that does what another did is said to use other ports and another network stack, since about the right hour."""
    who, whom = pair
    since = int(day_of(stevens.start).min() + 7) * 24 * HOUR + 10 * HOUR
    drifts = drifts_of(changed_to(stevens, who, whom, since), who)
    assert drifts[0].noticed - since <= 24 * HOUR
    assert abs(drifts[0].time - since) <= 3 * HOUR
    words = " / ".join(drift.words for drift in drifts)
    assert "talks to new ports" in words
    assert "has another network stack" in words


def test_three_times_as_much_is_told_as_three_times(stevens: LabelledWindows) -> None:
    """The number in the words is what happened, and nothing else is said to have changed."""
    table = of(stevens, CHIME)
    since = int(day_of(stevens.start).min() + 6) * 24 * HOUR
    table.features[table.start >= since, table.names.index("bytes_sent")] *= 3
    assert [drift.words for drift in drifts_of(table, CHIME)] == ["sends 3 times as many bytes"]


def test_belief_in_the_name_is_watched(stevens: LabelledWindows) -> None:
    """A device that the model believes less from some day on looks less like its name."""
    table = of(stevens, CHIME)
    belief = np.where(table.start < int(day_of(stevens.start).min() + 6) * 24 * HOUR, 0.97, 0.4)
    drifts = drifts_of(table, CHIME, belief, "ring-chime")
    assert len(drifts) == 1
    assert drifts[0].words.startswith("looks less like ring-chime (97% before, 4")
    event = event_of(drifts, "ring-chime", "named")
    assert (event.kind, event.label, event.evidence[1:]) == ("drift", "ring-chime", (drifts[0].words,))


def test_a_service_that_died_is_an_event(data: Path, stevens: LabelledWindows) -> None:
    """Real captures in which the chime's servers say nothing from its seventh day on: it is told within a day that nobody answers."""
    since = int(day_of(stevens.start).min() + 7) * 24 * HOUR
    live = of(stevens, CHIME)
    sequence = live.sequence.shape[1]
    dead = read_dead([data / "stevens-2019" / "captures" / "ring-chime"], Death.UNANSWERED, sequence=sequence)
    after = dead.select((dead.device == CHIME) & (dead.start >= since))
    drifts = drifts_of(WindowTable.concatenate([live.select(live.start < since), after], sequence), CHIME)
    assert {"gets no answers any more", "opens connections that nobody answers"} & {drift.words for drift in drifts}
    assert min(drift.noticed for drift in drifts) - since <= 24 * HOUR
