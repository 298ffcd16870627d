"""Attributed packets to windows, as they come."""

from __future__ import annotations

from typing import Literal

import numpy as np

from headwise import native
from headwise.devices import AttributedBatch
from headwise.errors import InputError
from headwise.windows._kernel import Attributed, Slots
from headwise.windows.catalogue import compute
from headwise.windows.table import WindowTable

SHORTEST_S, LONGEST_S = 10.0, 86400.0
LONGEST_SEQUENCE = 1024
FOREVER = np.iinfo(np.int64).max


class Windows:
    """Cuts a stream of attributed packets into windows of one length, or one window a device.

    A device's window ends when its first packet of a later one comes, or by `close`. Packets of a window that has ended are
    counted as late and left out. Where the device sent nothing there is no window.

    Parameters
    ----------
    length_s : float or "capture"
        Seconds, 10 to 86,400; windows start at UTC multiples of it. ``"capture"``: one window a device, ended by `finish`.
    sequence : int
        Packets of the sequence, 0 to 1,024.
    capture : int
        What the column `capture` says.
    open_windows : int
        Most windows open at a time; further devices are left out, and their packets counted as crowded, until a window is over.
    """

    def __init__(
        self, length_s: float | Literal["capture"] = 600.0, sequence: int = 32, *, capture: int = -1, open_windows: int = 2048
    ) -> None:
        self.length_ns = nanoseconds(length_s)
        if not 0 <= sequence <= LONGEST_SEQUENCE:
            raise InputError(f"sequence must be 0 to {LONGEST_SEQUENCE} packets (got {sequence})")
        self.sequence, self.capture = sequence, capture
        self._slots = Slots(self.length_ns, sequence, open_windows)

    @property
    def left_out(self) -> dict[str, int]:
        """Attributed packets that are in no window, by reason: ``late``, ``no_time``, ``crowded``."""
        state = self._slots.state
        return {"late": int(state.late), "no_time": int(state.timeless), "crowded": int(state.crowded)}

    def update(self, attributed: AttributedBatch) -> WindowTable:
        """Take the packets of a batch; return the windows that they ended."""
        index = attributed.device_index[: attributed.rows]
        self._slots.admit(index, attributed.device[: attributed.rows])
        columns = native.pointers(attributed.headers.columns)
        arrays = (attributed.row, attributed.device_index, attributed.direction, attributed.peer)
        packets = Attributed(*(array.ctypes.data for array in arrays))
        taken, tables = 0, []
        while taken < attributed.rows:
            taken, closed = self._slots.update(columns, packets, taken, attributed.rows)
            tables.append(self._table(closed))
        return WindowTable.concatenate(tables, self.sequence)

    def close(self, now: int) -> WindowTable:
        """End the windows that are over at `now` (ns UTC), as the clock of a live capture says."""
        slot, tables = 0, []
        while slot < self._slots.state.used:
            slot, written = self._slots.close(now, slot)
            tables.append(self._table(written))
        return WindowTable.concatenate(tables, self.sequence)

    def finish(self) -> WindowTable:
        """End all windows: no packet follows."""
        return self.close(FOREVER)

    def _table(self, count: int) -> WindowTable:
        if count == 0:
            return WindowTable.empty(self.sequence)
        raw = self._slots.out[:count]
        span = (raw["last"] - raw["first"]) * 1e-9
        return WindowTable(
            device=self._slots.macs[raw["device_index"]],
            start=raw["start"].copy(),
            length_s=np.full(count, self.length_ns * 1e-9) if self.length_ns else span,
            features=compute(raw),
            sequence=_sequence(self._slots.out_sequences[:count]),
            capture=np.full(count, self.capture, np.int32),
        )


def nanoseconds(length_s: float | Literal["capture"]) -> int:
    """Return a window length in ns, 0 for ``"capture"``; raise `InputError` for what is neither."""
    if length_s == "capture":
        return 0
    if isinstance(length_s, str) or not SHORTEST_S <= length_s <= LONGEST_S:
        raise InputError(f"window length must be {SHORTEST_S:.0f} to {LONGEST_S:.0f} seconds, or 'capture' (got {length_s})")
    return round(length_s * 1e9)


def _sequence(raw: np.ndarray) -> np.ndarray:
    out = raw.copy()
    out[..., 2] = np.log10(1 + raw[..., 2].astype(np.float64) / 1000)
    return out
