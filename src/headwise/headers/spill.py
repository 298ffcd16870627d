"""Rows set aside on disk, where more captures overlap than can be kept open."""

from __future__ import annotations

import tempfile
from typing import IO, NamedTuple

import numpy as np

from headwise.errors import SystemFailure
from headwise.headers.chunk import Chunk, Pool
from headwise.headers.merging import Source


class _Extent(NamedTuple):
    offset: int
    rows: int
    broken: int


class SpillFile:
    """A file without a name that holds columns of header rows (never payload); it is gone when it is closed."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None

    def write(self, chunk: Chunk) -> _Extent:
        """Append the rows of a chunk.

        Raises
        ------
        SystemFailure
            Where the folder for temporary files is full or cannot be written.
        """
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="headwise-")  # noqa: SIM115 - lives as long as this
            offset = self._file.seek(0, 2)
            for column in chunk.columns.values():
                self._file.write(column[: chunk.rows].data)
        except OSError as error:
            advice = "name fewer captures that overlap, or set TMPDIR to a folder with space"
            raise SystemFailure(f"cannot write: {error.strerror}", where=tempfile.gettempdir(), do=advice) from error
        return _Extent(offset, chunk.rows, chunk.broken)

    def read(self, extent: _Extent, chunk: Chunk) -> None:
        """Read rows back into a chunk."""
        assert self._file is not None
        self._file.seek(extent.offset)
        size = sum(column[: extent.rows].nbytes for column in chunk.columns.values())
        data, at = self._file.read(size), 0
        for column in chunk.columns.values():
            part = column[: extent.rows]
            part[...] = np.frombuffer(data, part.dtype, part.size, at).reshape(part.shape)
            at += part.nbytes
        chunk.rows, chunk.broken = extent.rows, extent.broken

    def close(self) -> None:
        """Give the space back."""
        if self._file is not None:
            self._file.close()
            self._file = None


class Spilled:
    """A capture that was read to its end at once, its rows set aside.

    Parameters
    ----------
    source : Source
        The capture.
    file : SpillFile
        Where its rows go.
    pool : Pool
        Where chunks come from that rows are read back into, as large as the source's.
    """

    def __init__(self, source: Source, file: SpillFile, pool: Pool) -> None:
        self._file, self._pool = file, pool
        self._extents: list[_Extent] = []
        while (chunk := source.next()) is not None:
            self._extents.append(file.write(chunk))
            source.release(chunk)
        self._extents.reverse()

    def next(self) -> Chunk | None:
        """Return the next chunk, or None at the end."""
        if not self._extents:
            return None
        chunk = self._pool.take()
        self._file.read(self._extents.pop(), chunk)
        return chunk

    def release(self, chunk: Chunk) -> None:
        """Take a chunk back."""
        self._pool.give(chunk)
