"""TCP (RFC 9293), UDP (RFC 768), ICMP (RFC 792), ICMPv6 (RFC 4443), and the bytes that follow the last header."""

from __future__ import annotations

from tests.reference.packet import Malformed, Packet

ICMP, TCP, UDP, AUTHENTICATION, ICMPV6 = 1, 6, 17, 51, 58
END_OF_OPTIONS, NO_OPERATION, MAXIMUM_SEGMENT_SIZE, WINDOW_SCALE = 0, 1, 2, 3
KINDS_KEPT = 16


def read_transport(packet: Packet, at: int, protocol: int) -> None:
    """Read the header of `protocol` at `at`, behind any authentication headers (RFC 4302)."""
    while protocol == AUTHENTICATION:
        size = (packet.number(at + 1, 1) + 2) * 4
        protocol = packet.columns["protocol"] = packet.bytes(at, size)[0]
        at += size
    if protocol in READERS:
        READERS[protocol](packet, at)
    else:
        packet.payload(at)


def read_tcp(packet: Packet, at: int) -> None:
    """Read a TCP header and its options."""
    packet.field("source_port", at, 2)
    packet.field("destination_port", at + 2, 2)
    packet.field("tcp_sequence", at + 4, 4)
    packet.field("tcp_acknowledgment", at + 8, 4)
    offset = packet.number(at + 12, 2)
    packet.columns["tcp_flags"] = offset & 0xFFF
    packet.field("tcp_window", at + 14, 2)
    packet.field("checksum", at + 16, 2)
    header = (offset >> 12) * 4
    if header < 20:
        raise Malformed
    packet.payload(at + header)
    packet.bytes(at, 20)
    if at + header <= packet.end:
        read_options(packet, at + 20, at + header)


def read_options(packet: Packet, at: int, end: int) -> None:
    """Read TCP options up to `end`; what was captured of them counts."""
    kinds: list[int] = []
    while at < end:
        kinds.append(packet.number(at, 1))
        packet.columns["tcp_options"] = sum(min(kind, 15) << 4 * place for place, kind in enumerate(kinds[:KINDS_KEPT]))
        if kinds[-1] == END_OF_OPTIONS:
            return
        at += 1 if kinds[-1] == NO_OPERATION else read_option(packet, at, kinds[-1], end)


def read_option(packet: Packet, at: int, kind: int, end: int) -> int:
    """Read one option and return its length."""
    if at + 1 >= end:
        raise Malformed
    length = packet.number(at + 1, 1)
    if length < 2 or at + length > end:
        raise Malformed
    if kind == MAXIMUM_SEGMENT_SIZE and length == 4:
        packet.field("tcp_mss", at + 2, 2)
    if kind == WINDOW_SCALE and length == 3:
        packet.field("tcp_window_scale", at + 2, 1)
    return length


def read_udp(packet: Packet, at: int) -> None:
    """Read a UDP header; a length of zero leaves it to the IP header (RFC 2675)."""
    packet.field("source_port", at, 2)
    packet.field("destination_port", at + 2, 2)
    length = packet.number(at + 4, 2)
    if length == 0:
        packet.payload(at + 8)
    elif length < 8:
        packet.stop(Malformed)
    else:
        packet.columns["payload_length"] = length - 8
    packet.field("checksum", at + 6, 2)


def read_icmp(packet: Packet, at: int, header: int = 8) -> None:
    """Read type and code of ICMP, whose header is of 8 bytes with those that differ by type."""
    packet.field("icmp_type", at, 1)
    packet.field("icmp_code", at + 1, 1)
    packet.columns["checksum"] = packet.number(at + 2, 2)
    packet.payload(at + header)


def read_icmpv6(packet: Packet, at: int) -> None:
    """Read type and code of ICMPv6, whose header is of 4 bytes."""
    read_icmp(packet, at, 4)


READERS = {TCP: read_tcp, UDP: read_udp, ICMP: read_icmp, ICMPV6: read_icmpv6}
