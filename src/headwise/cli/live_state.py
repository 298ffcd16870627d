"""What is known of a live capture at one moment, and its form for machines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from headwise.clock import iso_time
from headwise.devices import format_mac, vendor
from headwise.identity.answer import Answer
from headwise.identity.identifying import Identified
from headwise.windows.live import over

if TYPE_CHECKING:
    from headwise.capture.ring import Ring
    from headwise.cli.live_names import LiveNames
    from headwise.windows import WindowTable
    from headwise.windows.live import LiveWindows

_COUNTS = ("packets_sent", "packets_received", "bytes_sent", "bytes_received")


class LiveState:
    """A live capture with the names of its devices.

    Parameters
    ----------
    ring : Ring
        Where packets come from.
    windows : LiveWindows
        Reads them.
    names : LiveNames
        Names devices by their windows.
    """

    def __init__(self, ring: Ring, windows: LiveWindows, names: LiveNames) -> None:
        self.ring, self.live, self.names = ring, windows, names
        self.begun = time.monotonic()
        self._alone: list[Answer] = []

    def read(self, seconds: float) -> WindowTable:
        """Read for at most `seconds`; return the windows that ended."""
        return self._named(self.live.read(seconds))

    def finish(self) -> Iterator[tuple[WindowTable, bool]]:
        """End all windows; yield those whose time was over and those cut short, each with whether it is complete."""
        table = self.live.finish()
        whole = over(table, time.time_ns())
        for rows, complete in ((whole, True), (~whole, False)):
            yield self._named(table.select(np.flatnonzero(rows))), complete

    @property
    def dropped(self) -> int:
        """Packets that the kernel had no room for."""
        return self.ring.statistics().dropped

    def devices(self) -> list[Identified]:
        """Return the devices, those that sent most bytes first, routers last."""
        found = [self.names.of(device) for device in self.live.devices]
        return sorted(found, key=lambda each: (each.role == "router", -each.bytes_sent, each.mac))

    def to_json(self) -> dict[str, object]:
        """Return the counts of the whole capture so far, and its devices."""
        reader = self.live.reader
        return {
            "interface": self.ring.interface,
            "time": iso_time(time.time_ns()),
            "seconds": round(time.monotonic() - self.begun, 3),
            "packets": reader.packets,
            "rows": reader.rows,
            "counted": reader.counted,
            "remarks": reader.remarks,
            "unattributed": self.live.attribution.unattributed,
            "left_out": self.live.left_out,
            "dropped": self.dropped,
            "devices": [each.to_json() for each in self.devices()],
        }

    def windows_to_json(self, table: WindowTable) -> Iterator[dict[str, object]]:
        """Yield the windows that `read` or `finish` has just returned as objects."""
        counts = np.column_stack([table.feature(name) for name in _COUNTS]).astype(np.int64)
        for row, answer in enumerate(self._alone):
            mac = int(table.device[row])
            yield {
                "mac": format_mac(mac),
                "vendor": vendor(mac),
                "start": iso_time(int(table.start[row])),
                "length_s": float(table.length_s[row]),
                **dict(zip(_COUNTS, counts[row].tolist(), strict=True)),
                "product": asdict(answer.product),
                "category": asdict(answer.category),
            }

    def _named(self, table: WindowTable) -> WindowTable:
        self._alone = self.names.add(table)
        return table
