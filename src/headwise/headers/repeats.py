"""Repeats: copies of a packet that one capture took on several interfaces."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from headwise import native
from headwise.headers.chunk import Chunk

COOKED_ONLY, SEVERAL_INTERFACES, EVERYWHERE = range(3)
RepeatRule = Callable[[Collection[int]], int | None]
COOKED = frozenset({113, 276})  # LINUX_SLL, LINUX_SLL2


def rule_for(link_types: Collection[int]) -> int | None:
    """Return by which rule a capture of interfaces with these link types is searched for repeats; None where it can hold none."""
    if len(link_types) > 1:
        return SEVERAL_INTERFACES
    return COOKED_ONLY if COOKED.intersection(link_types) else None


class Repeats:
    """Removes copies of packets from the rows of one capture, which come in order of time.

    Attributes
    ----------
    found : int
        Repeats removed so far.
    """

    def __init__(self) -> None:
        self.found = 0
        self._table: np.ndarray | None = None
        self._kept = np.empty(0, np.uint32)

    def remove(self, chunk: Chunk, rule: int) -> int:
        """Remove repeats from `chunk` by `rule`; return the rows that are left."""
        kernel, size = _kernel()
        if self._table is None:
            self._table = np.zeros(size, np.uint8)
        if len(self._kept) < chunk.rows:
            self._kept = np.empty(chunk.room, np.uint32)
        left = int(kernel(self._table.ctypes.data, ctypes.byref(chunk.pointers), chunk.rows, rule, self._kept.ctypes.data))
        if chunk.broken >= 0 and left < chunk.rows:
            chunk.broken = int(np.searchsorted(self._kept[:left], chunk.broken))
        if left < chunk.rows:
            chunk.seen = None
        self.found += chunk.rows - left
        chunk.rows = left
        return left


@functools.cache
def _kernel() -> tuple[Any, int]:
    library = native.library()
    library.hw_repeat_table_size.restype = ctypes.c_uint64
    kernel = library.hw_repeats
    kernel.restype = ctypes.c_uint64
    kernel.argtypes = [ctypes.c_void_p, ctypes.POINTER(native.HwColumns), ctypes.c_uint64, ctypes.c_uint32, ctypes.c_void_p]
    return kernel, int(library.hw_repeat_table_size())
