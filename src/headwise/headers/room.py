"""How much memory captures take that are read at the same time."""

from __future__ import annotations

from pathlib import Path

from headwise.capture import WINDOW
from headwise.headers.chunk import Pool
from headwise.headers.merging import Source
from headwise.headers.repeats import RepeatRule, rule_for
from headwise.headers.source import OpenCapture
from headwise.headers.spill import Spilled, SpillFile

# Of captures that overlap the first few get large windows and chunks, the next smaller ones; what is beyond the last is read at
# once and its rows set aside on disk: (captures, bytes of the window, shift of the rows of a chunk).
_STEPS = ((4, WINDOW, 0), (16, WINDOW >> 2, 2), (64, WINDOW >> 4, 4))
# Bytes that decompressing may take, all captures together.
_DECOMPRESSING = 48 << 20


class Room:
    """Opens captures, each with a share of the memory that depends on how many are open.

    Parameters
    ----------
    batch_rows : int
        Most rows of a chunk.
    rule : callable
        As `OpenCapture` takes it.
    """

    def __init__(self, batch_rows: int, rule: RepeatRule = rule_for) -> None:
        self._rows, self._rule = batch_rows, rule
        self._pools: dict[int, Pool] = {}
        self._open: list[OpenCapture] = []
        self._set_aside = SpillFile()

    def open(self, path: Path) -> tuple[OpenCapture, Source]:
        """Open a capture; return it, and where its rows come from.

        Parameters
        ----------
        path : Path
            The capture.
        """
        self._open = [capture for capture in self._open if capture.open]
        step = next((step for step in _STEPS if len(self._open) < step[0]), None)
        _, window, shift = step or _STEPS[-1]
        pool = self._pool(max(1, self._rows >> shift))
        capture = OpenCapture(path, pool, window, self._rule)
        taken = sum(each.blocks.memory for each in self._open)
        if step and (not self._open or taken + capture.blocks.memory <= _DECOMPRESSING):
            self._open.append(capture)
            return capture, capture
        try:
            return capture, Spilled(capture, self._set_aside, pool)
        finally:
            capture.close()

    def close(self) -> None:
        """Close everything that is open."""
        for capture in self._open:
            capture.close()
        self._set_aside.close()

    def _pool(self, rows: int) -> Pool:
        if rows not in self._pools:
            self._pools[rows] = Pool(rows)
        return self._pools[rows]
