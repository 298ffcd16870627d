"""Attributed packets to windows, as they come."""

from __future__ import annotations

import numpy as np

from headwise import native
from headwise.devices import AttributedBatch
from headwise.errors import InputError
from headwise.windows._kernel import Attributed, Slots
from headwise.windows._raw import WINDOW
from headwise.windows.compute import compute
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

    def __init__(self, length_s: float | str = 600.0, sequence: int = 32, *, capture: int = -1, open_windows: int = 2048) -> None:
        self.length_ns = nanoseconds(length_s)
        if not 0 <= sequence <= LONGEST_SEQUENCE:
            raise InputError(f"sequence must be 0 to {LONGEST_SEQUENCE} packets (got {sequence})")
        self.sequence, self.capture = sequence, capture
        self._slots = Slots(self.length_ns, sequence, open_windows)
        self._ended: list[tuple[np.ndarray, np.ndarray, np.ndarray, int]] = []

    @property
    def left_out(self) -> dict[str, int]:
        """Attributed packets that are in no window, by reason: ``late``, ``no_time``, ``crowded``."""
        state = self._slots.state
        return {"late": int(state.late), "no_time": int(state.timeless), "crowded": int(state.crowded)}

    def update(self, attributed: AttributedBatch) -> WindowTable:
        """Take the packets of a batch; return the windows that they ended."""
        self.take(attributed)
        return self.ended()

    def close(self, now: int) -> WindowTable:
        """End the windows that are over at `now` (ns UTC), as the clock of a live capture says; return them."""
        self._end(now)
        return self.ended()

    def finish(self) -> WindowTable:
        """End all windows, as no packet follows; return them."""
        return self.close(FOREVER)

    def take(self, attributed: AttributedBatch) -> None:
        """Take the packets of a batch; `ended` gives the windows that they ended."""
        self._slots.admit(attributed.device_index[: attributed.rows], attributed.device[: attributed.rows])
        columns = attributed.headers.pointers
        arrays = (attributed.row, attributed.device_index, attributed.direction, attributed.peer)
        packets = Attributed(*map(native.address, arrays))
        taken = 0
        while taken < attributed.rows:
            taken, closed = self._slots.update(columns, packets, taken, attributed.rows)
            self._keep(closed)

    def ended(self, least: int = 1) -> WindowTable:
        """Return the windows that ended and were not yet given; none while they are fewer than `least`, as many at a time cost less."""
        if not self._ended or sum(len(ended[0]) for ended in self._ended) < least:
            return WindowTable.empty(self.sequence)
        numbers, sequences, macs = (np.concatenate([ended[part] for ended in self._ended]) for part in range(3))
        raw = numbers.view(WINDOW)[:, 0]
        captures = np.concatenate([np.full(len(ended[0]), ended[3], np.int32) for ended in self._ended])
        self._ended.clear()
        sequences[..., 2] = np.log10(1 + sequences[..., 2].astype(np.float64) / 1000)
        span = (raw["last"] - raw["first"]) * 1e-9
        lengths = np.full(len(raw), self.length_ns * 1e-9) if self.length_ns else span
        return WindowTable(macs, raw["start"].copy(), lengths, compute(raw), sequences, captures)

    def restart(self, capture: int) -> None:
        """End all windows and forget the devices: what follows is of another capture, whose devices are numbered anew."""
        self._end(FOREVER)
        self._slots.forget()
        self.capture = capture

    def _end(self, now: int) -> None:
        slot = 0
        while slot < self._slots.state.used:
            slot, written = self._slots.close(now, slot)
            self._keep(written)

    def _keep(self, count: int) -> None:
        if count:
            raw = self._slots.out[:count]
            # As plain numbers: NumPy joins arrays of structures slowly.
            numbers = raw.view(np.uint64).reshape(count, -1).copy()
            self._ended.append((numbers, self._slots.out_sequences[:count].copy(), self._slots.macs[raw["device_index"]], self.capture))


def nanoseconds(length_s: float | str) -> int:
    """Return a window length in ns, 0 for ``"capture"``; raise `InputError` for what is neither."""
    if length_s == "capture":
        return 0
    if isinstance(length_s, str) or not SHORTEST_S <= length_s <= LONGEST_S:
        raise InputError(f"window length must be {SHORTEST_S:.0f} to {LONGEST_S:.0f} seconds, or 'capture' (got {length_s})")
    return round(length_s * 1e9)
