"""Packets of a capture file as records: what pcap and pcapng say, before any header is read."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# Why a walk ended. The words are those of `enum hw_status`.
OK, NOT_A_CAPTURE, TRUNCATED, DAMAGED, UNSUPPORTED = "ok", "not a capture", "truncated", "damaged", "unsupported"

# Longer records are taken for damage: no capture program sets a larger snap length for networks.
LONGEST_RECORD = 256 << 10


@dataclass
class Frame:
    """One packet as the file holds it.

    Attributes
    ----------
    time : int or None
        ns since 1970, or `None` where the record has no time, or none that fits 64 bits.
    wire_length, captured_length : int
        Bytes on the wire and bytes here.
    interface : int
        Index in the capture, over all its sections.
    link_type : int or None
        LINKTYPE_ number; `None` where the interface was not described.
    data : bytes
        The captured bytes.
    """

    time: int | None
    wire_length: int
    captured_length: int
    interface: int
    link_type: int | None
    data: bytes


@dataclass
class Walk:
    """All records of one capture and what ended the walk."""

    frames: list[Frame] = field(default_factory=list)
    status: str = OK


class EndOfWalk(Exception):
    """The capture cannot be read on. ``args[0]`` is the status."""


def nanoseconds(units: int, per_second: int, offset: int = 0) -> int | None:
    """Return `units` of 1 / `per_second` seconds, `offset` seconds later, in ns; finer ones are cut."""
    time = units * 1_000_000_000 // per_second + offset * 1_000_000_000
    return time if -(1 << 63) <= time < 1 << 63 else None


def unpack(layout: str, data: bytes, at: int, status: str = TRUNCATED) -> tuple[Any, ...]:
    """Return what lies at `at`, or end the walk where the data is too short."""
    if at + struct.calcsize(layout) > len(data):
        raise EndOfWalk(status)
    return struct.unpack_from(layout, data, at)


def walk(data: bytes) -> Walk:
    """Read a capture, told by its first bytes."""
    from tests.reference.pcap import MAGICS, pcap_frames
    from tests.reference.pcapng import SECTION_HEADER, pcapng_frames

    result = Walk()
    frames: Iterator[Frame]
    if data[:4] in MAGICS:
        frames = pcap_frames(data)
    elif data[:4] == struct.pack("<I", SECTION_HEADER):
        frames = pcapng_frames(data)
    else:
        result.status = NOT_A_CAPTURE
        return result
    try:
        result.frames.extend(frames)
    except EndOfWalk as end:
        result.status = end.args[0]
    return result
