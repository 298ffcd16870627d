"""Small captures for tests: frames with given headers, in pcap and pcapng files."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from headwise.headers import HeaderReader
from headwise.headers.schema import COLUMNS

SECOND = 1_000_000_000
START = 1_600_000_000 * SECOND
ETHERNET, COOKED = 1, 113

Packet = tuple[int, bytes]


def ip_udp(*, port: int = 4000, number: int = 1, ttl: int = 64, checksum: int = 7, payload: bytes = b"") -> bytes:
    """Return an IPv4 packet with UDP from 192.168.1.5 to 198.51.100.9:53."""
    udp = struct.pack(">HHHH", port, 53, 8 + len(payload), checksum) + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), number, 0, ttl, 17, 0)
    return head + bytes((192, 168, 1, 5, 198, 51, 100, 9)) + udp


def ip_tcp(*, number: int = 1, ttl: int = 64, sequence: int = 1, flags: int = 0x18, window: int = 500) -> bytes:
    """Return an IPv4 packet with TCP and no payload."""
    tcp = struct.pack(">HHIIHHHH", 4000, 443, sequence, 9, 0x5000 | flags, window, 3, 0)
    return struct.pack(">BBHHHBBH", 0x45, 0, 40, number, 0, ttl, 6, 0) + bytes((192, 168, 1, 5, 198, 51, 100, 9)) + tcp


def arp(operation: int = 1, mac: bytes = b"\x02\0\0\0\0\x05") -> bytes:
    """Return an ARP packet of 192.168.1.5."""
    return struct.pack(">HHBBH", 1, 0x800, 6, 4, operation) + mac + bytes((192, 168, 1, 5)) + bytes(6) + bytes((192, 168, 1, 1))


def ethernet(packet: bytes, *, kind: int = 0x800, mac: bytes = b"\x02\0\0\0\0\x05") -> bytes:
    """Return an Ethernet frame."""
    return b"\x02\0\0\0\0\x01" + mac + struct.pack(">H", kind) + packet


def cooked(packet: bytes, *, kind: int = 0x800, mac: bytes = b"\x02\0\0\0\0\x05") -> bytes:
    """Return a frame as a capture on all interfaces has it (LINUX_SLL)."""
    return struct.pack(">HHH", 0, 1, 6) + mac + bytes(2) + struct.pack(">H", kind) + packet


def pcap(packets: Iterable[Packet], link_type: int = ETHERNET) -> bytes:
    """Return a pcap file with nanoseconds."""
    records = (struct.pack("<IIII", time // SECOND, time % SECOND, len(frame), len(frame)) + frame for time, frame in packets)
    return struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, link_type) + b"".join(records)


def _block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def pcapng(packets: Iterable[tuple[int, int | None, bytes]], link_types: Iterable[int] = (ETHERNET,)) -> bytes:
    """Return a pcapng file of (interface, time, frame) with nanoseconds; a time of None makes a simple packet block."""
    out = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    out += [_block(1, struct.pack("<HHIHHB3xHH", link, 0, 0, 9, 1, 9, 0, 0)) for link in link_types]
    for interface, time, frame in packets:
        if time is None:
            out.append(_block(3, struct.pack("<I", len(frame)) + frame))
        else:
            head = struct.pack("<IIIII", interface, time >> 32, time & 0xFFFFFFFF, len(frame), len(frame))
            out.append(_block(6, head + frame))
    return b"".join(out)


def numbered(times: Iterable[int], first: int = 1) -> list[Packet]:
    """Return Ethernet frames at these times (ns after START), told apart by their source port, which counts from `first`."""
    return [(START + time, ethernet(ip_udp(port=first + number, number=first + number))) for number, time in enumerate(times)]


def write(path: Path, data: bytes) -> Path:
    """Write bytes; return the path."""
    path.write_bytes(data)
    return path


def read(paths: Any, *names: str, **options: Any) -> tuple[HeaderReader, dict[str, np.ndarray]]:
    """Read captures to their end; return the reader, and columns of all rows (all of the table, or those that are named)."""
    reader = HeaderReader(paths, **options)
    wanted = names or (*(column.name for column in COLUMNS), "present")
    parts = [{name: batch[name].copy() for name in wanted} for batch in reader]
    assert reader.packets == reader.rows + sum(reader.counted.values())
    return reader, {name: np.concatenate([part[name] for part in parts]) if parts else np.empty(0) for name in wanted}
