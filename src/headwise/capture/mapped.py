"""A plain capture file as memory: what costs least of all ways to read it."""

from __future__ import annotations

import ctypes
import functools
import io
import mmap
from collections.abc import Callable
from typing import Any

import numpy as np

from headwise import native

# Files below this are read: mapping pays where there is something to save.
LEAST = 4 << 20


class HwMapping(ctypes.Structure):
    """Mirrors hw_mapping."""

    _fields_ = (
        ("start", ctypes.c_void_p),
        ("length", ctypes.c_uint64),
        ("file", ctypes.c_int32),
        ("failed", ctypes.c_uint32),
        ("walked", ctypes.c_uint64),
        ("asked", ctypes.c_uint64),
        ("released", ctypes.c_uint64),
        ("counted", native.Counted),
        ("before", native.HwCapture),
    )


class Mapping:
    """A file that is mapped, for the core to read.

    Attributes
    ----------
    view : HwMapping
        What the core knows of it, and says of its last call.
    read : callable
        The core's hw_read_mapped of it: state, columns, first row, limit, counted, survey; returns the rows read.
    """

    def __init__(self, file: io.FileIO, size: int) -> None:
        self._memory = mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ)
        self._bytes = np.frombuffer(self._memory, np.uint8)
        self.view = HwMapping(int(self._bytes.ctypes.data), size, file.fileno())
        self.read: Callable[[native.HwCapture, native.HwColumns, int, int, Any, Any], int] = functools.partial(_kernel(), self.view)

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


@functools.cache
def _kernel() -> Any:
    function = native.library().hw_read_mapped
    function.restype = number = ctypes.c_uint64
    structs = (HwMapping, native.HwCapture, native.HwColumns)
    function.argtypes = [*map(ctypes.POINTER, structs), number, number, ctypes.POINTER(number), ctypes.c_void_p]
    return function
