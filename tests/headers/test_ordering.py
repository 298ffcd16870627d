"""Order of time within one capture."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwise.headers import ordering
from headwise.headers.chunk import Chunk, Pool
from headwise.headers.ordering import SECOND, Ordered
from tests.headers.files import START, ethernet, ip_udp, numbered, pcap, pcapng, read, write

MS = 1_000_000


class Times:
    """Rows of nothing but times, numbered in their order."""

    def __init__(self, times: list[int], most: int) -> None:
        self.times, self.most, self.at = times, most, 0

    @property
    def ended(self) -> bool:
        """Whether no rows follow."""
        return self.at == len(self.times)

    def fill(self, chunk: Chunk) -> None:
        """Fill the chunk."""
        part = self.times[self.at : self.at + min(self.most, chunk.room)]
        chunk.rows = len(part)
        chunk.columns["time"][: len(part)] = part
        chunk.columns["record"][: len(part)] = np.arange(self.at, self.at + len(part))
        chunk.columns["source_ip"][: len(part), 3] = np.arange(self.at, self.at + len(part)) % 251
        self.at += len(part)


def ordered(times: list[int], room: int) -> tuple[list[int], list[int], int]:
    """Return times and original numbers in the order given, and how many were out of order."""
    pool = Pool(room)
    stage = Ordered(Times(times, room), pool)
    out_times: list[int] = []
    records: list[int] = []
    while (chunk := stage.next()) is not None:
        out_times += chunk.time.tolist()
        got = chunk.columns["record"][: chunk.rows]
        records += got.tolist()
        assert (chunk.columns["source_ip"][: chunk.rows, 3] == got % 251).all(), "columns of a row stay together"
        pool.give(chunk)
    assert stage.waiting == 0
    return out_times, records, stage.out_of_order


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=120), st.integers(1, 50), st.randoms())
def test_disorder_of_less_than_a_second_is_sorted(steps: list[int], room: int, chance: random.Random) -> None:
    """Packets late by less than a second are put in order, equal times staying as they were, whatever the size of chunks."""
    true = np.cumsum(steps) * 100 * MS
    late = sorted(range(len(true)), key=lambda n: (true[n] + chance.randrange(0, 500 * MS), n))
    given_times = [int(true[n]) for n in late]
    times, records, out_of_order = ordered(given_times, room)
    expected = sorted(range(len(late)), key=lambda n: (given_times[n], n))
    assert (times, records, out_of_order) == ([given_times[n] for n in expected], expected, 0)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 20 * SECOND), min_size=1, max_size=100), st.integers(1, 40))
def test_no_row_is_lost_whatever_the_times(times: list[int], room: int) -> None:
    """Any times at all: every row comes out once."""
    got, records, _ = ordered(times, room)
    assert sorted(records) == list(range(len(times)))
    assert sorted(got) == sorted(times)


def test_sorted_rows_pass_unchanged() -> None:
    """Where there is nothing to sort, rows come as they were."""
    times = [n * MS for n in range(1000)]
    assert ordered(times, 64) == (times, list(range(1000)), 0)


def test_clock_that_is_set_back_is_counted_and_followed() -> None:
    """Behind a step back of the clock, rows stay behind and are in order among themselves; the step is counted."""
    times = [0, MS, 2 * MS, -3600 * SECOND, -3600 * SECOND + 5 * MS, -3600 * SECOND + 2 * MS, -3600 * SECOND + 9 * MS]
    for room in (1, 2, 3, 10):
        _, records, out_of_order = ordered(times, room)
        assert (records, out_of_order) == ([0, 1, 2, 3, 5, 4, 6], 1), room


def test_one_wild_time_does_not_spoil_the_rest() -> None:
    """A single packet with a time of far ahead or long ago is one or two steps; the packets around it are in order."""
    for wild in (-(10**18), 10**18):
        times = [n * MS for n in range(50)] + [wild] + [(50 + (n ^ 1)) * MS for n in range(50)]
        _, records, out_of_order = ordered(times, 7)
        rest = [n for n in records if n != 50]
        assert out_of_order == 1
        assert [times[n] for n in rest] == sorted(times[n] for n in rest)


def test_rows_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many packets come within a second, no more wait than the limit and a chunk."""
    monkeypatch.setattr(ordering, "HELD_ROWS", 100)
    stage, most = Ordered(Times([0] * 5000, 10), Pool(10)), 0
    while (chunk := stage.next()) is not None:
        most = max(most, stage.waiting + chunk.rows)
        stage.pool.give(chunk)
    assert most == 100


def test_packets_without_a_time_stay_behind_their_predecessor(tmp_path: Path) -> None:
    """A simple packet block moves with the packet before it when that one is put in order."""
    late, early, simple = (ethernet(ip_udp(port=port)) for port in (1, 2, 3))
    path = write(tmp_path / "a.pcapng", pcapng([(0, START + 100 * MS, late), (0, START, early), (0, None, simple)]))
    reader, columns = read(path)
    assert columns["source_port"].tolist() == [2, 3, 1]
    assert reader.remarks == {"no_time": 1}


def test_capture_with_disorder_is_read_in_order(tmp_path: Path) -> None:
    """From file to rows: late packets are where their time says, on either side of a batch's end."""
    times = [n * 10 * MS for n in range(500)]
    shuffled = sorted(range(500), key=lambda n: n + 60 * ((n * 7919) % 11 == 0))
    packets = numbered(times)
    path = write(tmp_path / "a.pcap", pcap([packets[n] for n in shuffled]))
    for rows in (16, 100, 8192):
        reader, columns = read(path, "time", "source_port", batch_rows=rows)
        assert columns["source_port"].tolist() == list(range(1, 501))
        assert reader.remarks == {}
