"""Windows of a network interface, as they end."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from headwise.devices import Attribution, Device
from headwise.headers.live import LiveReader
from headwise.windows.accumulate import Windows
from headwise.windows.table import WindowTable

SECOND = 1_000_000_000
GRACE = 2 * SECOND  # how long after its end a window stays open for packets on their way through the ring


class LiveWindows:
    """Reads packets from an interface into windows, by the code that reads files.

    Where the machine's clock is set back by more than a minute, the windows that are open are ended and counting begins anew.

    Parameters
    ----------
    reader : LiveReader
        Where header rows come from.
    length_s : float
        Seconds of a window, 10 to 86,400.
    sequence : int
        Packets of the sequence.
    clock : callable
        Gives the time, ns since 1970.
    """

    def __init__(self, reader: LiveReader, length_s: float = 600.0, sequence: int = 32, *, clock: Callable[[], int] = time.time_ns) -> None:
        self.reader, self.length_s, self.sequence, self._clock = reader, length_s, sequence, clock
        self.attribution = Attribution()
        self._windows = Windows(length_s, sequence)
        self._before: dict[str, int] = {}
        self._newest = 0

    @property
    def devices(self) -> list[Device]:
        """The MACs that have sent something."""
        return self.attribution.devices

    @property
    def left_out(self) -> dict[str, int]:
        """Attributed packets that are in no window, by reason."""
        return {name: count + self._before.get(name, 0) for name, count in self._windows.left_out.items()}

    def read(self, seconds: float) -> WindowTable:
        """Read one batch, or wait `seconds` for it; return the windows that ended."""
        batch = self.reader.read(seconds)
        tables = []
        if batch is not None and batch.rows:
            tables += self._after_step_back(int(batch["time"][0]))
            self._newest = max(self._newest, int(batch["time"][-1]))
            tables.append(self._windows.update(self.attribution.update(batch)))
        tables.append(self._windows.close(self._clock() - GRACE))
        return WindowTable.concatenate(tables, self.sequence)

    def finish(self) -> WindowTable:
        """Read what is left in the ring, then end all windows: also those whose time is not over."""
        tables, end = [], self._clock()
        while (batch := self.reader.read(0.25)) is not None:
            tables.append(self._windows.update(self.attribution.update(batch)))
            if batch.rows and batch["time"][-1] > end:
                break
        tables.append(self._windows.finish())
        return WindowTable.concatenate(tables, self.sequence)

    def _after_step_back(self, now: int) -> list[WindowTable]:
        if now >= self._newest - 60 * SECOND:
            return []
        ended = self._windows.finish()
        self._before, self._newest = self.left_out, now
        self._windows = Windows(self.length_s, self.sequence)
        return [ended]


def over(table: WindowTable, now: int) -> np.ndarray:
    """Return which windows had ended by `now` (ns UTC), bool, shape ``(n,)``."""
    whole: np.ndarray = table.start + (table.length_s * SECOND).astype(np.int64) <= now
    return whole
