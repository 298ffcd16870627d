"""The attribution kernel of the packet core: its structs and its one call."""

from __future__ import annotations

import ctypes
import functools
import secrets
from typing import Any

import numpy as np

from headwise import native

# Mirrors hw_device and hw_address of native/devices.h; indices are kept plus one.
DEVICE = np.dtype(
    [
        ("mac", "u8"),
        ("first_seen", "i8"),
        ("last_seen", "i8"),
        ("packets_sent", "u8"),
        ("packets_received", "u8"),
        ("bytes_sent", "u8"),
        ("bytes_received", "u8"),
        ("networks_behind", "u4", (3,)),
        ("networks_beyond", "u4", (3,)),
        ("next_in_bucket", "u4"),
        ("addresses", "u4"),
        ("recent", "u4", (2,)),
        ("vlans", "u2", (4,)),
        ("role", "u1"),
        ("proven", "u1"),
        ("serves", "u1"),
        ("cooked", "u1"),
        ("behind", "u1"),
        ("beyond", "u1"),
        ("address_count", "u1"),
        ("vlan_count", "u1"),
    ]
)
ADDRESS = np.dtype(
    [
        ("high", "u8"),
        ("low", "u8"),
        ("first_seen", "i8"),
        ("last_seen", "i8"),
        ("device", "u4"),
        ("next_in_bucket", "u4"),
        ("next_of_device", "u4"),
        ("strength", "u4"),
    ]
)


class State(ctypes.Structure):
    """Mirrors hw_attribution."""

    _fields_ = (
        ("devices", ctypes.c_void_p),
        ("addresses", ctypes.c_void_p),
        ("device_buckets", ctypes.c_void_p),
        ("address_buckets", ctypes.c_void_p),
        ("device_room", ctypes.c_uint32),
        ("address_room", ctypes.c_uint32),
        ("device_bucket_bits", ctypes.c_uint32),
        ("address_bucket_bits", ctypes.c_uint32),
        ("seed", ctypes.c_uint64),
        ("device_count", ctypes.c_uint32),
        ("address_count", ctypes.c_uint32),
        ("address_free", ctypes.c_uint32),
        ("address_hand", ctypes.c_uint32),
        ("global_ipv4", ctypes.c_uint32),
        ("proven_routers", ctypes.c_uint32),
        ("headers", ctypes.c_uint64),
        ("attributed", ctypes.c_uint64),
        ("unattributed", ctypes.c_uint64 * 5),
        ("addresses_forgotten", ctypes.c_uint64),
    )


ROWS = ("row", "device", "device_index", "direction", "peer")


class Rows(ctypes.Structure):
    """Mirrors hw_attributed_rows."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in ROWS)

    @classmethod
    def of(cls, arrays: dict[str, np.ndarray]) -> Rows:
        """Return the core's view of arrays, which must outlive it."""
        return cls(*(native.address(arrays[name]) for name in ROWS))


class Tables:
    """The kernel's state with the arrays that it points to.

    Parameters
    ----------
    devices, addresses : int
        Most MACs and addresses that are kept; at least 1 and 8.
    """

    def __init__(self, devices: int, addresses: int) -> None:
        self.devices = np.zeros(devices, DEVICE)
        self.addresses = np.zeros(addresses, ADDRESS)
        bits = [max(1, (2 * room - 1).bit_length()) for room in (devices, addresses)]
        self._buckets = [np.zeros(1 << b, np.uint32) for b in bits]
        self.state = State(
            self.devices.ctypes.data,
            self.addresses.ctypes.data,
            self._buckets[0].ctypes.data,
            self._buckets[1].ctypes.data,
            devices,
            addresses,
            bits[0],
            bits[1],
            secrets.randbits(64) | 1,
        )

    def attribute(self, columns: native.HwColumns, rows: int, out: Rows) -> int:
        """Attribute `rows` header rows into the arrays of `out`; return the number of attributed rows."""
        return int(_attribute()(ctypes.byref(self.state), ctypes.byref(columns), rows, ctypes.byref(out)))


@functools.cache
def _attribute() -> Any:
    library = native.library()
    check_sizes(library)
    function = library.hw_attribute
    function.restype = ctypes.c_uint64
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p]
    return function


def check_sizes(library: Any) -> None:
    """Raise RuntimeError where the library was built from other structs than these."""
    sizes = (ctypes.c_uint64 * 3)()
    library.hw_attribution_sizes(sizes)
    if list(sizes) != [DEVICE.itemsize, ADDRESS.itemsize, ctypes.sizeof(State)]:
        raise RuntimeError(f"structs of {list(sizes)} bytes in the packet core are not those of headwise.devices: build it again")
