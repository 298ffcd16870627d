"""Packets of every header stack that is read, made by chance; some lie about lengths, versions and kinds."""

from __future__ import annotations

import struct
from collections.abc import Callable
from random import Random

Maker = Callable[[Random], bytes]
EXTENSIONS = (0, 43, 44, 51, 60, 135, 139, 140)


def seldom(chance: Random, times: int = 10) -> bool:
    """Return true once in `times`."""
    return chance.randrange(times) == 0


def some(chance: Random, most: int = 24) -> bytes:
    """Return up to `most` bytes of anything."""
    return chance.randbytes(chance.randint(0, most))


def said(chance: Random, length: int) -> int:
    """Return what a 16-bit field says of `length`: mostly the truth, else zero, near it, or anything."""
    if not seldom(chance, 5):
        return length
    return chance.choice((0, length + chance.randint(-30, 30), chance.randrange(1 << 16))) % (1 << 16)


def tcp_option(chance: Random) -> bytes:
    """Return one TCP option; few are damaged."""
    some_kind = bytes((chance.choice((5, 8, 14, 15, 28, 30, 253, 254)),))
    value = some(chance, 6)
    makers: tuple[Callable[[], bytes], ...] = (
        lambda: b"\x01",
        lambda: b"\x01",
        lambda: struct.pack(">BBH", 2, 4, chance.randrange(1 << 16)),
        lambda: bytes((3, 3, chance.randrange(256))),
        lambda: b"\x04\x02",
        lambda: b"\x08\x0a" + chance.randbytes(8),
        lambda: some_kind + bytes((len(value) + 2,)) + value,
        lambda: b"\x00" if seldom(chance, 3) else b"\x01",
        lambda: some(chance, 4) if seldom(chance, 3) else b"\x01",
    )
    return chance.choice(makers)()


def tcp(chance: Random) -> bytes:
    """Return a TCP segment."""
    options = b"".join(tcp_option(chance) for _ in range(chance.randint(0, 20)))[:40] if chance.random() < 0.5 else b""
    options = b"\x01\x01\x08\x0a" + chance.randbytes(8) if seldom(chance, 3) else options
    options += bytes(-len(options) % 4)
    offset = chance.randrange(16) if seldom(chance) else 5 + len(options) // 4
    return chance.randbytes(12) + struct.pack(">H", offset << 12 | chance.randrange(1 << 12)) + chance.randbytes(6) + options + some(chance)


def udp(chance: Random) -> bytes:
    """Return a UDP datagram."""
    body = some(chance)
    return chance.randbytes(4) + struct.pack(">H", said(chance, len(body) + 8)) + chance.randbytes(2) + body


def transport(chance: Random, control: int) -> tuple[int, bytes]:
    """Return (protocol, bytes) of what an IP header carries; `control` is the number of ICMP there."""
    protocol = chance.choice((6, 6, 6, 17, 17, control, chance.randrange(256)))
    if protocol == 6:
        return protocol, tcp(chance)
    return protocol, udp(chance) if protocol == 17 else some(chance, 40)


def ipv4(chance: Random) -> bytes:
    """Return an IPv4 packet with options and fragments."""
    protocol, body = transport(chance, 1)
    options = chance.randbytes(4 * chance.randint(0, 10)) if seldom(chance, 4) else b""
    words = chance.randrange(16) if seldom(chance, 20) else 5 + len(options) // 4
    version = chance.randrange(16) if seldom(chance, 25) else 4
    fragment = chance.choice((0, 0, 0x4000, 0x2000, 0x2001, 0x0005, 0x1FFF, 0xE000)) if seldom(chance, 4) else 0
    first = (version << 4 | words, chance.randrange(256), said(chance, 20 + len(options) + len(body)), chance.randrange(1 << 16), fragment)
    return struct.pack(">BBHHH", *first) + bytes((chance.randrange(256), protocol)) + chance.randbytes(10) + options + body


def extension(chance: Random, kind: int, following: int) -> bytes:
    """Return an IPv6 extension header."""
    if kind == 44:
        return struct.pack(">BBH", following, 0, chance.choice((0, 1, 8, 9, 0x0FF8, 0xFFFF, 6))) + chance.randbytes(4)
    size = chance.randint(0, 3)
    span = (size + 2) * 4 if kind == 51 else (size + 1) * 8
    return bytes((following, chance.randrange(256) if seldom(chance) else size)) + bytes(span - 2)


def ipv6(chance: Random) -> bytes:
    """Return an IPv6 packet with a chain of extension headers."""
    following, body = transport(chance, 58)
    for _ in range(chance.randint(0, 4) if chance.random() < 0.4 else 0):
        kind = chance.choice(EXTENSIONS)
        body, following = extension(chance, kind, following) + body, kind
    version = chance.randrange(16) if seldom(chance, 25) else 6
    first = version << 28 | chance.randrange(1 << 28)
    return struct.pack(">IHBB", first, said(chance, len(body)), following, chance.randrange(256)) + chance.randbytes(32) + body


def internet(chance: Random) -> bytes:
    """Return a packet of either IP version."""
    return ipv4(chance) if chance.random() < 0.6 else ipv6(chance)


def arp(chance: Random) -> bytes:
    """Return ARP, mostly of Ethernet and IPv4."""
    usual = (0x0800, 6, 4)
    kind, hardware, protocol = (chance.randrange(1 << 16), chance.randint(0, 10), chance.randint(0, 10)) if seldom(chance, 5) else usual
    start = struct.pack(">HHBBH", 1, kind, hardware, protocol, chance.randrange(1 << 16))
    return start + chance.randbytes(chance.choice((20, 20, 20, 19, 28, 3)))


def mpls(chance: Random) -> bytes:
    """Return a label stack and what is under it."""
    above = b"".join(struct.pack(">I", chance.randrange(1 << 32) & ~0x100) for _ in range(chance.choice((0, 0, 1, 2, 5))))
    return above + struct.pack(">I", chance.randrange(1 << 32) | 0x100) + (some(chance) if seldom(chance, 5) else internet(chance))


def ppp(chance: Random) -> bytes:
    """Return a PPP protocol field, long or compressed, and what it names."""
    fields: tuple[tuple[tuple[bytes, ...], Maker], ...] = (
        ((b"\x00\x21", b"\x21"), ipv4),
        ((b"\x00\x57", b"\x57"), ipv6),
        ((b"\x02\x81", b"\x02\x83"), mpls),
        ((chance.randbytes(2), b"\x3d", b""), some),
    )
    names, maker = chance.choice(fields)
    return chance.choice(names) + maker(chance)


def pppoe(chance: Random) -> bytes:
    """Return a PPPoE session header and its PPP."""
    body = ppp(chance)
    start = chance.randrange(1 << 16) if seldom(chance) else 0x1100
    return struct.pack(">HHH", start, chance.randrange(1 << 16), said(chance, len(body))) + body


def snap(chance: Random) -> bytes:
    """Return an LLC header with a SNAP, mostly."""
    return (some(chance, 10) if seldom(chance, 4) else bytes.fromhex("aaaa030000000800")) + ipv4(chance)


def typed(chance: Random) -> bytes:
    """Return an EtherType or length field, after any VLAN tags, and what it names."""
    kinds: tuple[tuple[int, Maker], ...] = (
        (0x0800, ipv4),
        (0x0800, ipv4),
        (0x86DD, ipv6),
        (chance.choice((0x0806, 0x8035)), arp),
        (chance.choice((0x8847, 0x8848)), mpls),
        (0x8864, pppoe),
        (chance.randrange(1 << 16), some),
        (0, snap),
        (chance.randint(0, 1600), some),
    )
    kind, maker = chance.choice(kinds)
    body = maker(chance)
    kind = said(chance, len(body)) if maker is snap else kind
    for _ in range(chance.choice((0, 0, 0, 1, 2, 4))):
        body, kind = struct.pack(">HH", chance.randrange(1 << 16), kind) + body, chance.choice((0x8100, 0x88A8, 0x9100, 0x9200, 0x9300))
    return struct.pack(">H", kind) + body
