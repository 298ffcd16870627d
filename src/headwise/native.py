"""The packet core, loaded by ctypes: its structs and functions as `native/headwise.h` declares them."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from headwise.errors import SystemFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

ABI = 4
INTERFACES = 1024
# A buffer of this many bytes always holds a whole record.
LARGEST = 0x50000

UNKNOWN, PCAP, PCAPNG = range(3)
OK, NOT_A_CAPTURE, TRUNCATED, DAMAGED, UNSUPPORTED = range(5)
# Reasons why a packet is no row, by their number in the core; 0 is a row.
REASONS = ("row", "link_type", "link_cut", "no_interface", "repeat")

_COLUMNS = (
    "time wire_length captured_length interface source_mac destination_mac vlan ethertype ip_version source_ip destination_ip "
    "protocol ttl dscp ip_length fragment_offset more_fragments source_port destination_port tcp_flags tcp_window "
    "tcp_sequence tcp_acknowledgment tcp_mss tcp_window_scale tcp_options icmp_type icmp_code arp_operation payload_length "
    "present ip_id record link_type vlan_hint checksum"
).split()

Counted = ctypes.c_uint64 * len(REASONS)


class HwColumns(ctypes.Structure):
    """Pointers to the columns of header rows."""

    _fields_ = [(name, ctypes.c_void_p) for name in _COLUMNS]


class HwInterface(ctypes.Structure):
    """One interface of a capture."""

    _fields_ = [
        ("packets", ctypes.c_uint64),
        ("skipped", ctypes.c_uint64),
        ("ts_offset", ctypes.c_int64),
        ("ts_multiply", ctypes.c_uint64),
        ("ts_divide", ctypes.c_uint64),
        ("ts_limit", ctypes.c_uint64),
        ("ts_shift", ctypes.c_uint32),
        ("snap_length", ctypes.c_uint32),
        ("link_type", ctypes.c_uint32),
        ("described", ctypes.c_uint32),
    ]


class HwCapture(ctypes.Structure):
    """State of walking one capture; a new one is zeroed."""

    _fields_ = [
        ("format", ctypes.c_uint32),
        ("status", ctypes.c_uint32),
        ("big_endian", ctypes.c_uint32),
        ("record_header", ctypes.c_uint32),
        ("sections", ctypes.c_uint32),
        ("interface_base", ctypes.c_uint32),
        ("interface_count", ctypes.c_uint32),
        ("variant", ctypes.c_uint32),
        ("trailer", ctypes.c_uint32),
        ("position", ctypes.c_uint64),
        ("skip", ctypes.c_uint64),
        ("packets", ctypes.c_uint64),
        ("last_time", ctypes.c_int64),
        ("interfaces", HwInterface * INTERFACES),
    ]


_SIZE, _BYTES = ctypes.c_uint64, ctypes.c_void_p
_SIZE_OUT = ctypes.POINTER(_SIZE)
_COLUMNS_IN = ctypes.POINTER(HwColumns)
_CAPTURE = ctypes.POINTER(HwCapture)
_FRAMES = [_CAPTURE, _BYTES, _SIZE, ctypes.c_int, _COLUMNS_IN, _SIZE, _SIZE, _SIZE_OUT]
_SIGNATURES: dict[str, list[object]] = {
    "hw_frames": _FRAMES,
    "hw_headers": [_BYTES, _SIZE, _COLUMNS_IN, _SIZE, _SIZE, _SIZE_OUT, ctypes.POINTER(HwInterface)],
    "hw_read": [*_FRAMES, _SIZE_OUT, _SIZE_OUT],
}


def pointers(columns: Mapping[str, np.ndarray]) -> HwColumns:
    """Return the core's view of `columns` (as `headwise.headers.schema.allocate` makes them), which must outlive it."""
    return HwColumns(*(address(columns[name]) for name in _COLUMNS))


def address(array: np.ndarray) -> int:
    """Return where the elements of a contiguous array begin; the array must outlive its use."""
    # Four times as quick as ``array.ctypes.data``, which is left for what has no writable buffer.
    if array.size and array.flags.writeable:
        return ctypes.addressof(ctypes.c_char.from_buffer(array.data))
    return int(array.ctypes.data)


def path() -> Path:
    """Return where the packet core is: ``$HEADWISE_NATIVE``, or beside this module."""
    return Path(os.environ.get("HEADWISE_NATIVE") or Path(__file__).with_name("libheadwise.so"))


@cache
def library() -> ctypes.CDLL:
    """Return the packet core.

    Raises
    ------
    SystemFailure
        Where it is missing, does not load here, or belongs to another version.
    """
    where = path()
    advice = "run `make native` in the checkout, or install headwise again"
    if not where.exists():
        raise SystemFailure("the packet core is missing", where=str(where), do=advice)
    try:
        loaded = ctypes.CDLL(str(where))
        abi = int(loaded.hw_abi())
    except (OSError, AttributeError) as error:
        raise SystemFailure(f"the packet core does not load ({error})", where=str(where), do=advice) from error
    if abi != ABI:
        raise SystemFailure(f"the packet core has interface {abi}, not {ABI}", where=str(where), do=advice)
    for name, arguments in _SIGNATURES.items():
        function = getattr(loaded, name)
        function.argtypes, function.restype = arguments, _SIZE
    return loaded
