"""What is measured of headwise in a process of its own: ``python -m benchmarks.ours TASK CAPTURE``."""

from __future__ import annotations

import ctypes
import json
import mmap
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from headwise import native
from headwise.headers import HeaderReader
from headwise.headers.schema import allocate
from headwise.windows import read_windows


def columns(path: Path) -> int:
    """Read a capture into header columns, batch by batch."""
    reader = HeaderReader([path])
    for _batch in reader:
        pass
    return reader.packets


def core(path: Path) -> int:
    """Let the core alone read a mapped file, as the bound of what its Python side can reach."""
    rows, packets, at = 1 << 13, 0, 0
    arrays = allocate(rows)
    view, state, counted = native.pointers(arrays), native.HwCapture(), native.Counted()
    consumed, walked = ctypes.c_uint64(), ctypes.c_uint64()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        content = np.frombuffer(mapped, np.uint8)
        address, size = content.ctypes.data, len(content)
        while True:
            native.library().hw_read(state, address + at, size - at, True, view, 0, rows, consumed, walked, counted)
            at, packets = at + consumed.value, packets + walked.value
            if walked.value < rows:
                break
        del content
    return packets


def windows(path: Path) -> int:
    """Read a capture into windows in memory."""
    return read_windows([path]).reader.packets


TASKS: dict[str, Callable[[Path], int]] = {"columns": columns, "core": core, "windows": windows}

if __name__ == "__main__":
    native.library()
    begun = time.process_time()
    count = TASKS[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({"packets": count, "cpu": time.process_time() - begun}))
