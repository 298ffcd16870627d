"""Live traffic gives the windows that a file of the same packets gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headwise.capture.ring import Ring
from headwise.capture.simulated import Plan, write
from headwise.headers import HeaderReader
from headwise.headers.batch import HeaderBatch
from headwise.headers.live import LiveReader
from headwise.headers.schema import allocate
from headwise.windows import read_windows
from headwise.windows.live import LiveWindows
from headwise.windows.table import WindowTable
from tests.corpus import capture_bytes
from tests.machine import require_namespaces
from tests.wire import laid

SECOND = 1_000_000_000
HOUR = 3600 * SECOND


class Retimed(LiveReader):
    """Gives the packets of the wire the times that they have in the file they come from."""

    def __init__(self, ring: Ring, times: np.ndarray) -> None:
        super().__init__(ring)
        self.times = times

    def read(self, seconds: float) -> HeaderBatch | None:
        """Return a batch with times of the file."""
        batch = super().read(seconds)
        if batch is not None:
            batch.columns["time"][: batch.rows] = self.times[self.rows - batch.rows : self.rows]
        return batch


def frames_of(path: Path) -> tuple[list[bytes], np.ndarray]:
    """Return the frames of a pcap file of whole little-endian records, and their times."""
    content, at, frames = capture_bytes(path), 24, []
    while at < len(content):
        length = int.from_bytes(content[at + 8 : at + 12], "little")
        frames.append(content[at + 16 : at + 16 + length])
        at += 16 + length
    times = np.concatenate([batch["time"].copy() for batch in HeaderReader([path])])
    return frames, times


def over_the_wire(frames: list[bytes], times: np.ndarray, length: float) -> tuple[WindowTable, LiveReader]:
    """Send frames over a virtual cable and return the windows that come out of the ring."""
    with laid(require_namespaces()) as wire:

        def work() -> tuple[WindowTable, LiveReader]:
            tables = []
            with Ring(wire.far) as ring:
                reader = Retimed(ring, times)
                live = LiveWindows(reader, length, clock=lambda: 0)
                for first in range(0, len(frames), 5000):
                    wire.send(frames[first : first + 5000])
                    tables.append(live.read(1))
                while reader.packets < len(frames):
                    tables.append(live.read(1))
                tables.append(live.finish())
                assert ring.statistics().dropped == 0
            return WindowTable.concatenate(tables, 32).sorted(), reader

        return wire.inside(work)


def assert_same(found: WindowTable, wanted: WindowTable) -> None:
    """Check that two tables hold the same windows, value by value."""
    assert len(wanted) > 1
    for name in ("device", "start", "length_s", "features", "sequence"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)


@pytest.mark.parametrize("length", [60.0, 600.0])
def test_a_simulated_home_on_the_wire_gives_the_windows_of_its_file(tmp_path: Path, length: float) -> None:
    """Frames of a capture, sent over a cable, give the same windows as the capture: the same devices, features, sequences."""
    write(Plan(devices=4, days=1, seed=5, snap=0), tmp_path)
    (path,) = tmp_path.glob("captures/*.pcap")
    frames, times = frames_of(path)
    frames, times = frames[:20000], times[:20000]
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(path.read_bytes()[: 24 + sum(16 + len(frame) for frame in frames)])
    found, reader = over_the_wire(frames, times, length)
    assert reader.packets == reader.rows == len(frames)
    assert_same(found, read_windows([cut], length=length).table)


@pytest.mark.parametrize("name", ["unsw-2014", "aalto-2016", "netherlands-2024"])
def test_real_captures_on_the_wire_give_the_windows_of_their_files(data: Path, name: str, tmp_path: Path) -> None:
    """The same holds of real devices' packets, with every odd one among them."""
    for path in sorted((data / name / "captures").rglob("*.pcap*"), key=lambda p: p.stat().st_size)[-20:]:
        content = capture_bytes(path)
        if content[:4] not in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
            continue
        frames, times = frames_of(path)
        # What an interface would not carry: frames beyond its largest, and ones shorter than a header.
        if 500 < len(frames) < 20000 and all(14 < len(frame) < 9014 for frame in frames) and bool((np.diff(times) >= 0).all()):
            break
    else:
        pytest.fail("no capture of the test-bed can be sent")
    found, _ = over_the_wire(frames, times, 60.0)
    assert_same(found, read_windows([path], length=60.0).table)


class Silent:
    """Stands for a reader: gives the batches it was handed, then nothing."""

    def __init__(self, batches: list[HeaderBatch]) -> None:
        self.batches = batches

    def read(self, seconds: float) -> HeaderBatch | None:
        """Return the next batch."""
        return self.batches.pop(0) if self.batches else None


def spoken(time: int) -> HeaderBatch:
    """Return one broadcast packet of one device at a time."""
    columns = allocate(1)
    columns["time"][0], columns["source_mac"][0], columns["destination_mac"][0] = time, 0x240AC4000001, 0xFFFFFFFFFFFF
    columns["ethertype"][0], columns["wire_length"][0] = 0x0806, 60
    columns["present"][0] = 0b10111
    return HeaderBatch(1, columns)


def test_a_window_ends_by_the_clock_where_no_packet_follows() -> None:
    """A device that falls silent has its window a moment after the window's time is over."""
    now = [100 * HOUR]
    live = LiveWindows(Silent([spoken(100 * HOUR)]), 60, clock=lambda: now[0])
    assert len(live.read(0)) == 0
    now[0] += 61 * SECOND
    assert len(live.read(0)) == 0
    now[0] += 2 * SECOND
    assert live.read(0).start.tolist() == [100 * HOUR]


def test_a_clock_that_is_set_back_begins_anew() -> None:
    """After a step back of the clock packets are counted in windows of the new time, and the open ones are told."""
    live = LiveWindows(Silent([spoken(100 * HOUR), spoken(90 * HOUR), spoken(90 * HOUR + 70 * SECOND)]), 60, clock=lambda: 0)
    starts = [live.read(0).start.tolist() for _ in range(3)] + [live.finish().start.tolist()]
    assert starts == [[], [100 * HOUR], [90 * HOUR], [90 * HOUR + 60 * SECOND]]
    assert live.left_out["late"] == 0
