"""Captures that overlap."""

from __future__ import annotations

import gzip
import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwise.headers import HeaderReader, room
from headwise.headers.schema import COLUMNS
from tests.headers.files import SECOND, START, numbered, pcap, read, write

MS = 1_000_000
PARTS = st.lists(st.lists(st.integers(0, 5 * SECOND), min_size=1, max_size=40).map(sorted), min_size=1, max_size=6)


def split(folder: Path, parts: list[list[int]]) -> None:
    """Write one capture a part, its packets numbered through."""
    first = 1
    for number, times in enumerate(parts):
        write(folder / f"{number}.pcap", pcap(numbered(times, first)))
        first += len(times)


@settings(max_examples=60, deadline=None)
@given(PARTS, st.integers(1, 50))
def test_captures_that_overlap_are_merged_by_time(parts: list[list[int]], rows: int) -> None:
    """However captures overlap, rows come in order of time and each once, whatever the size of batches."""
    with tempfile.TemporaryDirectory() as folder:
        split(Path(folder), parts)
        reader, columns = read(folder, "time", "source_port", batch_rows=rows)
    assert columns["time"].tolist() == sorted(START + time for times in parts for time in times)
    assert sorted(columns["source_port"].tolist()) == list(range(1, reader.rows + 1))
    assert reader.remarks == {}


def test_batch_of_one_capture_names_it(tmp_path: Path) -> None:
    """Rows of one capture bear its index, mixed ones -1."""
    split(tmp_path, [[0, SECOND], [10 * SECOND, 10 * SECOND + 2], [10 * SECOND + 1, 10 * SECOND + 3]])
    reader = HeaderReader(tmp_path)
    assert [(batch.capture, batch.rows) for batch in reader] == [(0, 2), (-1, 3), (2, 1)]


def test_captures_can_be_read_one_after_another(tmp_path: Path) -> None:
    """Without merging every batch is of one capture, in order of first packets."""
    split(tmp_path, [[0, 20 * SECOND], [10 * SECOND, 30 * SECOND]])
    _, columns = read(tmp_path, "time", merge=False)
    assert ((columns["time"] - START) // SECOND).tolist() == [0, 20, 10, 30]


def test_packet_before_the_first_is_still_in_order(tmp_path: Path) -> None:
    """A capture whose earliest packet is not its first is opened in time for it."""
    write(tmp_path / "a", pcap(numbered([0, 9500 * MS, 9600 * MS, 11_000 * MS])))
    write(tmp_path / "b", pcap(numbered([10_000 * MS, 9550 * MS])))
    _, columns = read(tmp_path, "time")
    assert ((columns["time"] - START) // MS).tolist() == [0, 9500, 9550, 9600, 10_000, 11_000]


def test_clock_set_back_in_one_capture_leaves_the_other_in_order(tmp_path: Path) -> None:
    """Where one of two captures steps back, every row comes once and the other's order holds."""
    write(tmp_path / "a", pcap(numbered([0, 50 * SECOND, 10 * SECOND, 60 * SECOND], 1)))
    write(tmp_path / "b", pcap(numbered([n * SECOND for n in range(0, 70, 5)], 101)))
    reader, columns = read(tmp_path, "source_port")
    ports = columns["source_port"].tolist()
    assert sorted(ports) == [1, 2, 3, 4, *range(101, 115)]
    assert [port for port in ports if port < 100] == [1, 2, 3, 4]
    assert [port for port in ports if port > 100] == list(range(101, 115))
    assert reader.remarks == {"out_of_order": 1}


def test_a_hundred_captures_at_once_give_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More captures than are kept open at a time are read with rows set aside on disk, to the same result."""
    chance = random.Random(3)
    parts = [sorted(chance.randrange(60 * SECOND) for _ in range(30)) for _ in range(100)]
    split(tmp_path, parts)
    wanted = tuple(column.name for column in COLUMNS)
    reader, columns = read(tmp_path, *wanted, batch_rows=64)
    assert reader.rows == 3000
    monkeypatch.setattr(room, "_STEPS", ((1000, 1 << 16, 0),))
    _, open_together = read(tmp_path, *wanted, batch_rows=64)
    for name in wanted:
        np.testing.assert_array_equal(columns[name], open_together[name])


def test_no_room_to_decompress_sets_rows_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressed captures whose windows do not fit into the memory set aside for them are read all the same."""
    monkeypatch.setattr(room, "_DECOMPRESSING", 0)
    for number in range(3):
        write(tmp_path / str(number), gzip.compress(pcap(numbered([n * SECOND + number for n in range(20)], 1 + 100 * number))))
    _, columns = read(tmp_path, "time", "source_port")
    assert (np.diff(columns["time"]) >= 0).all()
    assert len(set(columns["source_port"].tolist())) == 60
