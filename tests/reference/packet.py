"""One packet being read: its bytes, where it ends on the wire, and the columns found so far."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field


class Cut(Exception):
    """The captured bytes end inside a header."""


class Malformed(Exception):
    """A header says what cannot be."""


@dataclass
class Packet:
    """What the layers pass on.

    Attributes
    ----------
    data : bytes
        Captured bytes.
    end : int
        Offset at which the packet ends on the wire, by the length fields read so far.
    columns : dict of str to int or bytes
        Present columns only; addresses are 16 bytes.
    problem : type of exception or None
        What first kept a field from being read: what follows from it is no second problem.
    """

    data: bytes
    end: int
    columns: dict[str, int | bytes] = field(default_factory=dict)
    problem: type[Exception] | None = None

    def number(self, at: int, size: int) -> int:
        """Return the big-endian number of `size` bytes at `at`."""
        return int.from_bytes(self.bytes(at, size), "big")

    def bytes(self, at: int, size: int) -> bytes:
        """Return `size` bytes at `at`; not in the packet or not captured is an error."""
        if at + size > self.end:
            raise Malformed
        if at + size > len(self.data):
            raise Cut
        return self.data[at : at + size]

    def limit(self, end: int) -> None:
        """Note that the packet ends at `end`, if that is nearer than known."""
        self.end = min(self.end, end)

    def stop(self, problem: type[Exception]) -> None:
        """Remember the first problem."""
        self.problem = self.problem or problem

    def field(self, name: str, at: int, size: int) -> None:
        """Read a field; where it cannot be read, note why and leave it out."""
        try:
            self.columns[name] = self.number(at, size)
        except (Cut, Malformed) as problem:
            self.stop(type(problem))

    def payload(self, at: int) -> None:
        """Note how much of the packet lies behind `at`."""
        if at > self.end:
            self.stop(Malformed)
        else:
            self.columns["payload_length"] = self.end - at


def mapped(address: bytes) -> bytes:
    """Return an IPv4 address as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2)."""
    return struct.pack(">QI4s", 0, 0xFFFF, address)
