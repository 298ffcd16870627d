"""Captures to windows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from headwise.devices import Attribution, Device
from headwise.headers import HeaderReader, expand
from headwise.windows.accumulate import Windows
from headwise.windows.table import WindowTable

Paths = str | Path | Iterable[str | Path]
Progress = Callable[[int, int | None], None]
CHUNK = 256
"""Windows whose features are made at a time, where nothing else is said."""
BATCH = 8192
"""Header rows at a time: more than reading alone is best with, as every stage has its fixed cost."""


class WindowReader:
    """Reads captures into windows; an iterable of `WindowTable`, of windows in the order in which they ended.

    Parameters
    ----------
    paths : path or iterable of paths
        Files, folders and patterns, as `headwise.headers.expand` takes them.
    length : float or "capture"
        Seconds of a window, 10 to 86,400; or one window for each device of each file, read on its own.
    sequence : int
        Packets of the sequence.
    progress : callable, optional
        Called with what is done and the total: bytes, or files where windows are captures.
    chunk : int
        Windows whose features are made at a time: more of them take less of the processor and more memory.

    Attributes
    ----------
    paths : list of Path
        The captures; `WindowTable.capture` is an index of it.
    packets, rows : int
        Packets of the captures, and header rows made of them.
    counted, remarks : dict of str to int
        Packets that are no row, and rows with something odd, by reason.
    unattributed : dict of str to int
        Rows that belong to no device, by reason.
    devices : list of Device
        Every MAC that sent something; with windows by capture, those of each capture in turn.
    warnings : list of str
        What went wrong and was survived.
    """

    def __init__(
        self,
        paths: Paths,
        *,
        length: float | str = 600.0,
        sequence: int = 32,
        progress: Progress | None = None,
        chunk: int = CHUNK,
    ) -> None:
        self._windows = Windows(length, sequence)
        self.length, self.sequence, self.progress, self.chunk = length, sequence, progress, chunk
        if length == "capture":
            self.paths = expand(paths)
        else:
            self._reader = HeaderReader(paths, batch_rows=BATCH, progress=progress)
            self.paths = self._reader.paths
        self._begin()

    def _begin(self) -> None:
        self.packets = self.rows = 0
        self.counted: Counter[str] = Counter()
        self.remarks: Counter[str] = Counter()
        self.unattributed: Counter[str] = Counter()
        self.devices: list[Device] = []
        self.warnings: list[str] = []

    @property
    def left_out(self) -> dict[str, int]:
        """Attributed packets that are in no window, by reason: ``late``, ``no_time``, ``crowded``."""
        return self._windows.left_out

    def __iter__(self) -> Iterator[WindowTable]:
        """Read, once."""
        self._begin()
        if self.length == "capture":
            yield from self._captures()
        else:
            yield from self._read(self._reader)
        yield self._windows.finish()

    def _captures(self) -> Iterator[WindowTable]:
        for index, path in enumerate(self.paths):
            self._windows.restart(index)
            yield from self._read(HeaderReader([path], batch_rows=BATCH))
            if self.progress:
                self.progress(index + 1, len(self.paths))

    def _read(self, reader: HeaderReader) -> Iterator[WindowTable]:
        attribution = Attribution()
        for batch in reader:
            self._windows.take(attribution.update(batch))
            if len(ended := self._windows.ended(self.chunk)):
                yield ended
        self.packets += reader.packets
        self.rows += reader.rows
        self.counted.update(reader.counted)
        self.remarks.update(reader.remarks)
        self.unattributed.update(attribution.unattributed)
        self.devices += attribution.devices
        self.warnings += reader.warnings


@dataclass
class WindowReading:
    """What captures gave.

    Attributes
    ----------
    table : WindowTable
        In the order of capture, device and time.
    devices : list of Device
        Every MAC that sent something; with windows by capture, those of each capture in turn.
    reader : WindowReader
        Counts of packets and rows, and warnings.
    """

    table: WindowTable
    devices: list[Device]
    reader: WindowReader

    @property
    def warnings(self) -> list[str]:
        """What went wrong and was survived."""
        return self.reader.warnings


def read_windows(
    paths: Paths,
    *,
    length: float | str = 600.0,
    sequence: int = 32,
    progress: Progress | None = None,
) -> WindowReading:
    """Read captures into one table of windows; parameters are those of `WindowReader`."""
    reader = WindowReader(paths, length=length, sequence=sequence, progress=progress)
    table = WindowTable.concatenate(list(reader), sequence).sorted()
    return WindowReading(table, reader.devices, reader)
