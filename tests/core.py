"""The packet core run on bytes in memory, fed in any pieces, for comparison with its plain-Python twin."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from headwise import native
from headwise.headers.schema import COLUMNS, CUT, IP_ID, MALFORMED, PRESENT, allocate
from tests.reference.reader import Read, Reading

STATUS = ("ok", "not a capture", "truncated", "damaged", "unsupported")
REASONS = {"link type": 1, "link header cut": 2, "interface not described": 3}
LANES = (8, 16)
"""Rows that are read at once, the most last, as all is read where nothing else is said; where a processor cannot, the first."""
KEPT = (*(column.name for column in COLUMNS), "present", "ip_id", "checksum")


@dataclass
class Result:
    """What the core gave of one capture: columns of all rows, packets counted by reason, packets walked, how it ended."""

    columns: dict[str, np.ndarray]
    counted: list[int]
    packets: int
    status: str

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns["time"])


def pieces(data: bytes, places: Iterable[float]) -> list[bytes]:
    """Return `data` split at places between 0 and 1."""
    bounds = [0, *sorted(int(place * len(data)) for place in places), len(data)]
    return [data[start:stop] for start, stop in pairwise(bounds)]


def run(parts: list[bytes], limit: int = 4096) -> Result:
    """Read a capture that comes in `parts`, at most `limit` packets a call: eight rows at once and sixteen, which must give the same."""
    eight, sixteen = (_run(parts, limit, lanes) for lanes in LANES)
    assert not differences(sixteen, eight)
    return sixteen


def _run(parts: list[bytes], limit: int, lanes: int) -> Result:
    native.library().hw_use_lanes(lanes)
    state, counted = native.HwCapture(), native.Counted()
    consumed, walked = ctypes.c_uint64(), ctypes.c_uint64()
    columns = allocate(limit)
    view = native.pointers(columns)
    taken: list[dict[str, np.ndarray]] = []
    held, packets = b"", 0
    for number, part in enumerate(parts):
        held, final = held + part, number == len(parts) - 1
        while state.status == native.OK:
            buffer = np.frombuffer(bytearray(held or b"\0"), np.uint8)
            arguments = (buffer.ctypes.data, len(held), final, view, 0, limit, consumed, walked, counted)
            rows = native.library().hw_read(state, *arguments)
            taken.append({name: columns[name][:rows].copy() for name in KEPT})
            held, packets = held[consumed.value :], packets + walked.value
            if walked.value < limit:
                break
    whole = {name: np.concatenate([part[name] for part in taken] or [allocate(0)[name]]) for name in KEPT}
    return Result(whole, list(counted), packets, STATUS[state.status])


def numbered(data: bytes, most: int = 1 << 16) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Yield the packets of a whole capture in batches: how many were walked, and the columns of their rows.

    The column ``packet`` holds each row's number in its batch, from 0.
    """
    state, counted, consumed = native.HwCapture(), native.Counted(), ctypes.c_uint64()
    columns = allocate(most)
    view = native.pointers(columns)
    buffer = np.frombuffer(data or b"\0", np.uint8)
    at, walked = 0, most
    while walked == most and state.status == native.OK:
        rest = (buffer.ctypes.data + at, len(data) - at)
        walked = native.library().hw_frames(state, *rest, True, view, 0, most, consumed)
        frames = columns["record"][:walked].copy()
        rows = native.library().hw_headers(*rest, view, 0, walked, counted, None)
        kept = {name: columns[name][:rows].copy() for name in KEPT}
        yield walked, kept | {"packet": np.searchsorted(frames, columns["record"][:rows])}
        at += consumed.value


def expected(reading: Reading) -> Result:
    """Return what the core must give where the twin read `reading`."""
    rows = [packet for packet in reading.packets if not packet.reason]
    columns = {name: array.copy() for name, array in allocate(len(rows)).items() if name in KEPT}
    for name in KEPT:
        values = [row.columns.get(name, 0) for row in rows] if name != "present" else [present(row) for row in rows]
        if name in ("source_ip", "destination_ip"):
            joined = b"".join(value if isinstance(value, bytes) else bytes(16) for value in values)
            columns[name] = np.frombuffer(joined, np.uint8).reshape(-1, 16)
        else:
            columns[name][:] = values
    counted = [0] * len(native.REASONS)
    for packet in reading.packets:
        counted[REASONS.get(packet.reason, 0)] += bool(packet.reason)
    return Result(columns, counted, len(reading.packets), reading.status)


def present(row: Read) -> int:
    """Return the `present` mask of a row of the twin."""
    mask = sum(bit for name, bit in PRESENT.items() if name in row.columns)
    return mask | IP_ID * ("ip_id" in row.columns) | CUT * row.cut | MALFORMED * row.malformed


def differences(found: Result, wanted: Result, most: int = 5) -> list[str]:
    """Return in words where two results differ; a time that is not present is not compared."""
    said = [
        f"{name}: {getattr(found, name)} instead of {getattr(wanted, name)}"
        for name in ("status", "packets", "counted", "rows")
        if getattr(found, name) != getattr(wanted, name)
    ]
    if found.rows != wanted.rows:
        return said
    timed = wanted.columns["present"] & PRESENT["time"] != 0
    for name in KEPT:
        unlike = found.columns[name] != wanted.columns[name]
        unlike = unlike.any(axis=1) if unlike.ndim > 1 else unlike & timed if name == "time" else unlike
        places = np.flatnonzero(unlike)
        said += [f"{name} of row {row}: {show(found, name, row)} instead of {show(wanted, name, row)}" for row in places[:most]]
    return said


def show(result: Result, name: str, row: int) -> str:
    """Return a value in words."""
    value = result.columns[name][row]
    return value.tobytes().hex() if value.ndim else f"{int(value):#x}" if name in ("present", "tcp_options") else str(value)
