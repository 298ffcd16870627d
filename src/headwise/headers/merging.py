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
            self.keys = self.chunk.time
            if self.chunk.broken >= 0 or self.keys[0] < self.highest:
                self.keys = np.maximum.accumulate(np.maximum(self.keys, self.highest))
            self.highest = int(self.keys[-1])

    @property
    def head(self) -> int:
        return int(self.keys[self.at])


def merged(captures: list[Waiting], room: int) -> Iterator[HeaderBatch]:
    """Yield batches of all captures in order of time; a capture is opened when its time comes.

    Parameters
    ----------
    captures : list of Waiting
        In order of their starts.
    room : int
        Most rows of a batch that mixes captures.
    """
    waiting, active = deque(captures), list[_Active]()
    mixed = Chunk(0)
    while waiting or active:
        _open_due(waiting, active)
        if not active:
            continue
        until = min(each.highest for each in active)
        if waiting:
            until = min(until, _due(waiting[0]) - 1)
        shares = [(each, int(np.searchsorted(each.keys, until, "right")) - each.at) for each in active]
        shares = [(each, count) for each, count in shares if count > 0]
        if len(shares) == 1:
            each, count = shares[0]
            assert each.chunk is not None
            yield HeaderBatch(count, each.chunk.view(each.at, each.at + count), each.capture)
        else:
            if not mixed.room:
                mixed = Chunk(room)
            yield from _mix(shares, mixed)
        for each, count in shares:
            each.advance(count)
        active = [each for each in active if each.chunk is not None]


def _due(waiting: Waiting) -> int:
    # Its first packet may not be its earliest.
    return _EARLIEST if waiting.start is None else waiting.start - SECOND


def _open_due(waiting: deque[Waiting], active: list[_Active]) -> None:
    while waiting and (not active or _due(waiting[0]) <= min(each.head for each in active)):
        opened = _Active(waiting.popleft())
        if opened.chunk is not None:
            active.append(opened)


def _mix(shares: list[tuple[_Active, int]], mixed: Chunk) -> Iterator[HeaderBatch]:
    keys = np.concatenate([each.keys[each.at : each.at + count] for each, count in shares])
    order = np.argsort(keys, kind="stable")
    for first in range(0, len(order), mixed.room):
        chosen = order[first : first + mixed.room]
        _gather(shares, chosen, mixed)
        yield HeaderBatch(len(chosen), mixed.columns, -1)


def _gather(shares: list[tuple[_Active, int]], chosen: np.ndarray, mixed: Chunk) -> None:
    bounds = np.cumsum([0] + [count for _, count in shares])
    for number, (each, _) in enumerate(shares):
        assert each.chunk is not None
        rows = np.flatnonzero((chosen >= bounds[number]) & (chosen < bounds[number + 1]))
        taken = chosen[rows] - bounds[number] + each.at
        for name, column in mixed.columns.items():
            column[rows] = each.chunk.columns[name][taken]
