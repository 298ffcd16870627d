"""The pcapng file format (draft-ietf-opsawg-pcapng)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.reference.capture import DAMAGED, NOT_A_CAPTURE, TRUNCATED, UNSUPPORTED, EndOfWalk, Frame, nanoseconds, unpack

SECTION_HEADER = 0x0A0D0D0A
INTERFACE, OBSOLETE_PACKET, SIMPLE_PACKET, ENHANCED_PACKET = 1, 2, 3, 6
BYTE_ORDER_MAGIC = b"\x1a\x2b\x3c\x4d"
END_OF_OPTIONS, IF_TSRESOL, IF_TSOFFSET = 0, 9, 14

# What the fields of a block take, with its type and both lengths; and the largest length that can be padded.
LEAST_BYTES = {SECTION_HEADER: 28, INTERFACE: 20, OBSOLETE_PACKET: 32, ENHANCED_PACKET: 32, SIMPLE_PACKET: 16}
LEAST_OF_OTHERS, MOST_BYTES = 12, 0xFFFFFFFF - 3

# The core's table of interfaces; packets of later ones are counted.
MOST_INTERFACES = 1024


@dataclass
class Interface:
    """One Interface Description Block."""

    link_type: int
    snap_length: int
    units: int = 10**6
    offset: int = 0


@dataclass
class Section:
    """State of the section being read; interfaces are numbered over all sections from `base`."""

    order: str = "<"
    base: int = 0
    interfaces: list[Interface] = field(default_factory=list)


def options(body: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """Yield (code, value) of an option list; one that runs over the block's end is the end of the list."""
    at = 0
    while at + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, at)
        if code == END_OF_OPTIONS or at + 4 + length > len(body):
            return
        yield code, body[at + 4 : at + 4 + length]
        at += 4 + (length + 3) // 4 * 4


def read_interface(body: bytes, order: str) -> Interface:
    """Read an Interface Description Block's body."""
    link_type, _reserved, snap = unpack(order + "HHI", body, 0, DAMAGED)
    interface = Interface(link_type, snap)
    for code, value in options(body[8:], order):
        if code == IF_TSRESOL and len(value) == 1:
            exponent = value[0] & 0x7F
            interface.units = 2**exponent if value[0] & 0x80 else 10**exponent
        if code == IF_TSOFFSET and len(value) == 8:
            (interface.offset,) = struct.unpack(order + "q", value)
    return interface


def blocks(data: bytes) -> Iterator[tuple[str, int, bytes]]:
    """Yield (byte order, type, body) of each block."""
    at, order = 0, "<"
    while at < len(data):
        if data[at : at + 4] == struct.pack("<I", SECTION_HEADER):
            order = section_order(data, at)
        kind, stated = unpack(order + "II", data, at)
        total = (stated + 3) // 4 * 4  # Old writers left the padding out of it.
        if not LEAST_BYTES.get(kind, LEAST_OF_OTHERS) <= stated <= MOST_BYTES:
            raise EndOfWalk(DAMAGED)
        if at + total > len(data):
            raise EndOfWalk(TRUNCATED)
        (trailing,) = struct.unpack_from(order + "I", data, at + total - 4)
        if trailing != stated:
            raise EndOfWalk(DAMAGED)
        yield order, kind, data[at + 8 : at + total - 4]
        at += total


def section_order(data: bytes, at: int) -> str:
    """Return the byte order of the section whose header lies at `at`; refuse versions that are not 1."""
    (magic,) = unpack("4s", data, at + 8)
    if magic not in (BYTE_ORDER_MAGIC, BYTE_ORDER_MAGIC[::-1]):
        raise EndOfWalk(DAMAGED if at else NOT_A_CAPTURE)
    order = ">" if magic == BYTE_ORDER_MAGIC else "<"
    major, minor = unpack(order + "HH", data, at + 12)
    if major != 1 or minor not in (0, 2):
        raise EndOfWalk(UNSUPPORTED)
    return order


def pcapng_frames(data: bytes) -> Iterator[Frame]:
    """Yield the packets of a pcapng file; end the walk at damage."""
    section = Section()
    for order, kind, body in blocks(data):
        if kind == SECTION_HEADER:
            unpack("16x", body, 0, DAMAGED)
            section = Section(order, section.base + len(section.interfaces))
        elif kind == INTERFACE:
            section.interfaces.append(read_interface(body, order))
        elif kind == ENHANCED_PACKET:
            yield timed_packet(section, body, *unpack(order + "IIIII", body, 0, DAMAGED), start=20)
        elif kind == OBSOLETE_PACKET:
            number, _drops, high, low, captured, wire = unpack(order + "HHIIII", body, 0, DAMAGED)
            yield timed_packet(section, body, number, high, low, captured, wire, start=20)
        elif kind == SIMPLE_PACKET:
            (wire,) = unpack(order + "I", body, 0, DAMAGED)
            yield simple_packet(section, body, wire)


def timed_packet(section: Section, body: bytes, number: int, high: int, low: int, captured: int, wire: int, *, start: int) -> Frame:
    """Return the packet of an Enhanced or an obsolete Packet Block."""
    if start + captured > len(body):
        raise EndOfWalk(DAMAGED)
    known = number < len(section.interfaces) and section.base + number < MOST_INTERFACES
    interface = section.interfaces[number] if known else None
    return Frame(
        time=nanoseconds(high << 32 | low, interface.units, interface.offset) if interface else None,
        wire_length=wire,
        captured_length=captured,
        interface=section.base + number if known else 0,
        link_type=interface.link_type if interface else None,
        data=body[start : start + captured],
    )


def simple_packet(section: Section, body: bytes, wire: int) -> Frame:
    """Return the packet of a Simple Packet Block: of the section's first interface, as long as its snap length lets it be."""
    known = bool(section.interfaces) and section.base < MOST_INTERFACES
    interface = section.interfaces[0] if known else None
    captured = min(wire, interface.snap_length or wire) if interface else min(wire, len(body) - 4)
    if 4 + captured > len(body):
        raise EndOfWalk(DAMAGED)
    return Frame(None, wire, captured, section.base if known else 0, interface.link_type if interface else None, body[4 : 4 + captured])
