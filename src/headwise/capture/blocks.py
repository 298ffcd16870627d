"""A capture's bytes as a window that slides over them: one way for files, pipes and compressed streams."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from headwise.capture.compression import Damage, Decompressor, Raw, decompressed
from headwise.capture.mapped import Mapping, mapped
from headwise.capture.opening import open_raw
from headwise.capture.recognise import COMPRESSED, HEAD, recognise
from headwise.errors import CaptureError, InputError

# Large enough for reading to be quick, small enough to stay in a cache.
WINDOW = 1 << 18
# The packet core needs no more for the longest record; it passes over what is longer.
LARGEST_WINDOW = 1 << 20


class Blocks:
    """Bytes of one capture, decompressed.

    A large file that is not compressed can be had as memory instead (`map`), which saves copying it; what then goes wrong is for `resume`
    to find out by reading.

    Attributes
    ----------
    name : str
        How to call the capture in messages.
    kind : str
        What `recognise` says of the decompressed bytes.
    buffer : numpy.ndarray
        uint8; its bytes ``start`` to ``end`` are what was read and not yet consumed. Replaced where it grows.
    final : bool
        Whether nothing follows ``end``.
    damage : str
        Why reading ended before the end; empty where it did not.
    read, size : int, int or None
        Bytes taken from the file so far, and its size where that is known.
    """

    def __init__(self, file: io.FileIO, size: int | None, name: str, window: int = WINDOW) -> None:
        self.name, self.size, self.read = name, size, 0
        self.start = self.end = 0
        self.final, self.damage = False, ""
        self._file = file
        self._source: Raw = _Counted(self)
        self._decompressor: Decompressor | None = None
        self._allocate(window)
        self.fill(HEAD)
        self.compression = ""
        if (kind := self._kind()) in COMPRESSED:
            self._decompress(kind)
        self.kind = self._kind()

    @property
    def memory(self) -> int:
        """Bytes that decompressing takes, about."""
        return self._decompressor.memory if self._decompressor else 0

    @property
    def address(self) -> int:
        """Address of the first byte not consumed; valid until the next `fill`."""
        return self._base + self.start

    def __len__(self) -> int:
        return self.end - self.start

    def advance(self, count: int) -> None:
        """Consume `count` bytes."""
        self.start += count

    def fill(self, least: int | None = None) -> bool:
        """Move what is not consumed to the front and read behind it until the window is full, or holds `least` bytes.

        Returns
        -------
        bool
            Whether bytes were added.
        """
        rest = len(self)
        if self.start:
            self._view[:rest] = self._view[self.start : self.end]
            self.start, self.end = 0, rest
        elif rest == len(self.buffer):
            self._grow()
        enough = len(self.buffer) if least is None else least
        while not self.final and self.end < enough:
            self._read_once()
        return self.end > rest

    def map(self) -> Mapping | None:
        """Map the file, where it is large and plain and the window is not a small one; nothing of it must have been consumed."""
        return None if self._decompressor or len(self.buffer) < WINDOW else mapped(self._file, self.size)

    def resume(self, position: int) -> None:
        """Go on from a byte of a plain file."""
        self._file.seek(position)
        self.read, self.start, self.end, self.final = position, 0, 0, False
        self.fill()

    def close(self) -> None:
        """Let go of the file and of what was needed to read it."""
        self._file.close()
        self._source, self._decompressor = _Counted(self), None
        self._allocate(0)
        self.start = self.end = 0

    def _read_once(self) -> None:
        try:
            count = self._source.readinto(self._view[self.end :])
        except Damage as damage:
            self.damage, count = str(damage), 0
        except OSError as error:
            if not self.read:
                raise InputError(f"cannot be read: {error.strerror or error}", where=self.name) from error
            self.damage, count = f"reading failed after {self.read} bytes: {error.strerror or error}", 0
        self.end += count
        self.final = not count

    def _kind(self) -> str:
        return recognise(bytes(self._view[self.start : min(self.end, self.start + HEAD)]))

    def _decompress(self, kind: str) -> None:
        head = bytes(self._view[self.start : self.end])
        self.compression, self.start, self.end, self.final = kind, 0, 0, False
        self._source = self._decompressor = decompressed(_Pushed(head, self._source), kind)
        self.fill(HEAD)
        if self.damage and not self.end:
            raise CaptureError(self.damage, where=self.name, do="get the file again")

    def _allocate(self, size: int) -> None:
        self.buffer = np.empty(size, np.uint8)
        self._base = int(self.buffer.ctypes.data)
        self._view = self.buffer.data

    def _grow(self) -> None:
        if len(self.buffer) >= LARGEST_WINDOW:
            self.damage, self.final = f"a record is longer than {LARGEST_WINDOW >> 20} MB", True
            return
        held = self.buffer
        self._allocate(2 * len(held))
        self.buffer[: self.end] = held[: self.end]


class _Counted:
    """The file, and how much of it was read."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks

    def readinto(self, view: memoryview, /) -> int:
        count = self.blocks._file.readinto(view) or 0
        self.blocks.read += count
        return count


class _Pushed:
    """Gives back bytes that were read ahead, then goes on with their source."""

    def __init__(self, head: bytes, source: Raw) -> None:
        self.head, self.source = head, source

    def readinto(self, view: memoryview, /) -> int:
        if not self.head:
            return self.source.readinto(view)
        part = self.head[: len(view)]
        view[: len(part)] = part
        self.head = self.head[len(part) :]
        return len(part)


def open_capture(path: str | os.PathLike[str], window: int = WINDOW) -> Blocks:
    """Open a capture: a file, a pipe, or standard input (``-``); compressed or not. Close what is returned.

    Parameters
    ----------
    path : path
        What to read.
    window : int
        Bytes held at a time; grows to the length of the longest record.

    Raises
    ------
    InputError
        Where it cannot be opened.
    CaptureError
        Where it is empty, or no byte of it can be decompressed.
    """
    path = Path(path)
    file, size = open_raw(path)
    name = "standard input" if str(path) == "-" else str(path)
    try:
        blocks = Blocks(file, size, name, window)
        if not len(blocks):
            raise CaptureError("is empty", where=name, do="give a pcap or pcapng capture")
    except BaseException:
        file.close()
        raise
    return blocks


@contextlib.contextmanager
def open_blocks(path: str | os.PathLike[str], window: int = WINDOW) -> Iterator[Blocks]:
    """Do as `open_capture`, and close it when the block ends."""
    blocks = open_capture(path, window)
    try:
        yield blocks
    finally:
        blocks.close()
