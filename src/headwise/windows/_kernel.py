"""The window kernel of the packet core: its structs and its calls."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

import numpy as np

from headwise import native
from headwise.windows._raw import WINDOW
from headwise.windows.ports import port_table

ROOM = 256
"""Windows that one call can give."""


class State(ctypes.Structure):
    """Mirrors hw_windows."""

    _fields_ = (
        ("length", ctypes.c_int64),
        ("slots", ctypes.c_uint64),
        ("used", ctypes.c_uint64),
        ("sequence", ctypes.c_uint64),
        ("devices", ctypes.c_uint64),
        ("late", ctypes.c_uint64),
        ("timeless", ctypes.c_uint64),
        ("crowded", ctypes.c_uint64),
        ("crowded_until", ctypes.c_int64),
        *((name, ctypes.c_void_p) for name in ("port_class", "slot_of", "states", "sequences", "watermark")),
    )


class Attributed(ctypes.Structure):
    """Mirrors hw_attributed."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in ("row", "device_index", "direction", "peer"))


class Slots:
    """Open windows, and the arrays that hold them.

    Memory is taken from the system as slots are first used, so the bound costs nothing where few devices speak.

    Parameters
    ----------
    length : int
        ns; 0 for windows that only `close` ends.
    sequence : int
        Packets kept of each window.
    slots : int
        Most windows that are open at a time.
    """

    def __init__(self, length: int, sequence: int, slots: int) -> None:
        update, _ = _functions()
        self._update, self._close = update, _functions()[1]
        self._states = np.zeros(slots * native.library().hw_windows_state_size(), np.uint8)
        self._sequences = np.zeros(max(1, slots * sequence * 4), np.float32)
        self.out = np.zeros(ROOM, WINDOW)
        self.out_sequences = np.zeros((ROOM, sequence, 4), np.float32)
        self.macs = np.zeros(0, np.uint64)
        self.state = State(length=length, slots=slots, sequence=sequence)
        self.state.port_class = port_table().ctypes.data
        self.state.states = self._states.ctypes.data
        self.state.sequences = self._sequences.ctypes.data
        self._grow(64)

    def _grow(self, devices: int) -> None:
        old = self.state.devices
        self._slot_of, slot_of = np.zeros(devices, np.uint32), getattr(self, "_slot_of", None)
        self._watermark, watermark = np.full(devices, np.iinfo(np.int64).min), getattr(self, "_watermark", None)
        self.macs, macs = np.zeros(devices, np.uint64), self.macs
        if slot_of is not None and watermark is not None:
            self._slot_of[:old], self._watermark[:old], self.macs[:old] = slot_of, watermark, macs
        self.state.slot_of, self.state.watermark = self._slot_of.ctypes.data, self._watermark.ctypes.data
        self.state.devices = devices

    def forget(self) -> None:
        """Forget every device, whose windows have all been ended."""
        self._slot_of[:] = 0
        self._watermark[:] = np.iinfo(np.int64).min
        self.state.used = 0

    def admit(self, device_index: np.ndarray, device: np.ndarray) -> None:
        """Make room for every device of a batch, and remember its MAC."""
        if not len(device_index):
            return
        most = int(device_index.max()) + 1
        if most > self.state.devices:
            self._grow(max(most, 2 * self.state.devices))
        self.macs[device_index] = device

    def update(self, columns: ctypes.Structure, packets: Attributed, start: int, count: int) -> tuple[int, int]:
        """Take packets from `start`; return how far it came and how many windows `out` holds."""
        closed = ctypes.c_uint64()
        arguments = (ctypes.byref(self.state), ctypes.byref(columns), ctypes.byref(packets), start, count)
        taken = self._update(*arguments, self.out.ctypes.data, self.out_sequences.ctypes.data, ROOM, ctypes.byref(closed))
        return int(taken), closed.value

    def close(self, now: int, slot: int) -> tuple[int, int]:
        """End windows that are over at `now` from `slot` on; return the next slot and how many windows `out` holds."""
        position = ctypes.c_uint64(slot)
        outputs = (self.out.ctypes.data, self.out_sequences.ctypes.data, ROOM, ctypes.byref(position))
        written = self._close(ctypes.byref(self.state), now, *outputs)
        return position.value, int(written)


@functools.cache
def _functions() -> tuple[Any, Any]:
    library = native.library()
    for name in ("hw_windows_state_size", "hw_windows_window_size"):
        getattr(library, name).restype = ctypes.c_uint64
        getattr(library, name).argtypes = []
    if library.hw_windows_window_size() != WINDOW.itemsize:
        raise RuntimeError("hw_window of the packet core is not that of headwise.windows: build the core again")
    pointer, count = ctypes.c_void_p, ctypes.c_uint64
    update, close = library.hw_windows_update, library.hw_windows_close
    update.restype = close.restype = count
    update.argtypes = [pointer, pointer, pointer, count, count, pointer, pointer, count, pointer]
    close.argtypes = [pointer, ctypes.c_int64, pointer, pointer, count, pointer]
    return update, close
