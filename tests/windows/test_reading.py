"""Real captures to windows."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import numpy as np
import pytest
import zstandard

from headwise.devices import Attribution
from headwise.headers import HeaderReader
from headwise.headers.schema import COLUMNS, CUT, MALFORMED
from headwise.windows import WindowReader, Windows, WindowTable, names, read_windows
from tests.reference import windows as twin
from tests.reference.window_features import features as all_features

TESTBEDS = ("aalto-2016", "boston-2021", "floridatech-2021", "netherlands-2024", "nku-2024", "stevens-2019")


def some(data: Path, testbed: str, most: int = 3) -> list[Path]:
    """Return a few captures of a test-bed."""
    found = sorted(path for path in (data / testbed / "captures").rglob("*") if path.is_file())
    return found[:: max(1, len(found) // most)][:most]


def read(paths: list[Path], batch_rows: int, length: float) -> WindowTable:
    """Return the windows of captures that are read in batches of so many rows."""
    attribution, windows = Attribution(), Windows(length, 8)
    tables = [windows.update(attribution.update(batch)) for batch in HeaderReader(paths, batch_rows=batch_rows)]
    return WindowTable.concatenate([*tables, windows.finish()], 8).sorted()


def packets_of(paths: list[Path], most: int) -> list[twin.Packet]:
    """Return the first attributed packets of captures as the plain twin takes them."""
    found: list[twin.Packet] = []
    attribution = Attribution()
    for batch in HeaderReader(paths, batch_rows=5000):
        attributed = attribution.update(batch)
        columns = {column.name: batch[column.name] for column in COLUMNS}
        has = {column.name: batch.has(column.name) for column in COLUMNS if column.bit is not None}
        for position in range(attributed.rows):
            row = int(attributed.row[position])
            values = {
                name: (array[row].tobytes() if array.ndim == 2 else int(array[row])) if name not in has or has[name][row] else None
                for name, array in columns.items()
            }
            values["link_type"] = int(batch["link_type"][row])
            whole = not batch["present"][row] & (CUT | MALFORMED)
            device, way, peer = int(attributed.device[position]), int(attributed.direction[position]), int(attributed.peer[position])
            found.append(twin.Packet(device, way, peer, values, whole=whole))
            if len(found) == most:
                return found
    return found


def sliced(source: Path, target: Path, snap: int) -> None:
    """Copy a little-endian pcap with its packets cut to `snap` bytes."""
    data, position = zstandard.ZstdDecompressor().decompressobj().decompress(source.read_bytes()), 24
    assert data[:4] == b"\xd4\xc3\xb2\xa1"
    with target.open("wb") as file:
        file.write(data[:24])
        while position < len(data):
            seconds, fraction, captured, length = struct.unpack_from("<IIII", data, position)
            kept = min(captured, snap)
            file.write(struct.pack("<IIII", seconds, fraction, kept, length) + data[position + 16 : position + 16 + kept])
            position += 16 + captured


@pytest.mark.parametrize("testbed", TESTBEDS)
def test_windows_of_real_captures_do_not_depend_on_batches(data: Path, testbed: str) -> None:
    """Batches of 977 rows and of the whole give the same windows."""
    paths = some(data, testbed)
    small, large = read(paths, 977, 60), read(paths, 1 << 16, 60)
    assert len(small) > 0
    np.testing.assert_array_equal(small.features, large.features)
    np.testing.assert_array_equal(small.sequence, large.sequence)
    np.testing.assert_array_equal(small.start, large.start)


def test_windows_do_not_depend_on_how_many_are_made_at_a_time(data: Path) -> None:
    """Features of windows one by one and of hundreds together are the same, in the same order."""
    paths = some(data, "boston-2021")
    few, many = (list(WindowReader(paths, length=60, sequence=8, chunk=chunk)) for chunk in (1, 4096))
    assert len(few) > 2 * len(many)
    one, other = (WindowTable.concatenate(tables, 8) for tables in (few, many))
    np.testing.assert_array_equal(one.features, other.features)
    np.testing.assert_array_equal(one.sequence, other.sequence)
    np.testing.assert_array_equal(one.device, other.device)
    np.testing.assert_array_equal(one.start, other.start)


@pytest.mark.parametrize("testbed", TESTBEDS)
def test_features_of_real_captures_are_those_of_the_plain_twin(data: Path, testbed: str) -> None:
    """Each feature of the first windows of real traffic equals what its definition gives."""
    paths = some(data, testbed)
    packets = packets_of(paths, 3000)
    expected = sorted(twin.cut(packets, 10 * 10**9)[0], key=lambda window: (window.start, window.device))
    # The last windows are cut short by the number of packets.
    expected = [window for window in expected if window.start + 10 * 10**9 <= packets[-1].time]
    assert expected
    table = read(paths, 5000, 10)
    table = table.select(np.lexsort((table.device, table.start))[: len(expected)])
    assert [(w.device, w.start) for w in expected] == list(zip(table.device.tolist(), table.start.tolist(), strict=True))
    for window, found in zip(expected, table.features, strict=True):
        wanted = all_features(window)
        np.testing.assert_allclose(found, [wanted[name] for name in names()], rtol=2e-6, atol=1e-4)


def test_captures_are_windows_of_their_own(data: Path) -> None:
    """With windows by capture each file gives a window a device, numbered by its place among the files."""
    paths = some(data, "aalto-2016", most=4)
    reading = read_windows(paths, length="capture")
    assert set(reading.table.capture.tolist()) == set(range(len(reading.reader.paths)))
    for index, path in enumerate(reading.reader.paths):
        alone = read_windows([path], length="capture").table
        mine = reading.table.select(reading.table.capture == index)
        np.testing.assert_array_equal(mine.features, alone.features)
        np.testing.assert_allclose(mine.length_s, mine.feature("span"), rtol=1e-6)
    assert reading.reader.packets == reading.reader.rows + sum(reading.reader.counted.values())


def test_captures_tell_how_far_they_are(data: Path) -> None:
    """Progress counts files where windows are captures, and ends at all of them."""
    paths, told = some(data, "aalto-2016", most=3), []
    list(WindowReader(paths, length="capture", progress=lambda done, total: told.append((done, total))))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("testbed", ["unsw-2014", "illinois-2024"])
def test_cutting_packets_to_their_headers_makes_features_unknown_but_never_different(data: Path, tmp_path: Path, testbed: str) -> None:
    """A snap length of 58 bytes leaves what TCP options tell unknown, and every other feature as it was."""
    (source,) = some(data, testbed, most=1)
    sliced(source, tmp_path / "cut.pcap", 58)
    whole, cut = read_windows([source]).table, read_windows([tmp_path / "cut.pcap"]).table
    assert len(whole) == len(cut) > 0
    unknown = {name for name, a, b in zip(names(), whole.features.T, cut.features.T, strict=True) if (np.isnan(b) & ~np.isnan(a)).any()}
    assert "syn_options_sent" in unknown
    assert all(re.match("(syn|syn_ack)_(mss|scale|options|padding|sack|timestamps)|tcp_timestamps", name) for name in unknown)
    differ = {
        name
        for name, a, b in zip(names(), whole.features.T, cut.features.T, strict=True)
        if not ((a == b) | np.isnan(a) & np.isnan(b) | np.isnan(b)).all()
    }
    # What stands behind an extension header of IPv6 is cut off too.
    assert differ <= {"icmpv6_sent", "other_sent"}
