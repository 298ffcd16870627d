"""The kernel's filter lets headers through and nothing of the payload."""

from __future__ import annotations

import ctypes
import socket
import struct
from random import Random

import numpy as np
import pytest

from headwise import native
from headwise.capture.header_filter import OTHER, program
from headwise.headers.schema import CUT, MALFORMED, allocate
from tests.generated.frames import ethernet
from tests.generated.packets import internet

_ATTACH_FILTER = 26
ETHERNET, RAW = 1, 101
IPV4 = bytes.fromhex("4500 0000 1234 4000 4006 0000 c0a80002 cb007101")
TCP = bytes.fromhex("c001 01bb 00000001 00000002 8018 1000 0000 0000 0101080a 00000001 00000002")


def kept(frames: list[bytes], code: bytes) -> list[bytes]:
    """Return what this machine's kernel keeps of each frame; an empty one is dropped.

    A filter on a datagram socket cuts what goes through it just as one on an interface does, and needs no permission.
    """
    out, into = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with out, into:
        steps = ctypes.create_string_buffer(code, len(code))
        into.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("@HP", len(code) // 8, ctypes.addressof(steps)))
        into.setblocking(False)
        result = []
        for frame in frames:
            out.send(frame)
            try:
                result.append(into.recv(1 << 17))
            except BlockingIOError:
                result.append(b"")
        return result


def columns(frames: list[bytes], wire: list[int], link_type: int) -> dict[str, np.ndarray]:
    """Return what the core reads of frames that were `wire` bytes long."""
    rows = len(frames)
    table = allocate(rows)
    table["captured_length"][:] = [len(frame) for frame in frames]
    table["wire_length"][:] = wire
    table["record"][:] = np.cumsum([0, *(len(frame) for frame in frames[:-1])])
    table["link_type"][:] = link_type
    buffer = np.frombuffer(b"".join(frames) + b"\0", np.uint8)
    read = native.library().hw_headers(buffer.ctypes.data, len(buffer) - 1, native.pointers(table), 0, rows, native.Counted(), None)
    assert read == rows
    # A lying header is an impossible one or a cut one, as much of it as there is.
    table["problem"], table["present"] = table["present"] & (CUT | MALFORMED), table["present"] & ~np.uint32(CUT | MALFORMED)
    return {name: values for name, values in table.items() if name not in ("captured_length", "record")}


def frame(protocol: int, following: bytes, kind: bytes = b"\x08\x00", fragment: bytes = b"\x40\x00") -> bytes:
    """Return an Ethernet frame of IPv4."""
    network = IPV4[:2] + struct.pack(">H", 20 + len(following)) + IPV4[4:6] + fragment + IPV4[8:9] + bytes([protocol]) + IPV4[10:]
    return b"\2\0\0\0\0\1\2\0\0\0\0\2" + kind + network + following


@pytest.mark.parametrize(
    ("whole", "length"),
    [
        (frame(6, TCP + b"payload"), 14 + 20 + 32),
        (frame(17, struct.pack(">4H", 53, 40000, 15, 0) + b"payload"), 14 + 20 + 8),
        (frame(1, b"\x08\0\0\0\0\1\0\1" + b"payload"), 14 + 20 + 8),
        (frame(6, b"payload of a later fragment", fragment=b"\x00\x10"), 14 + 20),
        (frame(6, TCP[:12]), 14 + 20 + 12),
    ],
    ids=["tcp", "udp", "icmp", "fragment", "cut-tcp"],
)
def test_keeps_headers_alone(whole: bytes, length: int) -> None:
    """Of IPv4 over Ethernet, the last byte kept is the last one of the headers."""
    assert kept([whole], program(ethernet=True, skip_outgoing=False)) == [whole[:length]]


def test_keeps_a_little_of_what_it_does_not_know() -> None:
    """Of anything else a fixed number of bytes is kept."""
    whole = b"\2\0\0\0\0\1\2\0\0\0\0\2\x88\xa8" + bytes(200)
    assert kept([whole], program(ethernet=True, skip_outgoing=False)) == [whole[:OTHER]]


@pytest.mark.parametrize(("make", "link_type"), [(ethernet, ETHERNET), (internet, RAW)], ids=["ethernet", "raw"])
def test_loses_no_header(make, link_type: int) -> None:
    """What the core reads of the bytes that are kept is what it reads of whole frames, except where tunnels need more than is kept."""
    chance = Random(11)
    frames = [made for made in (make(chance) for _ in range(4000)) if len(made) >= 14]
    cut = kept(frames, program(ethernet=link_type == ETHERNET, skip_outgoing=False))
    assert all(part and whole.startswith(part) for whole, part in zip(frames, cut, strict=True))
    wire = [len(whole) for whole in frames]
    whole, filtered = columns(frames, wire, link_type), columns(cut, wire, link_type)
    short = np.array([len(part) for part in cut]) < OTHER
    assert not (whole["problem"] < filtered["problem"])[short].any()
    same = (filtered["problem"] & CUT == 0) | short
    assert same.mean() > 0.97
    for name in set(whole) - {"problem"}:
        assert np.array_equal(whole[name][same], filtered[name][same]), name


def test_drops_what_this_machine_sends_only_where_asked() -> None:
    """On loopback a packet is seen twice: as sent and as received; the filter is told to leave the first out."""
    with_check, without = (program(ethernet=True, skip_outgoing=skip) for skip in (True, False))
    assert len(with_check) == len(without) + 16
    assert kept([frame(6, TCP)], with_check) == kept([frame(6, TCP)], without)
