"""Network stacks of simulated devices: what a first packet gives away."""

from __future__ import annotations

from dataclasses import dataclass

MSS, SACK, TIMESTAMPS, NOTHING, SCALE, END = "M", "S", "T", "N", "W", "E"


@dataclass(frozen=True)
class Stack:
    """How an operating system fills the header fields that it is free to choose.

    Attributes
    ----------
    ttl : int
        TTL or hop limit at the sender.
    options : str
        TCP options of a SYN in order, one letter each: M segment size, S selective acknowledgment, T time stamps, N no-operation,
        W window scale, E end of list.
    mss : int
        Maximum segment size, bytes.
    first_window, window : int
        TCP window of the SYN and of later segments (unscaled).
    scale : int
        Window scale, where `options` holds W.
    counts : bool
        IP identification counts up by packet; else it is zero and fragments are forbidden.
    pads : bool
        Frames are padded to Ethernet's 60 bytes (a wired device).
    """

    ttl: int
    options: str
    mss: int = 1460
    first_window: int = 64240
    window: int = 501
    scale: int = 7
    counts: bool = True
    pads: bool = False

    def first_options(self) -> bytes:
        """Return the TCP options of a SYN, a multiple of 4 bytes; time stamps are zero."""
        parts = {
            MSS: b"\x02\x04" + self.mss.to_bytes(2, "big"),
            SACK: b"\x04\x02",
            TIMESTAMPS: b"\x08\x0a" + bytes(8),
            NOTHING: b"\x01",
            SCALE: b"\x03\x03" + bytes([self.scale]),
            END: b"\x00",
        }
        options = b"".join(parts[letter] for letter in self.options)
        return options + bytes(-len(options) % 4)

    def later_options(self) -> bytes:
        """Return the TCP options of segments after the SYN."""
        return b"\x01\x01\x08\x0a" + bytes(8) if TIMESTAMPS in self.options else b""


LINUX = Stack(64, "MSTNW", counts=False)
OLD_LINUX = Stack(64, "MSTNW", first_window=5840, window=1460, scale=1)
ANDROID = Stack(64, "MSTNW", first_window=65535, window=344, scale=8, counts=False)
APPLE = Stack(64, "MNWNNTSE", first_window=65535, window=2058, scale=6, counts=False)
WINDOWS = Stack(128, "MNWNNS", first_window=64240, window=1026, scale=8)
LWIP = Stack(255, "M", mss=1440, first_window=5760, window=5760)
LWIP_SMALL = Stack(128, "M", mss=536, first_window=2144, window=2144)
EMBEDDED = Stack(64, "MW", mss=1460, first_window=8192, window=4096, scale=1)
REAL_TIME = Stack(64, "MNWNNT", mss=1460, first_window=16384, window=16384, scale=0)
MODULE = Stack(255, "MSN", mss=1400, first_window=4380, window=4380)
ROUTER = Stack(64, "MSTNW", first_window=29200, window=229, scale=6, counts=False)
