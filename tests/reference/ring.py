"""Blocks of an AF_PACKET ring, version 3, written by hand as the kernel fills them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

HEADER = 48  # of a packet, then the address of its sender
FRAME_AT = 82  # where the kernel puts an Ethernet frame behind them


@dataclass(frozen=True)
class Seen:
    """A packet as the kernel saw it.

    Attributes
    ----------
    time : int
        ns since 1970.
    data : bytes
        What the filter let through of it.
    wire_length : int
        Bytes, without a tag that was taken off.
    tag : int or None
        Control information of the VLAN tag that was taken off.
    """

    time: int
    data: bytes
    wire_length: int
    tag: int | None = None


def block(packets: Sequence[Seen], size: int) -> bytes:
    """Return a block of `size` bytes that holds `packets`."""
    body, first = b"", 48
    for number, packet in enumerate(packets):
        length = (FRAME_AT + len(packet.data) + 15) // 16 * 16
        following = length if number + 1 < len(packets) else 0
        status = 0x01 | (0x10 if packet.tag is not None else 0)
        seconds, fraction = divmod(packet.time, 1_000_000_000)
        header = struct.pack("=6I2H", following, seconds, fraction, len(packet.data), packet.wire_length, status, FRAME_AT, FRAME_AT + 14)
        header += struct.pack("=IIHH8x", 0, packet.tag or 0, 0x8100 if packet.tag is not None else 0, 0)
        body += (header.ljust(FRAME_AT, b"\0") + packet.data).ljust(length, b"\0")
    whole = struct.pack("=6IQ4I", 1, 48, 1, len(packets), first, first + len(body), 1, 0, 0, 0, 0) + body
    return whole.ljust(size, b"\0")
