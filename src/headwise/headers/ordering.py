"""Putting the rows of one capture in order of time."""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np

from headwise.headers.chunk import Chunk

SECOND = 1_000_000_000
# Rows that wait at most for ones that come late; more than that in a second are put in order as far as they reach.
HELD_ROWS = 1 << 17


class Rows(Protocol):
    """Where chunks of rows come from."""

    def fill(self, chunk: Chunk) -> int:
        """Fill `chunk` from its first row; return the number of rows, 0 only at the end."""


class Ordered:
    """Gives the rows of one source in order of time.

    Rows are held until one that is a second newer was read, and sorted among each other. Where the clock goes back by more than
    a second from one packet to the next (it was set, or captures were put one behind the other), what follows stays behind, and
    is put in order by itself. Rows without a time have their predecessor's and stay behind it.

    Parameters
    ----------
    source : Rows
        Gives rows in the order of the capture.
    room : int
        Rows of a chunk.

    Attributes
    ----------
    out_of_order : int
        Rows given that are earlier than the row before them.
    """

    def __init__(self, source: Rows, room: int) -> None:
        self.source, self.room = source, room
        self.out_of_order = 0
        self.waiting = 0
        self._held: deque[Chunk] = deque()
        self._free: list[Chunk] = []
        self._ended = False
        self._given: int | None = None  # time of the last row given, None behind a step of the clock

    def next(self) -> Chunk | None:
        """Return the next chunk, or None at the end. Give it back by `release`."""
        while not self._ended and not self._settled():
            self._read()
        if not self._held:
            return None
        chunk = self._held.popleft()
        self.waiting -= chunk.rows
        self._given = int(chunk.time[-1])
        return chunk

    def release(self, chunk: Chunk) -> None:
        """Let the chunk's arrays be used again."""
        self._free.append(chunk)

    def _settled(self) -> bool:
        if len(self._held) < 2:
            return False
        newest, first = int(self._held[-1].time[-1]), int(self._held[0].time[-1])
        return abs(newest - first) >= SECOND or self.waiting >= HELD_ROWS

    def _read(self) -> None:
        chunk = self._free.pop() if self._free else Chunk(self.room)
        if not self.source.fill(chunk):
            self._ended = True
            self.release(chunk)
            return
        chunk.broken = -1
        self._place(chunk)
        self._held.append(chunk)
        self.waiting += chunk.rows

    def _place(self, chunk: Chunk) -> None:
        time = chunk.time
        before = int(self._held[-1].time[-1]) if self._held else self._given
        follows = before is None or time[0] >= before
        if follows and bool((time[1:] >= time[:-1]).all()):
            return
        steps = np.diff(time, prepend=time[0] if before is None else before)
        breaks = steps < -SECOND
        if breaks.any():
            self.out_of_order += int(breaks.sum())
            chunk.broken = int(np.flatnonzero(breaks)[-1])
        if bool((steps[~breaks] >= 0).all()):
            return
        self._sort(chunk, np.cumsum(breaks))

    def _sort(self, chunk: Chunk, segment: np.ndarray) -> None:
        time = chunk.time
        continues = time[segment == 0]
        parts = self._later(int(continues.min())) if len(continues) else []
        if len(parts) == len(self._held) and len(continues) and self._given is not None and not any(c.broken >= 0 for c, _ in parts):
            self.out_of_order += int((continues < self._given).sum())
        held = sum(part.rows - start for part, start in parts)
        parts.append((chunk, 0))
        times = np.concatenate([part.time[start:] for part, start in parts])
        segments = np.concatenate([np.zeros(held, segment.dtype), segment])
        _scatter(parts, np.lexsort((times, segments)) if segment[-1] else np.argsort(times, kind="stable"))

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


def _scatter(parts: list[tuple[Chunk, int]], order: np.ndarray) -> None:
    for name in parts[0][0].columns:
        values = np.concatenate([part.columns[name][start : part.rows] for part, start in parts])[order]
        at = 0
        for part, start in parts:
            count = part.rows - start
            part.columns[name][start : part.rows] = values[at : at + count]
            at += count
