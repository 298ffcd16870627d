"""Packets from a network interface: an AF_PACKET socket whose ring the kernel fills and this process reads in place.

Source: Documentation/networking/packet_mmap (TPACKET_V3), linux/if_packet.h, linux/if_arp.h.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import mmap
import select
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType

from headwise import native
from headwise.capture.header_filter import program
from headwise.errors import InputError, SystemFailure

BLOCK = 1 << 19  # bytes; no packet takes less than 64 of them
BLOCKS = 32
RETIRE_MS = 100  # a block with packets is handed over at least this often

ETHERNET, RAW = 1, 101  # LINKTYPE_ numbers

_EVERY_PROTOCOL = 0x0003
_SOL_PACKET = 263
_ADD_MEMBERSHIP, _RX_RING, _STATISTICS, _VERSION = 1, 5, 6, 10
_TPACKET_V3 = 2
_PROMISCUOUS = 1
_ATTACH_FILTER = 26
_GET_HARDWARE_ADDRESS = 0x8927
_FRAME = 2048  # unused by version 3, but the kernel checks it
_ARP_ETHERNET, _ARP_LOOPBACK = 1, 772
# Point-to-point interfaces without a link-layer header: PPP, RAWIP, TUNNEL, TUNNEL6, SIT, IPGRE, IP6GRE, NONE.
_ARP_RAW = frozenset({512, 519, 768, 769, 776, 778, 823, 65534})


@dataclass(frozen=True)
class Statistics:
    """What the kernel counted: packets for the ring, those of them dropped for want of room, and how often it was full."""

    packets: int = 0
    dropped: int = 0
    full: int = 0


class Ring:
    """A live capture of one interface, headers only.

    Parameters
    ----------
    interface : str
        Such as ``eth0``.
    promiscuous : bool
        Ask the interface for all packets, not only those for this machine.
    block, blocks : int
        Size of the ring's blocks in bytes and their number.

    Attributes
    ----------
    link_type : int
        LINKTYPE_ number of the packets.
    block : int
        Bytes of a block.

    Raises
    ------
    InputError
        Where there is no such interface, or its kind is not read.
    SystemFailure
        Where this process may not capture, or the interface is down.
    """

    def __init__(self, interface: str, *, promiscuous: bool = True, block: int = BLOCK, blocks: int = BLOCKS) -> None:
        self.interface, self.block, self._blocks = interface, block, blocks
        index, hardware = _look_up(interface)
        self.link_type = _link_type(interface, hardware)
        self._next = 0
        self._packets = self._dropped = self._full = 0
        self._core = native.library()
        self._core.hw_ring_ready.argtypes, self._core.hw_ring_ready.restype = [ctypes.c_void_p], ctypes.c_int
        self._core.hw_ring_release.argtypes, self._core.hw_ring_release.restype = [ctypes.c_void_p], None
        self._socket = _open(interface)
        try:
            self._prepare(index, hardware == _ARP_LOOPBACK, promiscuous)
        except BaseException:
            self._socket.close()
            raise

    def _prepare(self, index: int, loopback: bool, promiscuous: bool) -> None:
        with _explained(self.interface):
            self._socket.setsockopt(_SOL_PACKET, _VERSION, _TPACKET_V3)
            self._attach(program(ethernet=self.link_type == ETHERNET, skip_outgoing=loopback))
            size = self.block * self._blocks
            request = struct.pack("=7I", self.block, self._blocks, _FRAME, size // _FRAME, RETIRE_MS, 0, 0)
            self._socket.setsockopt(_SOL_PACKET, _RX_RING, request)
            self._memory = mmap.mmap(self._socket.fileno(), size)
            self._first = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
            self._socket.bind((self.interface, _EVERY_PROTOCOL))
            if promiscuous:
                self._socket.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, struct.pack("=IHH8s", index, _PROMISCUOUS, 0, b""))

    def _attach(self, code: bytes) -> None:
        # The socket has no protocol yet: no packet passes before the filter is there.
        steps = ctypes.create_string_buffer(code, len(code))
        self._socket.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("@HP", len(code) // 8, ctypes.addressof(steps)))

    @contextlib.contextmanager
    def wait(self, seconds: float) -> Iterator[int]:
        """Wait for a block; yield its address, 0 where none came. It goes back to the kernel at the end."""
        address = self._first + self._next * self.block
        status = address + 8
        if not self._core.hw_ring_ready(status):
            self._poll(seconds)
        if not self._core.hw_ring_ready(status):
            yield 0
            return
        try:
            yield address
        finally:
            self._core.hw_ring_release(status)
            self._next = (self._next + 1) % self._blocks

    def _poll(self, seconds: float) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | select.POLLERR)
        if not any(event & select.POLLERR for _, event in poll.poll(seconds * 1000)):
            return
        reason = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if reason:
            what = "is down" if reason == errno.ENETDOWN else errno.errorcode.get(reason, str(reason))
            raise SystemFailure(what, where=f"interface {self.interface}", do="bring it up and start again")

    def statistics(self) -> Statistics:
        """Return the kernel's counts since the ring was opened."""
        packets, dropped, full = struct.unpack("=3I", self._socket.getsockopt(_SOL_PACKET, _STATISTICS, 12))
        # The kernel forgets what it told.
        self._packets, self._dropped, self._full = self._packets + packets, self._dropped + dropped, self._full + full
        return Statistics(self._packets, self._dropped, self._full)

    def close(self) -> None:
        """Stop capturing. No block may be in use."""
        self._socket.close()
        with contextlib.suppress(BufferError):
            self._memory.close()

    def __enter__(self) -> Ring:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _look_up(interface: str) -> tuple[int, int]:
    """Return an interface's number and its hardware type."""
    try:
        index = socket.if_nametoindex(interface)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            answer = fcntl.ioctl(any_socket, _GET_HARDWARE_ADDRESS, struct.pack("16s24x", interface.encode()))
        return index, int(struct.unpack_from("=16xH", answer)[0])
    except (OSError, ValueError) as error:
        names = ", ".join(name for _, name in socket.if_nameindex())
        raise InputError(f"there is no interface '{interface}'", do=f"choose one of {names}") from error


def _link_type(interface: str, hardware: int) -> int:
    if hardware in (_ARP_ETHERNET, _ARP_LOOPBACK):
        return ETHERNET
    if hardware in _ARP_RAW:
        return RAW
    raise InputError(
        f"interface '{interface}' is of hardware type {hardware}, which is not read", do="choose an Ethernet or Wi-Fi interface"
    )


def _open(interface: str) -> socket.socket:
    if not hasattr(socket, "AF_PACKET"):
        raise SystemFailure("live capture needs Linux", where=f"interface {interface}", do="capture to a file and use `headwise identify`")
    with _explained(interface):
        return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)


@contextlib.contextmanager
def _explained(interface: str) -> Iterator[None]:
    where = f"interface {interface}"
    try:
        yield
    except PermissionError as error:
        advice = "run it as root, or allow it with `setcap cap_net_raw+ep` on the Python it runs on"
        raise SystemFailure("capturing is not permitted", where=where, do=advice) from error
    except OSError as error:
        if error.errno == errno.ENETDOWN:
            raise SystemFailure("is down", where=where, do=f"bring it up: ip link set {interface} up") from error
        raise SystemFailure(
            f"cannot be captured: {error.strerror or error}", where=where, do="see whether the kernel has AF_PACKET"
        ) from error
