"""Link layers, by LINKTYPE_ number, down to the network header."""

from __future__ import annotations

from collections.abc import Callable

from tests.reference.network import read_arp, read_ip, read_ipv6
from tests.reference.packet import Packet

VLAN_TAGS = {0x8100, 0x88A8, 0x9100, 0x9200, 0x9300}
IPV4, IPV6, ARP, RARP = 0x0800, 0x86DD, 0x0806, 0x8035
MPLS = {0x8847, 0x8848}
PPPOE_SESSION = 0x8864
LOWEST_ETHERTYPE = 1536
LONGEST_802_3 = 1500
LLC_SNAP, LLC_IP = b"\xaa\xaa\x03", b"\x06\x06\x03"
# Organisations whose SNAP holds an EtherType: RFC 1042's, and IEEE 802.1H's for bridges.
ETHERNET_ORGANISATIONS = (b"\x00\x00\x00", b"\x00\x00\xf8")
INTERNET_FAMILIES = {2: read_ip, 10: read_ipv6, 23: read_ipv6, 24: read_ipv6, 28: read_ipv6, 30: read_ipv6}


class LinkCut(Exception):
    """The packet is shorter than its link-layer header: it is no row."""


def link_bytes(packet: Packet, size: int) -> bytes:
    """Return the first `size` bytes or say that the link header is cut."""
    if len(packet.data) < size:
        raise LinkCut
    return packet.data[:size]


def ethernet(packet: Packet) -> None:
    """IEEE 802.3, clause 3."""
    header = link_bytes(packet, 14)
    packet.columns["destination_mac"] = int.from_bytes(header[:6], "big")
    packet.columns["source_mac"] = int.from_bytes(header[6:12], "big")
    kind = int.from_bytes(header[12:], "big")
    if kind:
        type_or_length(packet, 14, kind)
    else:
        packet.columns["ethertype"] = 0  # No type, and no length either.


def pass_tags(packet: Packet, at: int, kind: int) -> tuple[int, int]:
    """Read VLAN tags (IEEE 802.1Q); return where they end and the type that follows them."""
    while kind in VLAN_TAGS:
        packet.columns.setdefault("vlan", packet.number(at, 2) & 0xFFF)
        kind = packet.number(at + 2, 2)
        at += 4
    return at, kind


def type_or_length(packet: Packet, at: int, kind: int) -> None:
    """Read what follows a type or length field; between the two kinds there is nothing."""
    at, kind = pass_tags(packet, at, kind)
    if kind <= LONGEST_802_3:
        packet.limit(at + kind)
        logical_link(packet, at)
    elif kind >= LOWEST_ETHERTYPE:
        payload(packet, at, kind)


def logical_link(packet: Packet, at: int) -> None:
    """IEEE 802.2: IP, or SNAP with an EtherType; other LLC has none."""
    service = packet.bytes(at, 3)
    if service == LLC_IP:
        read_ip(packet, at + 3)
    if service == LLC_SNAP and packet.bytes(at + 3, 3) in ETHERNET_ORGANISATIONS:
        at, kind = pass_tags(packet, at + 8, packet.number(at + 6, 2))
        if kind >= LOWEST_ETHERTYPE:
            payload(packet, at, kind)


def payload(packet: Packet, at: int, kind: int) -> None:
    """Read the network header of an EtherType."""
    packet.columns["ethertype"] = kind
    if kind == IPV4:
        read_ip(packet, at)
    elif kind == IPV6:
        read_ipv6(packet, at)
    elif kind in (ARP, RARP):
        read_arp(packet, at)
    elif kind in MPLS:
        labels(packet, at)
    elif kind == PPPOE_SESSION:
        pppoe(packet, at)


def labels(packet: Packet, at: int) -> None:
    """MPLS label stack (RFC 3032), then IP where the first nibble says so (RFC 4928)."""
    while not packet.number(at, 4) & 0x100:
        at += 4
    if packet.number(at + 4, 1) >> 4 in (4, 6):
        read_ip(packet, at + 4)


def pppoe(packet: Packet, at: int) -> None:
    """PPP over Ethernet, session stage (RFC 2516)."""
    if packet.number(at, 2) == 0x1100:  # Version 1, type 1, session data.
        packet.bytes(at, 6)
        packet.limit(at + 6 + packet.number(at + 4, 2))
        point_to_point(packet, at + 6)


def point_to_point(packet: Packet, at: int) -> None:
    """PPP's protocol field, one or two bytes (RFC 1661)."""
    size = 1 if packet.number(at, 1) & 1 else 2
    protocol = packet.number(at, size)
    if protocol == 0x21:
        read_ip(packet, at + size)
    elif protocol == 0x57:
        read_ipv6(packet, at + size)
    elif protocol in (0x281, 0x283):
        labels(packet, at + size)


def ppp(packet: Packet) -> None:
    """PPP, with or without HDLC's address and control fields (RFC 1662), or Cisco's HDLC (RFC 1547, 4.3.1)."""
    if packet.data[:1] in (b"\x0f", b"\x8f"):
        type_or_length(packet, 4, packet.number(2, 2))
    else:
        point_to_point(packet, 2 if packet.data[:2] == b"\xff\x03" else 0)


def cooked(packet: Packet) -> None:
    """LINKTYPE_LINUX_SLL."""
    header = link_bytes(packet, 16)
    if int.from_bytes(header[4:6], "big") == 6:
        packet.columns["source_mac"] = int.from_bytes(header[6:12], "big")
    cooked_type(packet, 16, int.from_bytes(header[2:4], "big"), int.from_bytes(header[14:16], "big"))


def cooked2(packet: Packet) -> None:
    """LINKTYPE_LINUX_SLL2."""
    header = link_bytes(packet, 20)
    if header[11] == 6:
        packet.columns["source_mac"] = int.from_bytes(header[12:18], "big")
    cooked_type(packet, 20, int.from_bytes(header[8:10], "big"), int.from_bytes(header[:2], "big"))


def cooked_type(packet: Packet, at: int, hardware: int, protocol: int) -> None:
    """Read what follows the protocol field of a cooked header: an EtherType, or small numbers of Linux (4: LLC)."""
    if hardware in (770, 803, 824):  # Frame relay, radiotap and netlink: the field holds something else.
        return
    if protocol == 4:
        logical_link(packet, at)
    elif protocol >= LOWEST_ETHERTYPE:
        type_or_length(packet, at, protocol)


def null(packet: Packet) -> None:
    """BSD loopback: an address family in either byte order."""
    family = link_bytes(packet, 4)
    loopback(packet, min(int.from_bytes(family, "little"), int.from_bytes(family, "big")))


def loop(packet: Packet) -> None:
    """OpenBSD loopback: an address family in network byte order."""
    loopback(packet, int.from_bytes(link_bytes(packet, 4), "big"))


def loopback(packet: Packet, family: int) -> None:
    """Read the network header of an address family."""
    if family in INTERNET_FAMILIES:
        INTERNET_FAMILIES[family](packet, 4)


def raw(packet: Packet) -> None:
    """IP with nothing before it."""
    read_ip(packet, 0)


LINK_TYPES: dict[int, Callable[[Packet], None]] = {
    0: null,
    1: ethernet,
    9: ppp,
    12: raw,
    14: raw,
    50: ppp,
    51: lambda packet: pppoe(packet, 0),
    101: raw,
    108: loop,
    113: cooked,
    228: raw,
    229: lambda packet: read_ipv6(packet, 0),
    276: cooked2,
}
