"""Who lives in a simulated home: units with addresses, the router, and the servers that units speak with."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np

from headwise.capture.simulated.scene import SECOND, Book, Party
from headwise.capture.simulated.stacks import LINUX, LWIP, ROUTER, WINDOWS, Stack

DAY = 86400 * SECOND
# How likely a person does something in each hour of the day (UTC).
RHYTHMS: dict[str, tuple[int, ...]] = {
    "steady": (1,) * 24,
    "morning": (0, 0, 0, 0, 0, 1, 6, 9, 7, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0),
    "evening": (2, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 5, 7, 9, 9, 8, 6, 4),
    "awake": (2, 1, 0, 0, 0, 1, 3, 5, 4, 3, 3, 3, 4, 3, 3, 3, 4, 6, 8, 9, 9, 8, 6, 4),
    "daytime": (0, 0, 0, 0, 0, 1, 3, 6, 8, 8, 8, 8, 8, 8, 8, 8, 7, 5, 3, 2, 1, 0, 0, 0),
}
_SERVER_NETS = ("192.0.2", "198.51.100", "203.0.113")  # for documentation: RFC 5737
_SERVER_STACKS = (LINUX, LINUX, WINDOWS, LWIP)


@dataclass(frozen=True)
class Unit:
    """One device: its name, its addresses and its stack."""

    name: str
    mac: int
    ip4: str
    link_local: str
    ip6: str
    stack: Stack

    def party(self, book: Book, version: int = 4, port: int = 0, *, local: bool = False, ttl: int | None = None) -> Party:
        """Return this unit as a party; `local` chooses the IPv6 link-local address."""
        address = self.ip4 if version == 4 else self.link_local if local else self.ip6
        return Party(self.mac, book.address(address), version, self.stack, self.stack.ttl if ttl is None else ttl, port)


@dataclass
class House:
    """Everything that a behaviour may speak with."""

    book: Book
    router: Unit
    units: list[Unit] = field(default_factory=list)

    def server(self, name: str, version: int, port: int) -> tuple[Party, float]:
        """Return a server on the internet, seen behind the router, and the seconds to it and back.

        Its address, its distance and its stack follow from its name; addresses are of the blocks for documentation (RFC 5737, RFC 3849).
        """
        mark = zlib.crc32(name.encode())
        ip4 = f"{_SERVER_NETS[mark % 3]}.{mark // 3 % 254 + 1}"
        address = ip4 if version == 4 else f"2001:db8:ffff:{mark % 65536:x}::{mark // 65536 + 1:x}"
        stack = _SERVER_STACKS[mark // 7 % 4]
        hops = mark // 29 % 16 + 5
        return Party(self.router.mac, self.book.address(address), version, stack, stack.ttl - hops, port), 0.008 + (mark % 97) / 700

    def group(self, mac: int, address: str, port: int = 0) -> Party:
        """Return a multicast or broadcast destination."""
        return Party(mac, self.book.address(address), 6 if ":" in address else 4, LINUX, 1, port)


@dataclass
class Day:
    """One day of one unit: when it starts, its chance, and what a person did on it.

    Attributes
    ----------
    start : int
        First instant, ns since 1970.
    rng : numpy.random.Generator
        Chance of this unit on this day.
    phase : float
        The unit's own share of a period, 0 to 1: the same on every day.
    actions : list of (int, int, str)
        What a person did: start, end (ns), action.
    """

    start: int
    rng: np.random.Generator
    phase: float
    actions: list[tuple[int, int, str]] = field(default_factory=list)

    def every(self, period: float, jitter: float = 0.02) -> np.ndarray:
        """Return instants about `period` seconds apart (ns), keeping step from day to day."""
        first = -(-(self.start / SECOND - self.phase * period) // period)
        count = int((self.start + DAY) / SECOND / period - self.phase - first) + 1
        seconds = (first + np.arange(count) + self.phase) * period + self.rng.normal(0, 1, count).clip(-3, 3) * jitter * period
        times = (seconds * 1e6).astype(np.int64) * 1000
        return times[(times >= self.start) & (times < self.start + DAY)]

    def sometimes(self, per_day: float, rhythm: str = "steady") -> np.ndarray:
        """Return about `per_day` instants (ns, in order) that follow a person's day."""
        weights = np.array(RHYTHMS[rhythm], float)
        hours = self.rng.choice(24, self.rng.poisson(per_day), p=weights / weights.sum())
        return self.start + np.sort((hours * 3600 + self.rng.uniform(0, 3600, len(hours))) * 1e6).astype(np.int64) * 1000


def link_local(mac: int) -> str:
    """Return the IPv6 link-local address made from a MAC (RFC 4291, appendix A)."""
    return _with_interface("fe80::", mac)


def global_address(mac: int) -> str:
    """Return the IPv6 address made from a MAC in the home's prefix, one for documentation (RFC 3849)."""
    return _with_interface("2001:db8:1:1:", mac)


def _with_interface(prefix: str, mac: int) -> str:
    flipped = mac ^ 0x020000000000
    high, middle, low = flipped >> 32, (flipped >> 16) & 0xFFFF, flipped & 0xFFFF
    return f"{prefix}{high:x}:{middle >> 8:x}ff:fe{middle & 0xFF:02x}:{low:x}"


ROUTER_MAC = 0x00005E005301  # of the block for documentation: RFC 7042
ROUTER_UNIT = Unit("router", ROUTER_MAC, "192.168.0.1", link_local(ROUTER_MAC), global_address(ROUTER_MAC), ROUTER)
