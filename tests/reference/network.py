"""IPv4 (RFC 791), IPv6 (RFC 8200) and ARP (RFC 826)."""

from __future__ import annotations

from tests.reference.packet import Malformed, Packet, mapped
from tests.reference.transport import read_transport

FRAGMENT, AUTHENTICATION = 44, 51
# Hop-by-hop, routing, fragment, destination options, mobility (RFC 6275), host identity (RFC 7401), Shim6 (RFC 5533).
EXTENSIONS = {0, 43, FRAGMENT, AUTHENTICATION, 60, 135, 139, 140}
# Before hop-by-hop options, TCP and UDP a payload length of zero is no length.
NEVER_EMPTY = {0, 6, 17}


def read_ip(packet: Packet, at: int) -> None:
    """Read IPv4, or IPv6 where the version says so."""
    if packet.number(at, 1) >> 4 == 6:
        read_ipv6(packet, at)
    else:
        read_ipv4(packet, at)


def read_ipv4(packet: Packet, at: int) -> None:
    """Read an IPv4 header and what it carries."""
    columns = packet.columns
    version, words = divmod(packet.number(at, 1), 16)
    if version != 4:
        raise Malformed
    columns["ip_version"] = 4
    if words < 5:
        raise Malformed
    columns["dscp"] = packet.number(at + 1, 1) >> 2
    length = columns["ip_length"] = packet.number(at + 2, 2) or packet.end - at  # No length: the card was to cut it up (TSO).
    packet.limit(at + length)
    if length < words * 4:
        raise Malformed
    packet.field("ip_id", at + 4, 2)
    fragment = packet.number(at + 6, 2)
    columns["more_fragments"] = fragment >> 13 & 1
    columns["fragment_offset"] = (fragment & 0x1FFF) * 8
    packet.field("ttl", at + 8, 1)
    packet.field("protocol", at + 9, 1)
    columns["source_ip"] = mapped(packet.bytes(at + 12, 4))
    columns["destination_ip"] = mapped(packet.bytes(at + 16, 4))
    if fragment & 0x1FFF:
        packet.payload(at + words * 4)
    else:
        read_transport(packet, at + words * 4, packet.number(at + 9, 1))


def read_ipv6(packet: Packet, at: int) -> None:
    """Read an IPv6 header, its extension headers, and what it carries."""
    columns = packet.columns
    if packet.number(at, 1) >> 4 != 6:
        raise Malformed
    columns["ip_version"] = 6
    columns["dscp"] = packet.number(at, 2) >> 6 & 0x3F
    length = packet.number(at + 4, 2)
    columns["ip_length"] = 40 + length
    kind = columns["protocol"] = packet.number(at + 6, 1)
    if length or kind not in NEVER_EMPTY:  # Else a jumbogram (RFC 2675), or the card was to cut it up.
        packet.limit(at + 40 + length)
    packet.field("ttl", at + 7, 1)
    columns["source_ip"] = packet.bytes(at + 8, 16)
    columns["destination_ip"] = packet.bytes(at + 24, 16)
    follow(packet, at + 40, kind)


def follow(packet: Packet, at: int, kind: int) -> None:
    """Pass over extension headers; read what follows, of a later fragment its length only."""
    while kind in EXTENSIONS:
        size = 8 if kind == FRAGMENT else extension_size(kind, packet.bytes(at, 2)[1])
        header = packet.bytes(at, size)
        packet.columns["protocol"] = header[0]
        at += size
        if kind == FRAGMENT:
            fragment = int.from_bytes(header[2:4], "big")
            packet.columns["fragment_offset"] = fragment & 0xFFF8
            packet.columns["more_fragments"] = fragment & 1
            if fragment & 0xFFF8:
                packet.payload(at)
                return
        kind = header[0]
    read_transport(packet, at, kind)


def extension_size(kind: int, count: int) -> int:
    """Return the bytes of an extension header by its own count of words."""
    return (count + 2) * 4 if kind == AUTHENTICATION else (count + 1) * 8


def read_arp(packet: Packet, at: int) -> None:
    """Read ARP or RARP; addresses only where they are IPv4's."""
    packet.bytes(at, 8)
    packet.columns["arp_operation"] = packet.number(at + 6, 2)
    hardware = packet.number(at + 4, 1)
    if packet.number(at + 2, 2) == 0x0800 and packet.number(at + 5, 1) == 4:
        packet.columns["source_ip"] = mapped(packet.bytes(at + 8 + hardware, 4))
        packet.columns["destination_ip"] = mapped(packet.bytes(at + 12 + 2 * hardware, 4))
