"""What is known of one MAC."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from headwise.devices.mac import is_random
from headwise.devices.vendor import vendor

ROLES = ("device", "router")


@dataclass(frozen=True)
class Address:
    """An address that a device used.

    Attributes
    ----------
    address : ipaddress.IPv4Address or ipaddress.IPv6Address
    first_seen, last_seen : int
        Times of the first and last packet that the device sent from it, ns UTC.
    """

    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    first_seen: int
    last_seen: int


@dataclass(frozen=True)
class Device:
    """One MAC that spoke on the home's side.

    Attributes
    ----------
    mac : int
        48 bits, first octet highest.
    index : int
        Its number in `AttributedBatch.device_index`.
    role : str
        ``device`` or ``router``, as far as the packets up to now tell.
    first_seen, last_seen : int
        Times of the first and last packet that it sent, ns UTC.
    packets_sent, packets_received, bytes_sent, bytes_received : int
        Of the attributed packets; bytes are those on the wire.
    addresses : tuple of Address
        Its addresses, most recently used first; at most 32.
    vlans : tuple of int
        The first four VLANs that it sent in.
    """

    mac: int
    index: int
    role: str
    first_seen: int
    last_seen: int
    packets_sent: int
    packets_received: int
    bytes_sent: int
    bytes_received: int
    addresses: tuple[Address, ...]
    vlans: tuple[int, ...]

    @property
    def random(self) -> bool:
        """Whether the MAC is locally administered."""
        return is_random(self.mac)

    @property
    def vendor(self) -> str | None:
        """Name of the vendor of the MAC, where one is known."""
        return vendor(self.mac)


def address_of(high: int, low: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the address of two 64-bit halves; IPv4-mapped ones as IPv4."""
    whole = ipaddress.IPv6Address(high << 64 | low)
    return whole.ipv4_mapped or whole
