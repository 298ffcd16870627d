"""Frames of every link type, made by chance from generated packets, and cut or changed on their way into a file."""

from __future__ import annotations

import struct
from random import Random

from tests.generated.packets import Maker, internet, ipv4, ipv6, ppp, pppoe, seldom, some, typed


def ethernet(chance: Random) -> bytes:
    """Return an Ethernet frame."""
    return chance.randbytes(12) + typed(chance)


def hardware(chance: Random) -> int:
    """Return an ARPHRD number of a cooked header."""
    return chance.choice((1, 1, 1, 772, 778, 824, 65534))


def cooked(chance: Random) -> bytes:
    """Return a LINUX_SLL frame."""
    following = typed(chance)
    if seldom(chance, 5):
        following = struct.pack(">H", chance.randrange(16)) + following
    start = struct.pack(">HHH", chance.randrange(5), hardware(chance), chance.choice((6, 6, 6, 0, 8, 65535)))
    return start + chance.randbytes(8) + following


def cooked2(chance: Random) -> bytes:
    """Return a LINUX_SLL2 frame."""
    following = typed(chance)
    middle = struct.pack(">HIHBB", 0, 2, hardware(chance), chance.randrange(5), chance.choice((6, 6, 6, 0, 8, 255)))
    return following[:2] + middle + chance.randbytes(8) + following[2:]


def loopback(chance: Random, orders: str = "<>") -> bytes:
    """Return a frame that starts with an address family, mostly one of the internet's."""
    family = chance.choice((2, 2, 10, 23, 24, 28, 30, chance.randrange(1 << 32)))
    return struct.pack(chance.choice(orders) + "I", family) + (ipv4(chance) if family == 2 else internet(chance))


def point_to_point(chance: Random) -> bytes:
    """Return a PPP frame, plain, with HDLC's two fields, or Cisco's."""
    start = chance.choice((b"", b"\xff\x03", b"\x0f\x00", b"\x8f\x00"))
    return start + (typed(chance) if start[:1] in (b"\x0f", b"\x8f") else ppp(chance))


# LINKTYPE_ number -> its frames. 147 stands for those that are not read.
FRAMES: dict[int, Maker] = {
    0: loopback,
    1: ethernet,
    9: point_to_point,
    12: internet,
    14: internet,
    50: point_to_point,
    51: pppoe,
    101: internet,
    108: lambda chance: loopback(chance, ">"),
    113: cooked,
    147: some,
    228: lambda chance: internet(chance) if seldom(chance) else ipv4(chance),
    229: lambda chance: internet(chance) if seldom(chance) else ipv6(chance),
    276: cooked2,
}


def link_type(chance: Random) -> int:
    """Return a link type, Ethernet more often than others."""
    return 1 if chance.random() < 0.4 else chance.choice(sorted(FRAMES))


def captured(chance: Random, kind: int) -> tuple[int, bytes]:
    """Return (wire length, captured bytes) of a frame: whole, padded, cut by a snap length, or with bytes changed."""
    frame = FRAMES[kind](chance)
    form = chance.randrange(10)
    if form == 0:
        frame += bytes(chance.randint(1, 30))
    if form == 1:
        place = chance.randrange(min(len(frame), 80) or 1)
        frame = frame[:place] + chance.randbytes(1) + frame[place + 1 :]
    if form in (2, 3):
        return len(frame), frame[: chance.randint(0, len(frame))]
    return chance.randrange(2000) if form == 4 else len(frame), frame
