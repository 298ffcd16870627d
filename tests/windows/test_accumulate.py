"""Windows of a stream of packets."""

from __future__ import annotations

from random import Random
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwise.errors import InputError
from headwise.windows import Windows, WindowTable
from headwise.windows._kernel import ROOM
from tests.reference.windows import Packet
from tests.windows.packets import SECOND, START, batches, packet, packets

MADE = packets(Random(11), 400)
MINUTE = 60 * SECOND


def _read(made: list[Packet], ends: list[int], length: float | Literal["capture"] = 60.0) -> tuple[WindowTable, dict[str, int]]:
    windows = Windows(length, 4)
    tables = [windows.update(batch) for batch in batches(made, ends)]
    return WindowTable.concatenate([*tables, windows.finish()], 4).sorted(), windows.left_out


def _at(*times: int, device: int = 0, direction: int = 0) -> list[Packet]:
    """Return packets of one device at these times, ns after a multiple of every length used here."""
    made = [packet(Random(1), device, START // (3600 * SECOND) * 3600 * SECOND + time) for time in times]
    for one in made:
        one.direction = direction
    return made


def assert_same(left: WindowTable, right: WindowTable) -> None:
    """Assert that two tables hold the same windows, number by number."""
    for name in ("device", "start", "length_s", "features", "sequence", "capture"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, len(MADE)), max_size=8).map(sorted))
def test_windows_do_not_depend_on_how_packets_are_cut_into_batches(ends: list[int]) -> None:
    """Any batches of the same packets, empty ones too, give the same windows and the same packets left out."""
    whole, split = _read(MADE, []), _read(MADE, ends)
    assert_same(whole[0], split[0])
    assert whole[1] == split[1]


def test_more_windows_than_one_call_gives_are_all_given() -> None:
    """A batch that ends more windows than the core's output holds loses none."""
    made = _at(*(minute * MINUTE for minute in range(3 * ROOM)))
    table, _ = _read(made, [])
    assert len(table) == 3 * ROOM
    assert set(np.diff(table.start)) == {MINUTE}


def test_more_devices_than_one_call_gives_are_all_given_at_the_end() -> None:
    """Open windows of many devices are all ended by `finish`."""
    made = [_at(device, device=device)[0] for device in range(2 * ROOM + 1)]
    table, _ = _read(made, [])
    assert sorted(table.device.tolist()) == [device + 100 for device in range(2 * ROOM + 1)]


def test_a_window_starts_at_a_multiple_of_its_length_and_does_not_hold_its_end() -> None:
    """A packet at the end of a window is the first of the next, also before 1970."""
    table, _ = _read(_at(0, MINUTE - 1, MINUTE, 2 * MINUTE), [])
    assert table.feature("packets_sent").tolist() == [2, 1, 1]
    assert (table.start % MINUTE == 0).all()
    early = _at(0)
    early[0].row["time"] = -1
    assert _read(early, [])[0].start.tolist() == [-MINUTE]


def test_a_slice_in_which_a_device_sent_nothing_is_no_window() -> None:
    """Packets that a device only received make no window."""
    table, left_out = _read(_at(0, direction=1) + _at(MINUTE), [])
    assert table.feature("packets_sent").tolist() == [1]
    assert left_out == {"late": 0, "no_time": 0, "crowded": 0}


def test_a_packet_of_a_window_that_ended_is_late() -> None:
    """What comes after its window ended, by a later packet or by the clock, is counted and changes nothing."""
    windows = Windows(60, 0)
    made = _at(0, MINUTE, MINUTE - 1)
    (batch,) = batches(made)
    assert windows.update(batch).feature("packets_sent").tolist() == [1]
    assert windows.left_out["late"] == 1
    end = made[1].row["time"] + MINUTE
    assert len(windows.close(end - 1)) == 0
    assert windows.close(end).feature("packets_sent").tolist() == [1]
    windows.update(batches(_at(2 * MINUTE - 1))[0])
    assert windows.left_out["late"] == 2
    assert len(windows.finish()) == 0


def test_packets_without_a_time_are_left_out_and_counted() -> None:
    """A packet whose record has no time, or one centuries away, is in no window."""
    made = _at(0, 1, 2, 3)
    for one, time in zip(made[1:], (None, 2**63 - 1, -(2**63)), strict=True):
        one.row["time"] = time
    for length in (60.0, "capture"):
        table, left_out = _read(made, [], length)
        assert table.feature("packets_sent").tolist() == [1]
        assert left_out["no_time"] == 3


def test_memory_is_bounded_however_many_devices_speak() -> None:
    """Devices that find all slots taken are left out and counted, until a window is over."""
    windows = Windows(60, 4, open_windows=4)
    tables = [windows.update(batches([one])[0]) for device in range(6) for one in _at(device, device=device)]
    assert windows.left_out["crowded"] == 2
    later = [one for device in range(6, 10) for one in _at(MINUTE, device=device)]
    tables += [windows.update(batch) for batch in batches(later)]
    assert windows.left_out["crowded"] == 2
    table = WindowTable.concatenate([*tables, windows.finish()], 4)
    assert sorted(table.device.tolist()) == [100, 101, 102, 103, 106, 107, 108, 109]


def test_another_capture_begins_with_nothing_of_the_one_before() -> None:
    """After `restart` the same packets give the same windows, under another capture's number."""
    windows = Windows("capture", 4, capture=0)
    windows.take(batches(MADE)[0])
    windows.restart(1)
    windows.take(batches(MADE)[0])
    table = windows.finish()
    first, second = table.select(table.capture == 0), table.select(table.capture == 1)
    assert len(first) == 3
    second.capture = first.capture
    assert_same(first, second)


@pytest.mark.parametrize("length", [9.99, 86400.5, float("nan"), "day"])
def test_a_length_out_of_bounds_is_refused(length: float) -> None:
    """Window lengths are 10 s to a day, or the word capture."""
    with pytest.raises(InputError, match="10 to 86400"):
        Windows(length)


@pytest.mark.parametrize("sequence", [-1, 1025])
def test_a_sequence_out_of_bounds_is_refused(sequence: int) -> None:
    """Sequences are 0 to 1,024 packets."""
    with pytest.raises(InputError, match="0 to 1024"):
        Windows(600, sequence)
