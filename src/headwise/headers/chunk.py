"""Arrays of header rows that the stages of reading hand to each other."""

from __future__ import annotations

import ctypes
from functools import cache, cached_property
from typing import Any, cast

import numpy as np

from headwise import native
from headwise.headers.schema import allocate
from headwise.headers.survey import Survey

# Rows at a time: three chunks are in use by turns, and their columns should stay in the second-level cache.
ROWS = 1 << 12


class Chunk:
    """Arrays of `room` header rows, of which the first `rows` are filled.

    Attributes
    ----------
    columns : dict of str to numpy.ndarray
        As `headwise.headers.schema.allocate` makes them.
    rows : int
        Rows filled.
    broken : int
        Row at which the capture's clock last went back more than a second, -1 where it did not.
    survey : Survey
        Room for what the core says of the filled rows as it reads them; `survey_at` is its address.
    seen : Survey or None
        What a survey says of the filled rows, where it was asked and they are still the same.
    """

    def __init__(self, room: int) -> None:
        self.columns = allocate(room)
        self._times = self.columns["time"]
        self.room = room
        self.rows = 0
        self.broken = -1
        self.survey = Survey()
        self.survey_at = ctypes.addressof(self.survey)
        self.seen: Survey | None = None

    @cached_property
    def pointers(self) -> native.HwColumns:
        """The core's view of the columns."""
        return native.pointers(self.columns)

    @property
    def time(self) -> np.ndarray:
        """Times of the filled rows."""
        return self._times[: self.rows]

    @property
    def first_time(self) -> int:
        """Time of the first filled row."""
        return cast("int", self._times.item(0))

    @property
    def last_time(self) -> int:
        """Time of the last filled row."""
        return cast("int", self._times.item(self.rows - 1))

    def move(self, to: np.ndarray, source: np.ndarray) -> None:
        """Let row ``to[i]`` be what row ``source[i]`` was."""
        to, source = to.astype(np.uint32), source.astype(np.uint32)
        scratch = np.empty(16 * len(to), np.uint8)
        _mover()(ctypes.byref(self.pointers), len(to), to.ctypes.data, source.ctypes.data, scratch.ctypes.data)

    def view(self, start: int, stop: int) -> dict[str, np.ndarray]:
        """Return the columns of rows `start` to `stop`."""
        if start == 0 and stop == self.rows:
            return self.columns
        return {name: column[start:stop] for name, column in self.columns.items()}


@cache
def _mover() -> Any:
    function = native.library().hw_move_rows
    function.restype = None
    function.argtypes = [ctypes.POINTER(native.HwColumns), ctypes.c_uint64, *[ctypes.c_void_p] * 3]
    return function


class Pool:
    """Chunks that are used again and again.

    Parameters
    ----------
    room : int
        Rows of a chunk.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self._free: list[Chunk] = []

    def take(self) -> Chunk:
        """Return an empty chunk."""
        chunk = self._free.pop() if self._free else Chunk(self.room)
        chunk.rows, chunk.broken, chunk.seen = 0, -1, None
        return chunk

    def give(self, chunk: Chunk) -> None:
        """Let the chunk's arrays be used again."""
        self._free.append(chunk)
