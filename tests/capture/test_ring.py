"""The ring gives every packet of an interface, in blocks that the core reads."""

from __future__ import annotations

import ctypes
import os
import socket
import threading
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwise import native
from headwise.capture.ring import ETHERNET, RAW, Ring
from headwise.errors import InputError, SystemFailure
from headwise.headers.schema import allocate
from tests.machine import require_namespaces
from tests.reference.ring import FRAME_AT, Seen, block
from tests.wire import laid

SIZE = 1 << 14


def framed(content: bytes, limit: int = SIZE // 64) -> dict[str, np.ndarray]:
    """Return the rows that the core frames of a block."""
    core = native.library()
    core.hw_ring_frames.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint16]
    core.hw_ring_frames.restype = ctypes.c_uint64
    columns = allocate(limit)
    # An array of its own length, so that a sanitizer sees a step over its end.
    buffer = np.frombuffer(content, np.uint8).copy()
    rows = core.hw_ring_frames(buffer.ctypes.data, len(content), ctypes.byref(native.pointers(columns)), 0, limit, ETHERNET)
    assert rows <= limit
    return {name: values[:rows] for name, values in columns.items()}


packets = st.builds(
    lambda time, data, more, tag: Seen(time, data, len(data) + more, tag),
    st.integers(0, (1 << 32) * 1_000_000_000 - 1),
    st.binary(max_size=150),
    st.integers(0, 1500),
    st.none() | st.integers(0, 0xFFFF),
)


@given(st.lists(packets, max_size=40))
def test_frames_what_the_kernel_wrote(seen: list[Seen]) -> None:
    """Each packet of a block is a row with its time, lengths, place and tag."""
    content = block(seen, SIZE)
    columns = framed(content)
    assert [packet.time for packet in seen] == columns["time"].tolist()
    assert [packet.wire_length + (4 if packet.tag is not None else 0) for packet in seen] == columns["wire_length"].tolist()
    assert [0 if packet.tag is None else 0x10000 | packet.tag for packet in seen] == columns["vlan_hint"].tolist()
    placed = zip(columns["record"].tolist(), columns["captured_length"].tolist(), strict=True)
    assert [packet.data for packet in seen] == [content[at : at + length] for at, length in placed]


@given(st.lists(packets, min_size=1, max_size=8), st.integers(0, 1 << 32), st.integers(0, SIZE))
def test_stays_inside_a_block_that_lies(seen: list[Seen], seed: int, size: int) -> None:
    """Whatever stands in a block, rows lie inside it and there are no more than were asked for."""
    chance = Random(seed)
    content = bytearray(block(seen, SIZE)[:size])
    for _ in range(6):
        if content:
            content[chance.randrange(min(len(content), 400))] = chance.choice((0, 1, 127, 255))
    columns = framed(bytes(content), 16)
    ends = columns["record"].astype(np.int64) + columns["captured_length"]
    assert ((columns["captured_length"] == 0) | (ends <= len(content))).all()


def test_a_frame_lies_where_this_kernel_puts_it() -> None:
    """The blocks of the tests are like the kernel's: a packet, sent in a namespace, is found with the same distances."""
    with laid(require_namespaces()) as wire:

        def work() -> tuple[bytes, int]:
            with Ring(wire.far) as ring:
                wire.send([b"\2\0\0\0\0\1\2\0\0\0\0\2\x88\xb5" + bytes(46)])
                with ring.wait(5) as address:
                    assert address
                    return ctypes.string_at(address, 400), ring.link_type

        content, link_type = wire.inside(work)
    columns = framed(content, 4)
    assert [link_type, *(int(columns[n][0]) for n in ("link_type", "wire_length", "captured_length"))] == [ETHERNET, 1, 60, 60]
    assert int.from_bytes(content[16:20], "little") + FRAME_AT == columns["record"][0]


def test_counts_what_it_could_not_hold() -> None:
    """Packets for which the ring has no room are counted as dropped, and the others are all there."""
    with laid(require_namespaces()) as wire:

        def work() -> tuple[int, int, int]:
            with Ring(wire.far, block=1 << 12, blocks=2) as ring:
                sent = wire.send([b"\2\0\0\0\0\1\2\0\0\0\0\2\x88\xb5" + bytes(100)] * 500)
                read = 0
                while True:
                    with ring.wait(0.5) as address:
                        if not address:
                            break
                        read += len(framed(ctypes.string_at(address, 1 << 12))["time"])
                statistics = ring.statistics()
                assert statistics == ring.statistics()
                return sent, read, statistics.dropped

        sent, read, dropped = wire.inside(work)
    assert 0 < read < sent == read + dropped


def test_sees_a_tunnel_without_ethernet_as_bare_ip() -> None:
    """An interface of point-to-point kind gives packets that begin with IP."""
    with laid(require_namespaces()) as wire:

        def work() -> int:
            os.system(f"{wire.ip} tuntap add mode tun name tun0 && {wire.ip} link set tun0 up")
            with Ring("tun0") as ring:
                return ring.link_type

        assert wire.inside(work) == RAW


def test_sees_each_packet_on_loopback_once() -> None:
    """What this machine sends to itself passes by twice and is taken once, without its payload."""
    with laid(require_namespaces()) as wire:

        def work() -> list[bytes]:
            os.system(f"{wire.ip} link set lo up")
            with (
                Ring("lo") as ring,
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here,
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there,
            ):
                there.bind(("127.0.0.1", 0))
                for _ in range(5):
                    here.sendto(b"private" * 20, there.getsockname())
                with ring.wait(5) as address:
                    content = ctypes.string_at(address, ring.block)
            rows = framed(content, 64)
            return [content[at : at + length] for at, length in zip(rows["record"].tolist(), rows["captured_length"].tolist(), strict=True)]

        seen = wire.inside(work)
    assert [len(frame) for frame in seen] == [42] * 5


def test_says_which_interfaces_there_are() -> None:
    """An unknown interface is an error of the user's, with the known ones named."""
    with pytest.raises(InputError, match=r"no interface 'nowhere0'; choose one of .*lo"):
        Ring("nowhere0")


def test_says_that_an_interface_is_down() -> None:
    """An interface that is down is told by name, with the command that brings it up."""
    with laid(require_namespaces()) as wire:

        def work() -> None:
            os.system(f"{wire.ip} link set {wire.far} down")
            with Ring(wire.far) as ring, ring.wait(1):
                pass

        with pytest.raises(SystemFailure, match="is down"):
            wire.inside(work)


def test_says_what_permission_is_missing() -> None:
    """Without the right to capture the error says how to get it."""
    errors: list[BaseException] = []

    def unprivileged() -> None:
        try:
            give_up_privileges()
            Ring("lo")
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=unprivileged)
    thread.start()
    thread.join()
    assert isinstance(errors[0], SystemFailure)
    assert str(errors[0]).startswith("interface lo: capturing is not permitted; run it as root")


def give_up_privileges() -> None:
    """Give up all capabilities of the calling thread, as the call to the kernel does and no other thread notices."""
    libc = ctypes.CDLL(None)
    libc.prctl(28, 1, 0, 0, 0)  # PR_SET_SECUREBITS, NOROOT: a program run next does not get them back
    version_and_thread, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capset(version_and_thread, none) == 0
