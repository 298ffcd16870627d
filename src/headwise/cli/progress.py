"""Progress on a terminal: how far, how fast, how long still. Silent in a pipe and for the first two seconds."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import IO

QUIET_S = 2.0
REDRAW_S = 0.2

Progress = Callable[[int, int | None], None]
Share = Callable[[float, str], None]


@contextlib.contextmanager
def progress(
    label: str, *, unit: str = "B", stream: IO[str] | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Progress]:
    """Yield a callback ``(done, total)`` that redraws one line of stderr, which is wiped at the end.

    Parameters
    ----------
    label : str
        What is going on, such as ``reading``.
    unit : str
        What `done` and `total` count; bytes by default. The total may be None where it is not known.
    stream : text file, optional
        Where to draw; stderr by default.
    clock : callable
        Gives the time in seconds.
    """
    line = _Line(label, unit, stream or sys.stderr, clock)
    try:
        yield line.show if line.visible else _silent
    finally:
        line.wipe()


@contextlib.contextmanager
def share_done(label: str, *, stream: IO[str] | None = None, clock: Callable[[], float] = time.monotonic) -> Iterator[Share]:
    """Yield a callback ``(share, note)`` that does the same for work of which only the share done is known, 0 to 1, and a word on it."""
    line = _Line(label, "", stream or sys.stderr, clock)
    try:
        yield line.show_share if line.visible else _nothing
    finally:
        line.wipe()


def quantity(value: float, unit: str) -> str:
    """Return a number with three digits and a decimal prefix: ``12.3 MB``, ``12.3 M packets``."""
    prefixes = ["", "k", "M", "G", "T"]
    while value >= 999.5 and len(prefixes) > 1:
        value /= 1000
        del prefixes[0]
    scaled = f"{prefixes[0]}{unit}" if len(unit) == 1 else f"{prefixes[0]} {unit}".strip()
    return f"{value:.3g} {scaled}"


def duration(seconds: float) -> str:
    """Return a duration in its two largest units: ``2 min 5 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _silent(done: int, total: int | None) -> None:
    pass


def _nothing(share: float, note: str) -> None:
    pass


class _Line:
    def __init__(self, label: str, unit: str, stream: IO[str], clock: Callable[[], float]) -> None:
        self.label, self.unit, self.stream, self.clock = label, unit, stream, clock
        self.visible = stream.isatty()
        self.start = clock()
        self.next = self.start + QUIET_S
        self.width = 0

    def show(self, done: int, total: int | None) -> None:
        if elapsed := self._due():
            self._draw(self._text(done, total, elapsed))

    def show_share(self, share: float, note: str) -> None:
        if elapsed := self._due():
            left = [f"{duration(elapsed * (1 - share) / share)} left"] if share else []
            self._draw(", ".join([f"{self.label}: {100 * share:.0f} %", *left, *([note] if note else [])]))

    def _due(self) -> float:
        """Return the seconds since the start where it is time to draw again, else 0."""
        now = self.clock()
        if now < self.next:
            return 0.0
        self.next = now + REDRAW_S
        return now - self.start

    def wipe(self) -> None:
        if self.width:
            self._draw("")
            self.stream.write("\r")
            self.stream.flush()

    def _text(self, done: int, total: int | None, elapsed: float) -> str:
        rate = done / elapsed
        parts = [f"{self.label}: {quantity(done, self.unit)}"]
        if total:
            parts[0] += f" of {quantity(total, self.unit)} ({100 * done // total} %)"
        parts.append(f"{quantity(rate, self.unit)}/s")
        if total and rate:
            parts.append(f"{duration(max(total - done, 0) / rate)} left")
        return ", ".join(parts)

    def _draw(self, text: str) -> None:
        self.stream.write(f"\r{text.ljust(self.width)}")
        self.stream.flush()
        self.width = len(text)
