"""pcap and pcapng files of generated frames, in every form that is read, and damaged ones."""

from __future__ import annotations

import struct
from random import Random

from tests.generated.frames import captured, link_type
from tests.generated.packets import seldom, some

PACKET_BLOCKS = (1, 2, 3, 6, 0x0A0D0D0A)
OTHER_BLOCKS = (4, 5, 9, 10, 0xBAD, 0x40000BAD, 0x80000001, 0x7FFFFFFF)
# Magic number, bytes of a record header beyond 16, bytes before the records.
PCAP_VARIANTS = (
    *((0xA1B2C3D4, 0, 0),) * 4,
    *((0xA1B23C4D, 0, 0),) * 2,
    (0xA1B2C3D4, 8, 0),
    (0xA1B2C3D4, 4, 0),
    (0xA1B2CD34, 8, 0),
    (0xA1B2CD34, 12, 0),
    (0x1C0001AC, 0, 4),
)
RESOLUTIONS = (0, 3, 6, 9, 12, 19, 20, 0x80, 0x88, 0x9E, 0xA0, 0xC0, 0x7F, 0xFF)


def pcap(chance: Random, packets: int) -> bytes:
    """Return a pcap file of either byte order, any of its record headers, and old versions too."""
    order, kind = chance.choice("<>"), link_type(chance)
    magic, more, before = chance.choice(PCAP_VARIANTS)
    version = (2, 4) if chance.random() < 0.6 else chance.choice(((2, 3), (2, 2), (543, 0), (2, 5)))
    upper, seconds = chance.choice((0, 0, 0x14000000, 0x30000000)), chance.randrange((1 << 32) - 1000)
    parts = [struct.pack(order + "IHHiIII", magic, *version, chance.randint(-7200, 7200), 0, 65535, kind | upper), bytes(before)]
    for _ in range(packets):
        wire, data = captured(chance, kind)
        lengths = (wire, len(data)) if version in ((2, 2), (543, 0)) else (len(data), wire)
        fraction = chance.randrange(1 << 32) if seldom(chance) else chance.randrange(10**6)
        parts.append(struct.pack(order + "IIII", seconds + chance.randrange(1000), fraction, *lengths))
        parts.append(bytes(more) + data)
    return b"".join(parts)


def block(order: str, kind: int, body: bytes) -> bytes:
    """Return a pcapng block."""
    body += bytes(-len(body) % 4)
    length = len(body) + 12
    return struct.pack(order + "II", kind, length) + body + struct.pack(order + "I", length)


def option(order: str, code: int, value: bytes) -> bytes:
    """Return a pcapng option."""
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def interface(chance: Random, order: str, kind: int) -> bytes:
    """Return an interface block, with a resolution and an offset of time among other options."""
    options = b""
    for _ in range(chance.choice((0, 0, 1, 2, 4))):
        offset = chance.randint(-(1 << 63), (1 << 63) - 1) if seldom(chance, 4) else chance.randint(-(1 << 31), 1 << 31)
        options += chance.choice(
            (
                option(order, 9, bytes((chance.choice(RESOLUTIONS),))),
                option(order, 9, bytes((chance.choice(RESOLUTIONS),))),
                option(order, 14, struct.pack(order + "q", offset)),
                option(order, chance.randrange(1 << 16), some(chance, 9)),
                option(order, chance.choice((0, 2, 9, 14)), some(chance, 9)) if seldom(chance) else b"",
            )
        )
    body = struct.pack(order + "HHI", kind, 0, chance.choice((0, 65535, 60))) + options + chance.choice((b"", bytes(4)))
    return block(order, 1, body)


def packet_block(chance: Random, order: str, kinds: list[int]) -> bytes:
    """Return an enhanced, simple or obsolete packet block, of an interface that is mostly there."""
    form = chance.choice((6, 6, 6, 3, 2))
    number = chance.randrange(1 << 16) if seldom(chance, 15) else chance.randrange(len(kinds) or 1)
    wire, data = captured(chance, kinds[0 if form == 3 else number] if number < len(kinds) else 1)
    body = data + bytes(-len(data) % 4) + chance.choice((b"", option(order, 1, b"remark") + bytes(4)))
    if form == 3:
        return block(order, 3, struct.pack(order + "I", len(data)) + data)
    high = chance.choice((0x50000, 0x60000, 0, chance.randrange(1 << 32)))
    times = (high, chance.randrange(1 << 32))
    start = struct.pack(order + "HH", number, 0) if form == 2 else struct.pack(order + "I", number)
    return block(order, form, start + struct.pack(order + "IIII", *times, len(data), wire) + body)


def section(chance: Random, packets: int) -> bytes:
    """Return a section of its own byte order with its own interfaces."""
    order, kinds = chance.choice("<>"), list[int]()
    length, minor = chance.choice((-1, -1, 0, 1 << 40)), chance.choice((0, 0, 2))
    parts = [block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, minor, length) + some(chance, 0))]
    while packets:
        step = chance.randrange(7)
        if step == 0 or (not kinds and not seldom(chance)):
            kinds.append(link_type(chance))
            parts.append(interface(chance, order, kinds[-1]))
        elif step == 1:
            parts.append(block(order, chance.choice(OTHER_BLOCKS), some(chance, 40)))
        else:
            parts.append(packet_block(chance, order, kinds))
            packets -= 1
    return b"".join(parts)


def capture(chance: Random, packets: int) -> bytes:
    """Return a capture of `packets` packets, in either format."""
    if chance.random() < 0.4:
        return pcap(chance, packets)
    first = chance.randint(0, packets)
    return section(chance, first) + (section(chance, packets - first) if first < packets else b"")


def damage(chance: Random, data: bytes) -> bytes:
    """Return a capture that ends early, or has bytes changed, taken out or put in."""
    form = chance.randrange(4)
    place = chance.randrange(len(data) + 1)
    if form == 0:
        return data[:place]
    if form == 1:
        return data[:place] + chance.randbytes(1) + data[place + 1 :]
    if form == 2:
        return data[:place] + data[place + chance.randint(1, 8) :]
    return data[:place] + chance.randbytes(chance.randint(1, 8)) + data[place:]
