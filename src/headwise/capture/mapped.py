"""A plain capture file as memory: what costs least of all ways to read it."""

from __future__ import annotations

import contextlib
import ctypes
import io
import mmap
import os

import numpy as np

# Files below this are read: mapping pays where there is something to save.
LEAST = 4 << 20
# Bytes asked of the system at a time, and let go of again.
STRETCH = 2 << 20
_POPULATE_READ = 22  # Linux 5.14: as the pages are then there, the processor can fetch ahead


class HwMapping(ctypes.Structure):
    """Mirrors hw_mapping."""

    _fields_ = (("start", ctypes.c_void_p), ("length", ctypes.c_uint64), ("failed", ctypes.c_uint32))


class Mapping:
    """A file that is mapped, of which no more than a few stretches are in this process's memory at a time.

    Attributes
    ----------
    view : HwMapping
        What the core reads.
    """

    def __init__(self, file: io.FileIO, size: int) -> None:
        self._file, self.size = file, size
        self._memory = mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ)
        self._bytes = np.frombuffer(self._memory, np.uint8)
        self.view = HwMapping(int(self._bytes.ctypes.data), size, 0)
        self._asked = self._left = 0

    def fetch(self, position: int) -> None:
        """Have the next stretch ready where reading at `position` comes near it, and let go of what lies behind."""
        while self._asked < min(self.size, position + STRETCH // 2):
            length = min(STRETCH, self.size - self._asked)
            with contextlib.suppress(OSError):
                self._memory.madvise(_POPULATE_READ, self._asked, length)
            self._asked += STRETCH
        while self._left + STRETCH <= position:
            self._memory.madvise(mmap.MADV_DONTNEED, self._left, STRETCH)
            self._left += STRETCH

    def is_whole(self) -> bool:
        """Return whether the file is still as long as it was, and all that was asked of it could be read."""
        return not self.view.failed and os.fstat(self._file.fileno()).st_size >= self.size

    def close(self) -> None:
        """Let go of the mapping."""
        del self._bytes
        self._memory.close()


def mapped(file: io.FileIO, size: int | None) -> Mapping | None:
    """Map a file; None where that is not worth it, or not possible."""
    if not size or size < LEAST:
        return None
    try:
        return Mapping(file, size)
    except (OSError, ValueError):
        return None
