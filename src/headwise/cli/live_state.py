"""What is known of a live capture at one moment, and its form for machines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from headwise.devices import Device, format_mac
from headwise.devices.vendor import vendor
from headwise.windows.live import over

if TYPE_CHECKING:
    from headwise.capture.ring import Ring
    from headwise.cli.live_names import Name, Names
    from headwise.windows import WindowTable
    from headwise.windows.live import LiveWindows


class LiveState:
    """A live capture with the names of its devices.

    Parameters
    ----------
    ring : Ring
        Where packets come from.
    windows : LiveWindows
        Reads them.
    names : Names
        Names devices by their windows.
    """

    def __init__(self, ring: Ring, windows: LiveWindows, names: Names) -> None:
        self.ring, self.live, self.names = ring, windows, names
        self.begun = time.monotonic()
        self._guesses: list[tuple[Name, Name]] = []

    def read(self, seconds: float) -> WindowTable:
        """Read for at most `seconds`; return the windows that ended."""
        return self._named(self.live.read(seconds))

    def finish(self) -> Iterator[tuple[WindowTable, bool]]:
        """End all windows; yield those whose time was over and those cut short, each with whether it is whole."""
        table = self.live.finish()
        whole = over(table, time.time_ns())
        for rows, complete in ((whole, True), (~whole, False)):
            yield self._named(table.select(np.flatnonzero(rows))), complete

    @property
    def dropped(self) -> int:
        """Packets that the kernel had no room for."""
        return self.ring.statistics().dropped

    def totals(self) -> dict[str, object]:
        """Return the counts of the whole capture so far."""
        reader = self.live.reader
        return {
            "interface": self.ring.interface,
            "time": utc(time.time_ns()),
            "seconds": round(time.monotonic() - self.begun, 3),
            "packets": reader.packets,
            "rows": reader.rows,
            "counted": reader.counted,
            "unattributed": self.live.attribution.unattributed,
            "left_out": self.live.left_out,
            "dropped": self.dropped,
        }

    def devices(self) -> list[tuple[Device, Name, Name]]:
        """Return the devices with product and category, the busiest first."""
        ordered = sorted(self.live.devices, key=lambda device: device.packets_sent + device.packets_received, reverse=True)
        return [(device, *self.names.of(device.mac)) for device in ordered]

    def device_objects(self) -> list[dict[str, object]]:
        """Return the devices as objects, by MAC."""
        return [
            {
                "mac": format_mac(device.mac),
                "vendor": device.vendor,
                "role": device.role,
                "packets": device.packets_sent + device.packets_received,
                "bytes_sent": device.bytes_sent,
                "bytes_received": device.bytes_received,
                "windows": self.names.windows.get(device.mac, 0),
                "first_seen": utc(device.first_seen),
                "last_seen": utc(device.last_seen),
                "product": _object(product),
                "category": _object(category),
            }
            for device, product, category in sorted(self.devices(), key=lambda row: row[0].mac)
        ]

    def window_objects(self, table: WindowTable) -> Iterator[dict[str, object]]:
        """Yield windows that `read` or `finish` has just returned as objects."""
        counts = [table.feature(name).tolist() for name in ("packets_sent", "packets_received", "bytes_sent", "bytes_received")]
        for row, (product, category) in enumerate(self._guesses):
            packets_sent, packets_received, bytes_sent, bytes_received = (int(values[row]) for values in counts)
            mac = int(table.device[row])
            yield {
                "mac": format_mac(mac),
                "vendor": vendor(mac),
                "start": utc(int(table.start[row])),
                "length_s": float(table.length_s[row]),
                "packets": packets_sent + packets_received,
                "bytes_sent": bytes_sent,
                "bytes_received": bytes_received,
                "product": _object(product),
                "category": _object(category),
            }

    def _named(self, table: WindowTable) -> WindowTable:
        self._guesses = self.names.add(table)
        return table


def utc(nanoseconds: int) -> str:
    """Return a time as text, ISO 8601 in UTC with microseconds."""
    moment = datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{nanoseconds % 1_000_000_000 // 1000:06}Z"


def _object(name: Name) -> dict[str, object]:
    return {"label": name[0], "probability": name[1]}
