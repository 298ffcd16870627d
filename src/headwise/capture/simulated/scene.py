"""What is said in a simulated home: parties, their packets as arrays, and the tables that packets refer to."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

import numpy as np

from headwise.capture.simulated.scripts import ACK, SYN, Steps
from headwise.capture.simulated.stacks import Stack

ARP, TCP, UDP, ICMP, IGMP, MLD = range(6)
SECOND = 1_000_000_000

COLUMNS: dict[str, str] = {
    "time": "i8",  # ns since 1970
    "kind": "u1",
    "version": "u1",
    "source_mac": "u8",
    "destination_mac": "u8",
    "source": "i4",  # row of Book.addresses
    "destination": "i4",
    "ttl": "u1",
    "counts": "u1",  # IP identification counts up
    "identification": "u2",  # filled once a day is whole
    "pads": "u1",
    "source_port": "u2",
    "destination_port": "u2",
    "flags": "u2",
    "window": "u2",
    "sequence": "u4",
    "acknowledgment": "u4",
    "extra": "i4",  # row of Book.extras: TCP options, or the body of ARP, ICMP, IGMP
    "length": "u4",  # payload bytes
}
Packets = dict[str, np.ndarray]


@dataclass
class Book:
    """Addresses and byte strings that packets refer to by number."""

    addresses: list[bytes] = field(default_factory=list)
    extras: list[bytes] = field(default_factory=lambda: [b""])
    _address_rows: dict[bytes, int] = field(default_factory=dict)
    _extra_rows: dict[bytes, int] = field(default_factory=lambda: {b"": 0})

    def address(self, text: str) -> int:
        """Return the number of an IPv4 or IPv6 address."""
        packed = ipaddress.ip_address(text).packed
        row = self._address_rows.setdefault(packed, len(self.addresses))
        if row == len(self.addresses):
            self.addresses.append(packed)
        return row

    def extra(self, content: bytes) -> int:
        """Return the number of a byte string."""
        row = self._extra_rows.setdefault(content, len(self.extras))
        if row == len(self.extras):
            self.extras.append(content)
        return row


@dataclass(frozen=True)
class Party:
    """One end of a conversation as the capture point sees it: `ttl` is what is left of it there."""

    mac: int
    address: int
    version: int
    stack: Stack
    ttl: int
    port: int = 0


def join(parts: list[Packets]) -> Packets:
    """Return the packets of all parts as one."""
    return {name: np.concatenate([part[name] for part in parts] or [np.zeros(0, kind)]) for name, kind in COLUMNS.items()}


def take(packets: Packets, rows: np.ndarray) -> Packets:
    """Return the packets that `rows` (indices or a mask) names."""
    return {name: values[rows] for name, values in packets.items()}


def play(
    book: Book, steps: Steps, times: np.ndarray, near: Party, far: Party, kind: int, rng: np.random.Generator, *, port: int | None = None
) -> Packets:
    """Perform one script at each of `times`.

    Parameters
    ----------
    times : numpy.ndarray of int64, shape (events,)
        When each performance begins, ns.
    near, far : Party
        The device and whom it speaks with; ``far.port`` is the service.
    kind : int
        `TCP` or `UDP`.
    port : int, optional
        The device's port; a new one for each performance where it is left out.
    """
    events, count = len(times), len(steps.delay)
    out, shape = steps.outward, (events, count)
    # Long conversations keep their own pace; of short ones each performance differs a little.
    stretch = rng.uniform(0.85, 1.35, (events, 1)) if count < 200 else np.ones((events, 1))
    ports = (np.full(events, port) if port is not None else rng.integers(32768, 61000, events))[:, None]
    columns: dict[str, np.ndarray] = _sides(out, near, far) | {
        "kind": np.array(kind),
        "version": np.array(near.version),
        "identification": np.array(0),
        "flags": steps.flags,
        "length": steps.length,
        "time": times[:, None] + (steps.delay * stretch * SECOND).astype(np.int64),
        "source_port": np.where(out, ports, far.port),
        "destination_port": np.where(out, far.port, ports),
        "window": np.array(0),
        "extra": np.array(0),
        "sequence": np.array(0),
        "acknowledgment": np.array(0),
    }
    if kind == TCP:
        columns |= _tcp(book, steps, near.stack, far.stack, rng.integers(0, 1 << 32, (events, 2)))
    return {name: np.broadcast_to(columns[name], shape).reshape(-1).astype(dtype) for name, dtype in COLUMNS.items()}


def _sides(out: np.ndarray, near: Party, far: Party) -> Packets:
    by_side = {
        "source_mac": (near.mac, far.mac),
        "destination_mac": (far.mac, near.mac),
        "source": (near.address, far.address),
        "destination": (far.address, near.address),
        "ttl": (near.ttl, far.ttl),
        "counts": (near.stack.counts, far.stack.counts),
        "pads": (near.stack.pads, far.stack.pads),
    }
    return {name: np.where(out, ours, theirs) for name, (ours, theirs) in by_side.items()}


def _tcp(book: Book, steps: Steps, near: Stack, far: Stack, first: np.ndarray) -> Packets:
    """Return what TCP adds; `first` are the first sequence numbers of the device and the other side, shape ``(events, 2)``."""
    out, opening = steps.outward, (steps.flags & SYN) != 0
    own, other = np.where(out, 0, 1), np.where(out, 1, 0)
    windows = np.where(out, near.first_window, far.first_window), np.where(out, near.window, far.window)
    first_extras = np.where(out, book.extra(near.first_options()), book.extra(far.first_options()))
    later_extras = np.where(out, book.extra(near.later_options()), book.extra(far.later_options()))
    acknowledgment = (first[:, other] + steps.acknowledgment) & 0xFFFFFFFF
    return {
        "window": np.where(opening, *windows),
        "extra": np.where(opening, first_extras, later_extras),
        "sequence": (first[:, own] + steps.sequence) & 0xFFFFFFFF,
        "acknowledgment": np.where((steps.flags & ACK) != 0, acknowledgment, 0),
    }


def say(book: Book, times: np.ndarray, near: Party, far: Party, kind: int, extra: bytes, length: int = 0) -> Packets:
    """Send one packet of `kind` (ARP, ICMP, IGMP, MLD) with body `extra` and `length` zero bytes at each of `times`."""
    values = {
        "time": times, "kind": kind, "version": near.version, "source_mac": near.mac, "destination_mac": far.mac,
        "source": near.address, "destination": far.address, "ttl": near.ttl, "counts": near.stack.counts, "pads": near.stack.pads,
        "extra": book.extra(extra), "length": length,
    }  # fmt: skip
    return {name: np.broadcast_to(np.asarray(values.get(name, 0)).astype(dtype), len(times)).copy() for name, dtype in COLUMNS.items()}
