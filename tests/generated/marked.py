"""Captures whose packets carry a marker wherever a packet can carry what is no header."""

from __future__ import annotations

import struct

from tests.generated.captures import block, option

UNIT = b"\xd3\x9c\xe5\xb7"
MARKER = UNIT * 8
MACS = bytes.fromhex("001122334455001122334466")
SECONDS = 1_700_000_000


def traces() -> list[bytes]:
    """Return what any seven bytes of the marker hold one of, in either byte order."""
    turns = [UNIT[place:] + UNIT[:place] for place in range(4)]
    return turns + [turn[::-1] for turn in turns]


def ipv4(protocol: int, body: bytes, options: bytes = b"") -> bytes:
    """Return an IPv4 packet."""
    words = 5 + len(options) // 4
    start = struct.pack(">BBHHHBBH", 0x40 | words, 0, words * 4 + len(body), 7, 0, 64, protocol, 0)
    return start + bytes((192, 168, 1, 2, 192, 168, 1, 1)) + options + body


def ipv6(following: int, body: bytes) -> bytes:
    """Return an IPv6 packet."""
    return struct.pack(">IHBB", 6 << 28, len(body), following, 64) + bytes(range(1, 33)) + body


def tcp(options: bytes = b"") -> bytes:
    """Return a TCP segment that carries the marker."""
    return struct.pack(">HHIIHHHH", 40000, 443, 1, 2, (5 + len(options) // 4) << 12 | 0x18, 512, 0, 0) + options + MARKER


def packets() -> list[bytes]:
    """Return IP packets with the marker as payload, in options, in extension headers, and behind their end."""
    udp = struct.pack(">HHHH", 40000, 53, 8 + len(MARKER), 0) + MARKER
    control = bytes((8, 0, 0, 0, 0, 1, 0, 1)) + MARKER
    unknown_option = bytes((254, 34)) + MARKER + bytes((1, 1))
    extension = bytes((17, 4)) + MARKER + bytes(6)
    carried = [
        ipv4(6, tcp()),
        ipv4(6, tcp(unknown_option)),
        ipv4(17, udp),
        ipv4(1, control),
        ipv4(99, MARKER),
        ipv4(17, udp, unknown_option),
    ]
    return [*carried, ipv6(6, tcp()), ipv6(17, udp), ipv6(58, control), ipv6(0, extension + udp), ipv4(17, udp) + MARKER]


def frames(link_type: int) -> list[bytes]:
    """Return marked frames of a link type."""
    four = [packet for packet in packets() if packet[0] >> 4 == 4]
    others = [struct.pack(">H", kind) + MARKER for kind in (0x88B5, 0x888E, len(MARKER), 0x8863)]
    typed = [struct.pack(">H", 0x0800 if packet[0] >> 4 == 4 else 0x86DD) + packet for packet in packets()] + others
    tagged = [b"\x81\x00\x00\x05" + following for following in typed]
    arp = struct.pack(">HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + bytes(20) + MARKER
    sll = struct.pack(">HHH", 0, 1, 6) + MACS[:8]
    made = {
        1: [MACS + following for following in (*typed, *tagged, arp)],
        113: [sll + following for following in typed],
        276: [following[:2] + struct.pack(">HIHBB", 0, 2, 1, 0, 6) + MACS[:8] + following[2:] for following in typed],
        0: [struct.pack("<I", 2) + packet for packet in four],
        108: [struct.pack(">I", 2) + packet for packet in four],
        9: [b"\xff\x03\x00\x21" + packet for packet in four] + [b"\xff\x03\xc0\x21" + MARKER],
        101: packets(),
        228: four,
        147: [MARKER],
    }
    return made[link_type]


LINK_TYPES = (1, 113, 276, 0, 108, 9, 101, 228, 147)


def pcap(link_type: int) -> bytes:
    """Return a pcap file of marked frames, the last one cut."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type)]
    for number, frame in enumerate(frames(link_type)):
        parts.append(struct.pack("<IIII", SECONDS + number, 0, len(frame), len(frame)) + frame)
    return b"".join(parts) + parts[-1][:-5]


def pcapng(link_types: tuple[int, ...] = LINK_TYPES) -> bytes:
    """Return a pcapng file of marked frames of several interfaces, with the marker in comments, names and blocks of no packet too."""
    comment = option("<", 1, MARKER) + bytes(4)
    parts = [block("<", 0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + comment)]
    parts += [block("<", 1, struct.pack("<HHI", kind, 0, 0) + option("<", 2, MARKER) + comment) for kind in link_types]
    for number, kind in enumerate(link_types):
        for place, frame in enumerate(frames(kind)):
            high, low = divmod((SECONDS + place) * 10**6, 1 << 32)
            body = struct.pack("<IIIII", number, high, low, len(frame), len(frame)) + frame + bytes(-len(frame) % 4)
            parts.append(block("<", 6, body + comment))
    return b"".join(parts) + block("<", 4, MARKER) + block("<", 0xBAD, MARKER)
