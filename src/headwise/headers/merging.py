"""Merging several captures by time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from headwise.headers.batch import HeaderBatch
from headwise.headers.chunk import Chunk
from headwise.headers.ordering import SECOND

_EARLIEST = -(1 << 63)


class Source(Protocol):
    """One capture, in order of time."""

    def next(self) -> Chunk | None:
        """Return the next chunk, or None at the end."""

    def release(self, chunk: Chunk) -> None:
        """Take a chunk back."""


@dataclass
class Waiting:
    """A capture that is not open yet.

    Attributes
    ----------
    capture : int
        Its index.
    start : int or None
        Time of its first packet, ns.
    open : callable
        Opens it.
    """

    capture: int
    start: int | None
    open: Callable[[], Source]


class _Active:
    def __init__(self, waiting: Waiting) -> None:
        self.capture = waiting.capture
        self.source = waiting.open()
        self.chunk: Chunk | None = None
        self.at = 0
        self.highest = _EARLIEST
        self.keys = np.empty(0, np.int64)
        self.advance(0)

    def advance(self, count: int) -> None:
        self.at += count
        if self.chunk is not None and self.at < self.chunk.rows:
            return
        if self.chunk is not None:
            self.source.release(self.chunk)
        self.chunk, self.at = self.source.next(), 0
        if self.chunk is not None:
            # Rows behind a step of the clock stay behind it.
            self.keys, last = self.chunk.time, self.chunk.last_time
            if self.chunk.broken >= 0 or self.chunk.first_time < self.highest:
                self.keys = np.maximum.accumulate(np.maximum(self.keys, self.highest))
                last = int(self.keys[-1])
            self.highest = last

    @property
    def head(self) -> int:
        """Key of the next row."""
        return int(self.keys[self.at])


class _Field:
    """The open captures, with the first and last key that each has ready."""

    def __init__(self) -> None:
        self.active: list[_Active] = []
        self.heads = np.empty(0, np.int64)
        self.lasts = np.empty(0, np.int64)

    def add(self, opened: _Active) -> None:
        if opened.chunk is None:
            return
        self.active.append(opened)
        self.heads = np.append(self.heads, opened.head)
        self.lasts = np.append(self.lasts, opened.highest)

    def ready(self, until: int) -> list[tuple[int, int]]:
        """Return the captures with rows up to `until`, and how many."""
        ready = np.flatnonzero(self.heads <= until)
        return [(int(one), int(np.searchsorted(self.active[one].keys, until, "right")) - self.active[one].at) for one in ready]

    def advance(self, shares: list[tuple[int, int]]) -> None:
        ended = []
        for one, count in shares:
            each = self.active[one]
            each.advance(count)
            if each.chunk is None:
                ended.append(one)
            else:
                self.heads[one], self.lasts[one] = each.head, each.highest
        if not ended:
            return
        for one in reversed(ended):
            del self.active[one]
        self.heads, self.lasts = np.delete(self.heads, ended), np.delete(self.lasts, ended)


def merged(captures: list[Waiting], room: int) -> Iterator[HeaderBatch]:
    """Yield batches of all captures in order of time; a capture is opened when its time comes.

    Parameters
    ----------
    captures : list of Waiting
        In order of their starts.
    room : int
        Most rows of a batch that mixes captures.
    """
    waiting, field = deque(captures), _Field()
    mixed = Chunk(0)
    while waiting or field.active:
        while waiting and (not field.active or _due(waiting[0]) <= field.heads.min()):
            field.add(_Active(waiting.popleft()))
        if not field.active:
            continue
        if len(field.active) == 1 and not waiting:
            yield from _rest(field.active[0])
            return
        until = int(field.lasts.min())
        if waiting:
            until = min(until, _due(waiting[0]) - 1)
        shares = field.ready(until)
        if len(shares) == 1:
            yield _alone(field.active[shares[0][0]], shares[0][1])
        else:
            mixed = mixed if mixed.room else Chunk(room)
            yield from _mix([(field.active[one], count) for one, count in shares], mixed)
        field.advance(shares)


def _due(waiting: Waiting) -> int:
    # Its first packet may not be its earliest.
    return _EARLIEST if waiting.start is None else waiting.start - SECOND


def _rest(last: _Active) -> Iterator[HeaderBatch]:
    while last.chunk is not None:
        count = last.chunk.rows - last.at
        yield _alone(last, count)
        last.advance(count)


def _alone(each: _Active, count: int) -> HeaderBatch:
    assert each.chunk is not None
    chunk = each.chunk
    if each.at == 0 and count == chunk.rows:
        return HeaderBatch(count, chunk.columns, each.capture, chunk.pointers, chunk.seen)
    return HeaderBatch(count, chunk.view(each.at, each.at + count), each.capture)


def _mix(shares: list[tuple[_Active, int]], mixed: Chunk) -> Iterator[HeaderBatch]:
    keys = np.concatenate([each.keys[each.at : each.at + count] for each, count in shares])
    order = np.argsort(keys, kind="stable")
    for first in range(0, len(order), mixed.room):
        chosen = order[first : first + mixed.room]
        _gather(shares, chosen, mixed)
        yield HeaderBatch(len(chosen), mixed.columns, -1, mixed.pointers)


def _gather(shares: list[tuple[_Active, int]], chosen: np.ndarray, mixed: Chunk) -> None:
    bounds = np.cumsum([0] + [count for _, count in shares])
    owner = np.searchsorted(bounds, chosen, "right") - 1
    by_owner = np.argsort(owner, kind="stable")
    limits = np.searchsorted(owner[by_owner], np.arange(len(shares) + 1))
    for number in np.unique(owner):
        each = shares[number][0]
        assert each.chunk is not None
        rows = by_owner[limits[number] : limits[number + 1]]
        taken = chosen[rows] - bounds[number] + each.at
        for name, column in mixed.columns.items():
            column[rows] = each.chunk.columns[name][taken]
