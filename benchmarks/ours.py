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
from headwise.capture import WINDOW
from headwise.headers import HeaderReader
from headwise.headers.chunk import ROWS
from headwise.headers.schema import allocate
from headwise.windows import read_windows


def columns(path: Path) -> int:
    """Read a capture into header columns, batch by batch."""
    reader = HeaderReader([path])
    for _batch in reader:
        pass
    return reader.packets


class Walk:
    """The core's calls over a buffer, with as many rows at a time as reading uses."""

    def __init__(self) -> None:
        self.rows = ROWS
        self.arrays = allocate(self.rows)
        self.view, self.state, self.counted = native.pointers(self.arrays), native.HwCapture(), native.Counted()
        self.consumed, self.walked = ctypes.c_uint64(), ctypes.c_uint64()
        self.packets = 0

    def read(self, address: int, size: int) -> int:
        """Read what a buffer holds of whole records; return the bytes consumed."""
        at = 0
        while True:
            native.library().hw_read(
                self.state, address + at, size - at, False, self.view, 0, self.rows, self.consumed, self.walked, self.counted
            )
            at, self.packets = at + self.consumed.value, self.packets + self.walked.value
            if self.walked.value < self.rows:
                return at

    def frame(self, address: int, size: int) -> int:
        """Do the same, but only find the records."""
        at, walked = 0, self.rows
        while walked == self.rows:
            walked = native.library().hw_frames(self.state, address + at, size - at, False, self.view, 0, self.rows, self.consumed)
            at, self.packets = at + self.consumed.value, self.packets + walked
        return at


def core(path: Path) -> int:
    """Let the core alone read a mapped file, as the bound of what its Python side can reach."""
    return _mapped(path, Walk.read)


def frames(path: Path) -> int:
    """Let the core only find the records of a mapped file: what it takes to bring the file from memory."""
    return _mapped(path, Walk.frame)


def _mapped(path: Path, take: Callable[[Walk, int, int], int]) -> int:
    walk = Walk()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        content = np.frombuffer(mapped, np.uint8)
        take(walk, content.ctypes.data, len(content))
        del content
    return walk.packets


def copied(path: Path) -> tuple[int, float]:
    """Read the bytes of a file into one buffer over and over, and look at none of them; return its packets and the time that took."""
    buffer, begun = bytearray(WINDOW), time.process_time()
    with path.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    taken = time.process_time() - begun
    return frames(path), taken


def cached(path: Path) -> tuple[int, float]:
    """Let the core read what was just read into a buffer that stays in the cache; return the packets, and the core's time alone."""
    walk, buffer, held, taken = Walk(), np.empty(WINDOW, np.uint8), 0, 0.0
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer[held:].data):
            size = held + count
            begun = time.process_time()
            at = walk.read(int(buffer.ctypes.data), size)
            taken += time.process_time() - begun
            held = size - at
            buffer[:held] = buffer[at:size].copy()
    return walk.packets, taken


def windows(path: Path) -> int:
    """Read a capture into windows in memory."""
    return read_windows([path]).reader.packets


TASKS: dict[str, Callable[[Path], int | tuple[int, float]]] = {
    "columns": columns,
    "core": core,
    "frames": frames,
    "copied": copied,
    "cached": cached,
    "windows": windows,
}


def main() -> None:
    """Do one task; print the packets and the processor seconds that they took."""
    native.library()
    begun = time.process_time()
    done = TASKS[sys.argv[1]](Path(sys.argv[2]))
    count, cpu = done if isinstance(done, tuple) else (done, time.process_time() - begun)
    print(json.dumps({"packets": count, "cpu": cpu}))


if __name__ == "__main__":
    main()
