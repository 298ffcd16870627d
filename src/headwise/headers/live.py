"""Header rows from a network interface, as they come."""

from __future__ import annotations

import ctypes

import numpy as np

from headwise import native
from headwise.capture.ring import Ring
from headwise.headers.batch import HeaderBatch
from headwise.headers.schema import CUT, MALFORMED, allocate


class LiveReader:
    """Reads batches of header rows from a ring, by the same core that reads files.

    Parameters
    ----------
    ring : Ring
        Where the packets come from; the caller closes it.

    Attributes
    ----------
    packets, rows : int
        Packets read so far, and rows made of them: ``packets == rows + sum(counted.values())``.
    remarks : dict of str to int
        What was odd in rows: impossible headers, headers longer than what is captured, packets out of order.
    """

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self.packets = self.rows = 0
        self.remarks = {"header_cut": 0, "header_malformed": 0, "out_of_order": 0}
        self._room = ring.block // 64
        self._columns = allocate(self._room)
        self._pointers = native.pointers(self._columns)
        self._counted = native.Counted()
        self._core = native.library()
        self._core.hw_ring_frames.argtypes = [
            ctypes.c_void_p, ctypes.c_uint64, ctypes.POINTER(native.HwColumns), ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint16,
        ]  # fmt: skip
        self._core.hw_ring_frames.restype = ctypes.c_uint64

    @property
    def counted(self) -> dict[str, int]:
        """Packets that are no rows, by reason."""
        return {name: int(count) for name, count in zip(native.REASONS, self._counted, strict=True) if count}

    def read(self, seconds: float) -> HeaderBatch | None:
        """Return the next batch, or None where `seconds` pass without one. Its columns are valid until the next call."""
        with self.ring.wait(seconds) as block:
            if not block:
                return None
            rows = self._parse(block)
        batch = HeaderBatch(rows, self._columns, reused=self._pointers)
        self._order(batch)
        self._remark(batch)
        return batch

    def _parse(self, block: int) -> int:
        columns = ctypes.byref(self._pointers)
        framed = self._core.hw_ring_frames(block, self.ring.block, columns, 0, self._room, self.ring.link_type)
        rows = int(self._core.hw_headers(block, self.ring.block, columns, 0, framed, self._counted, None))
        self.packets += framed
        self.rows += rows
        return rows

    def _order(self, batch: HeaderBatch) -> None:
        # Packets that several processors took in may stand in the ring a few microseconds out of order.
        time = batch["time"]
        early = int(np.count_nonzero(time[1:] < time[:-1]))
        if not early:
            return
        self.remarks["out_of_order"] += early
        order = np.argsort(time, kind="stable")
        for values in batch.columns.values():
            values[: batch.rows] = values[order]

    def _remark(self, batch: HeaderBatch) -> None:
        present = batch["present"]
        self.remarks["header_cut"] += int(np.count_nonzero(present & CUT))
        self.remarks["header_malformed"] += int(np.count_nonzero(present & MALFORMED))
