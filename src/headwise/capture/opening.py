"""Opening what a user names: a file, a pipe, standard input; with one line of error for everything else."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import sys
import threading
from pathlib import Path

from headwise.errors import InputError

WRITER_WAIT_S = 5.0
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ of Linux


def open_raw(path: Path) -> tuple[io.FileIO, int | None]:
    """Open `path` (``-`` is standard input) for reading; return it and its size in bytes, None for what is no file.

    Raises
    ------
    InputError
        Where it is missing, a folder, not allowed, or a FIFO that nobody writes to.
    """
    if str(path) == "-":
        return _standard_input()
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise InputError("is a folder, not a capture", where=str(path))
        file = _fifo(path) if stat.S_ISFIFO(mode) and not _already_open(path) else io.FileIO(os.fspath(path))
    except (OSError, ValueError) as error:
        raise _refused(error, path) from error
    return _measured(file)


def _standard_input() -> tuple[io.FileIO, int | None]:
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("standard input is closed", where="-", do="pipe a capture into it, or name a file")
    if sys.stdin.isatty():
        raise InputError("standard input is a terminal", where="-", do="pipe a capture into it, or name a file")
    return _measured(io.FileIO(sys.stdin.fileno(), closefd=False))


def _measured(file: io.FileIO) -> tuple[io.FileIO, int | None]:
    facts = os.fstat(file.fileno())
    if stat.S_ISREG(facts.st_mode):
        return file, facts.st_size
    if stat.S_ISFIFO(facts.st_mode):
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(file.fileno(), _SET_PIPE_SIZE, 1 << 20)
    return file, None


def _already_open(path: Path) -> bool:
    # A shell's process substitution names a pipe that has its writer.
    return os.fspath(path).startswith(("/dev/fd/", "/proc/", "/dev/stdin"))


def _fifo(path: Path) -> io.FileIO:
    opened: list[io.FileIO] = []
    opening = threading.Thread(target=lambda: opened.append(io.FileIO(os.fspath(path))), daemon=True)
    opening.start()
    opening.join(WRITER_WAIT_S)
    if opening.is_alive():
        os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))  # lets the waiting thread go
        opening.join()
        opened[0].close()
        raise InputError(f"nobody opened this FIFO for writing within {WRITER_WAIT_S:g} s", where=str(path), do="start its writer first")
    return opened[0]


def _refused(error: OSError | ValueError, path: Path) -> InputError:
    reason = error.strerror if isinstance(error, OSError) else None
    return InputError(f"cannot be read: {reason or error}", where=str(path))
