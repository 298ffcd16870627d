"""Putting the rows of one capture in order of time."""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np

from headwise.headers.chunk import Chunk, Pool
from headwise.headers.survey import survey

SECOND = 1_000_000_000
# Rows that wait at most for ones that come late; more than that in a second are put in order as far as they reach.
HELD_ROWS = 1 << 17


class Rows(Protocol):
    """Where chunks of rows come from."""

    @property
    def ended(self) -> bool:
        """Whether no rows follow."""

    def fill(self, chunk: Chunk) -> None:
        """Fill `chunk` from its first row; whole, but at the end."""


class Ordered:
    """Gives the rows of one source in order of time.

    Rows are held until one that is a second newer was read, and sorted among each other. Where the clock goes back by more than
    a second from one packet to the next (it was set, or captures were put one behind the other), what follows stays behind, and
    is put in order by itself. Rows without a time have their predecessor's and stay behind it.

    Parameters
    ----------
    source : Rows
        Gives rows in the order of the capture.
    pool : Pool
        Where chunks come from and go back to.

    Attributes
    ----------
    out_of_order : int
        Rows given that are earlier than the row before them.
    """

    def __init__(self, source: Rows, pool: Pool) -> None:
        self.source, self.pool = source, pool
        self.out_of_order = 0
        self.waiting = 0
        self._held: deque[Chunk] = deque()
        self._ended = False
        self._given: int | None = None  # time of the last row given, None behind a step of the clock

    def next(self) -> Chunk | None:
        """Return the next chunk, or None at the end. Give it back to the pool."""
        while not self._ended and not self._settled():
            self._read()
        if not self._held:
            return None
        chunk = self._held.popleft()
        self.waiting -= chunk.rows
        self._given = chunk.last_time
        return chunk

    def _settled(self) -> bool:
        if len(self._held) < 2:
            return False
        newest, first = self._held[-1].last_time, self._held[0].last_time
        return abs(newest - first) >= SECOND or self.waiting >= HELD_ROWS

    def _read(self) -> None:
        chunk = self.pool.take()
        self.source.fill(chunk)
        self._ended = self.source.ended
        if not chunk.rows:
            self.pool.give(chunk)
            return
        self._place(chunk)
        self._held.append(chunk)
        self.waiting += chunk.rows

    def _place(self, chunk: Chunk) -> None:
        before = self._held[-1].last_time if self._held else self._given
        if before is None or chunk.first_time >= before:
            chunk.seen = chunk.seen or survey(chunk.pointers, chunk.rows)
            if chunk.seen.ordered:
                return
        time = chunk.time
        steps = np.diff(time, prepend=time[0] if before is None else before)
        if steps.min() >= -SECOND:
            self._sort(chunk, int(np.argmax(steps < 0)), None)
            return
        breaks = steps < -SECOND
        self.out_of_order += int(breaks.sum())
        chunk.broken = int(np.flatnonzero(breaks)[-1])
        back = np.flatnonzero((steps < 0) & ~breaks)
        if len(back):
            self._sort(chunk, int(back[0]), np.cumsum(breaks))

    def _sort(self, chunk: Chunk, first: int, segment: np.ndarray | None) -> None:
        """Sort the rows of `chunk` from row `first`, the first that is earlier than its predecessor, and those it belongs among.

        `segment` numbers the stretches between steps of the clock; None where there is no step.
        """
        time = chunk.time
        parts: list[tuple[Chunk, int]] = []
        if segment is None or not segment[first]:
            late = time[first:] if segment is None else time[first:][segment[first:] == 0]
            lowest = int(late.min())
            first = int(np.searchsorted(time[:first], lowest, "right"))
            if first == 0:
                parts = self._later(lowest)
                if self._given is not None and len(parts) == len(self._held) and not any(part.broken >= 0 for part, _ in parts):
                    self.out_of_order += int((late < self._given).sum())
        else:
            first = int(np.searchsorted(segment, segment[first]))
        held = sum(part.rows - start for part, start in parts)
        parts.append((chunk, first))
        times = np.concatenate([part.time[start:] for part, start in parts])
        if segment is None:
            _permute(parts, np.argsort(times, kind="stable"))
        else:
            segments = np.concatenate([np.zeros(held, segment.dtype), segment[first:]])
            _permute(parts, np.lexsort((times, segments)))

    def _later(self, lowest: int) -> list[tuple[Chunk, int]]:
        """Return the held chunks with rows later than `lowest`, and from which row on, back to the last step of the clock."""
        parts: list[tuple[Chunk, int]] = []
        for chunk in reversed(self._held):
            time, after = chunk.time, max(chunk.broken, 0)
            start = after + int(np.searchsorted(time[after:], lowest, "right"))
            if start < chunk.rows:
                parts.append((chunk, start))
            if chunk.broken >= 0 or start > after:
                break
        return parts[::-1]


def _permute(parts: list[tuple[Chunk, int]], order: np.ndarray) -> None:
    """Put row ``order[i]`` of the parts, counted through, into place i."""
    places = np.flatnonzero(order != np.arange(len(order)))
    sources = order[places]
    for chunk, _ in parts:
        chunk.seen = None
    if len(parts) == 1:
        chunk, start = parts[0]
        chunk.move(places + start, sources + start)
    else:
        _exchange(parts, places, sources)


def _exchange(parts: list[tuple[Chunk, int]], places: np.ndarray, sources: np.ndarray) -> None:
    moves, base = [], 0
    for chunk, start in parts:
        count = chunk.rows - start
        taken = np.flatnonzero((sources >= base) & (sources < base + count))
        put = np.flatnonzero((places >= base) & (places < base + count))
        moves.append((chunk.columns, taken, sources[taken] - base + start, put, places[put] - base + start))
        base += count
    for name, column in parts[0][0].columns.items():
        moved = np.empty((len(places), *column.shape[1:]), column.dtype)
        for columns, taken, source, _, _ in moves:
            moved[taken] = columns[name][source]
        for columns, _, _, put, place in moves:
            columns[name][place] = moved[put]
