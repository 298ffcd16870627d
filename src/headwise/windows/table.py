"""A table of windows in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from headwise.windows.catalogue import FEATURES_VERSION, names

SEQUENCE_VALUES = ("size", "direction", "gap", "kind")
"""Of each packet of a sequence: bytes; 1 sent, -1 received (0 no packet); log10(1 + microseconds since the packet before); kind."""

PACKET_KINDS = (
    "none",
    "ARP",
    "EAPOL",
    "ICMP",
    "ICMPv6",
    "IGMP",
    "DHCP",
    "DNS over UDP",
    "mDNS",
    "SSDP",
    "NTP",
    "other UDP",
    "TCP with remote port 443",
    "TCP with remote port 80",
    "other TCP",
    "any other",
)
"""What the fourth value of a packet in a sequence says, by number."""

COLUMNS = ("device", "start", "length_s", "features", "sequence", "capture")


@dataclass
class WindowTable:
    """Windows of devices, one a row.

    Attributes
    ----------
    device : numpy.ndarray
        MAC, uint64, shape ``(n,)``.
    start : numpy.ndarray
        ns since 1970 UTC, int64, shape ``(n,)``.
    length_s : numpy.ndarray
        Seconds, float64, shape ``(n,)``; of a capture's window, from its first packet to its last.
    features : numpy.ndarray
        float32, shape ``(n, features)``; NaN where undefined.
    sequence : numpy.ndarray
        The first packets of each window, float32, shape ``(n, packets, 4)``, zero where there were less; values are those of
        `SEQUENCE_VALUES`.
    capture : numpy.ndarray
        Index of the file that the window is of, int32, shape ``(n,)``; -1 where windows are cut by time.
    names : tuple of str
        Of the features, in order.
    version : int
        `FEATURES_VERSION` they were made with.
    """

    device: np.ndarray
    start: np.ndarray
    length_s: np.ndarray
    features: np.ndarray
    sequence: np.ndarray
    capture: np.ndarray
    names: tuple[str, ...] = field(default_factory=names)
    version: int = FEATURES_VERSION

    def __len__(self) -> int:
        return len(self.device)

    def select(self, rows: np.ndarray) -> WindowTable:
        """Return the windows that a mask or an array of positions names."""
        columns: dict[str, Any] = {name: getattr(self, name)[rows] for name in COLUMNS}
        return WindowTable(**columns, names=self.names, version=self.version)

    def sorted(self) -> WindowTable:
        """Return the windows in the order of capture, device and time."""
        return self.select(np.lexsort((self.start, self.device, self.capture)))

    def feature(self, name: str) -> np.ndarray:
        """Return one feature by name, float32, shape ``(n,)``."""
        return self.features[:, self.names.index(name)]

    @classmethod
    def empty(cls, sequence: int) -> WindowTable:
        """Return a table of no windows."""
        none = np.zeros(0, np.int64)
        features, packets = np.zeros((0, len(names())), np.float32), np.zeros((0, sequence, 4), np.float32)
        return cls(none.astype(np.uint64), none, none.astype(np.float64), features, packets, none.astype(np.int32))

    @classmethod
    def concatenate(cls, tables: Sequence[WindowTable], sequence: int) -> WindowTable:
        """Return the windows of several tables as one, in the order given."""
        tables = [table for table in tables if len(table)] or [cls.empty(sequence)]
        columns: dict[str, Any] = {name: np.concatenate([getattr(table, name) for table in tables]) for name in COLUMNS}
        return cls(**columns)
