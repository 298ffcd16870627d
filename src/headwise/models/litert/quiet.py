"""Libraries that talk on the process's own output, whatever Python's is, kept from doing so."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def quiet(*descriptors: int) -> Iterator[None]:
    """Send what is written to file descriptors (1 is standard output, 2 standard error) nowhere."""
    _flush()
    kept = [(number, os.dup(number)) for number in descriptors]
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in descriptors:
            os.dup2(nothing, number)
        yield
    finally:
        _flush()
        for number, copy in kept:
            os.dup2(copy, number)
            os.close(copy)
        os.close(nothing)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
