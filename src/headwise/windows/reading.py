"""Captures to windows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from headwise.devices import Attribution, Device
from headwise.headers import HeaderReader, expand
from headwise.windows.accumulate import Windows
from headwise.windows.table import WindowTable

Progress = Callable[[int, int | None], None]
CHUNK = 1024
"""Windows whose features are made at a time."""


@dataclass
class WindowReading:
    """What captures gave.

    Attributes
    ----------
    table : WindowTable
        In the order of capture, device and time.
    devices : list of Device
        Every MAC that sent something; with windows by capture, the devices of each capture in turn.
    packets, rows : int
        Packets in the files, and header rows made of them.
    counted : dict of str to int
        Packets that are no row, by reason.
    remarks : dict of str to int
        Rows with something to be said of them.
    left_out : dict of str to int
        Attributed packets in no window, by reason (`Windows.left_out`).
    unattributed : dict of str to int
        Rows that belong to no device, by reason.
    warnings : list of str
        What went wrong and was survived.
    """

    table: WindowTable
    devices: list[Device] = field(default_factory=list)
    packets: int = 0
    rows: int = 0
    counted: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    unattributed: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def read_windows(
    paths: Sequence[str | Path],
    *,
    length: float | Literal["capture"] = 600.0,
    sequence: int = 32,
    progress: Progress | None = None,
) -> WindowReading:
    """Read captures into windows.

    Parameters
    ----------
    paths : sequence of str or Path
        Files, folders or patterns, as `headwise.headers.expand` takes them.
    length : float or "capture"
        Seconds of a window, 10 to 86,400; or one window for each device of each file, read on its own.
    sequence : int
        Packets of the sequence.
    progress : callable, optional
        Called with what is done and the total: bytes, or files where windows are captures.
    """
    windows = Windows(length, sequence)
    if length != "capture":
        return _finish(_read(HeaderReader(paths, progress=progress), windows), windows)
    files = expand(paths)
    readings = []
    for index, file in enumerate(files):
        windows.restart(index)
        readings.append(_read(HeaderReader([file]), windows))
        if progress:
            progress(index + 1, len(files))
    return _finish(_join(readings, sequence), windows)


def _read(reader: HeaderReader, windows: Windows) -> WindowReading:
    attribution, tables = Attribution(), []
    for batch in reader:
        windows.take(attribution.update(batch))
        tables.append(windows.ended(CHUNK))
    return WindowReading(
        table=WindowTable.concatenate(tables, windows.sequence),
        devices=attribution.devices,
        packets=reader.packets,
        rows=reader.rows,
        counted=dict(reader.counted),
        remarks=dict(reader.remarks),
        unattributed=attribution.unattributed,
        warnings=list(reader.warnings),
    )


def _finish(reading: WindowReading, windows: Windows) -> WindowReading:
    reading.table = WindowTable.concatenate([reading.table, windows.finish()], windows.sequence).sorted()
    reading.left_out = windows.left_out
    return reading


def _join(readings: Sequence[WindowReading], sequence: int) -> WindowReading:
    joined = WindowReading(WindowTable.concatenate([reading.table for reading in readings], sequence))
    for reading in readings:
        joined.devices += reading.devices
        joined.packets += reading.packets
        joined.rows += reading.rows
        joined.warnings += reading.warnings
    for name in ("counted", "remarks", "unattributed"):
        total: Counter[str] = Counter()
        for reading in readings:
            total.update(getattr(reading, name))
        setattr(joined, name, dict(total))
    return joined
