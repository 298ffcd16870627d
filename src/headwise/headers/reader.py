"""Reading captures into batches of header rows."""

from __future__ import annotations

import contextlib
import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from headwise.headers.batch import HeaderBatch
from headwise.headers.chunk import ROWS
from headwise.headers.expand import PathLike, find
from headwise.headers.merging import Source, Waiting, merged
from headwise.headers.repeats import RepeatRule, rule_for
from headwise.headers.room import Room
from headwise.headers.schema import CUT, MALFORMED, PRESENT
from headwise.headers.source import OpenCapture

Progress = Callable[[int, int | None], None]


class HeaderReader:
    """Reads captures in order of time; an iterable of `HeaderBatch`.

    Parameters
    ----------
    paths : path or iterable of paths
        Files, folders and patterns, as `headwise.headers.expand` takes them; ``-`` is standard input. A header table that was written
        by `headwise headers` is read as well.
    batch_rows : int, optional
        Most rows of a batch.
    progress : callable, optional
        Called with the bytes read so far and all bytes (None where unknown).
    merge : bool
        Whether captures that overlap are merged by time. Otherwise one is read after another, and every batch is of one capture.
    repeats : callable
        Tells by the link types of a capture's interfaces how repeats are searched for: `headwise.headers.repeats.rule_for`.

    Attributes
    ----------
    paths : list of Path
        The captures, in order of their first packets; `HeaderBatch.capture` is an index of it.
    packets : int
        Packets dealt with so far: rows and counted ones.
    rows : int
        Rows given so far.
    counted : dict of str to int
        Packets that are no rows, by reason. At the end ``packets == rows + sum(counted.values())``.
    remarks : dict of str to int
        What was odd in rows: headers cut by the snap length, impossible headers, no time, out of order.
    first_time, last_time : int or None
        Times of the earliest and latest row so far, ns UTC.
    warnings : list of str
        What a user should know: files that end early, are damaged, or were passed over.

    Raises
    ------
    InputError, CaptureError
        Where a path cannot be read or is no capture; at once, or for a pipe when it is read.
    """

    def __init__(
        self,
        paths: PathLike | Iterable[PathLike],
        *,
        batch_rows: int = ROWS,
        progress: Progress | None = None,
        merge: bool = True,
        repeats: RepeatRule = rule_for,
    ) -> None:
        self.found = find(paths)
        self.paths: list[Path] = self.found.paths
        self.batch_rows, self.progress, self.merge = batch_rows, progress, merge
        self.repeats = repeats
        self._begin()

    def _begin(self) -> None:
        self.rows = 0
        self.first_time: int | None = None
        self.last_time: int | None = None
        self._done = False
        self.captures: list[OpenCapture] = []
        self._flags: Counter[str] = Counter()
        self._notes = list(self.found.warnings)
        if self.found.skipped:
            self._notes.append(f"{self.found.skipped} files in folders are no captures and were passed over")

    @property
    def packets(self) -> int:
        """Packets dealt with so far."""
        if self._done:
            return sum(capture.packets for capture in self.captures)
        return self.rows + sum(self.counted.values())

    @property
    def counted(self) -> dict[str, int]:
        """Packets that are no rows, by reason."""
        total = Counter[str]()
        for capture in self.captures:
            total.update(capture.counted)
        return dict(total)

    @property
    def anonymized(self) -> bool:
        """Whether any rows come from a header table with pseudonyms for addresses."""
        return any(capture.anonymized for capture in self.captures)

    @property
    def remarks(self) -> dict[str, int]:
        """What was odd in rows, by kind."""
        late = sum(capture.out_of_order for capture in self.captures)
        return {name: count for name, count in {**self._flags, "out_of_order": late}.items() if count}

    @property
    def warnings(self) -> list[str]:
        """What a user should know."""
        return self._notes + [f"{c.name}: {c.warning}" for c in self.captures if c.warning]

    def __iter__(self) -> Iterator[HeaderBatch]:
        """Read; columns of a batch are valid until the next one is asked for."""
        self._begin()
        with contextlib.ExitStack() as files:
            for batch in self._batches(files):
                self.rows += batch.rows
                self._remark(batch)
                if self.progress:
                    self.progress(*self._read_so_far())
                yield batch
        self._done = True

    def _batches(self, files: contextlib.ExitStack) -> Iterator[HeaderBatch]:
        room = Room(self.batch_rows, self.repeats)
        files.callback(room.close)
        waiting = [Waiting(number, start, functools.partial(self._open, number, room)) for number, start in enumerate(self.found.starts)]
        if self.merge:
            yield from merged(waiting, self.batch_rows)
        else:
            for one in waiting:
                yield from merged([one], self.batch_rows)

    def _open(self, number: int, room: Room) -> Source:
        capture, source = room.open(self.paths[number])
        self.captures.append(capture)
        return source

    def _remark(self, batch: HeaderBatch) -> None:
        seen = batch.survey
        if seen.some & (CUT | MALFORMED):
            for bit, name in ((CUT, "header_cut"), (MALFORMED, "header_malformed")):
                self._flags[name] += int(np.count_nonzero(batch["present"] & bit))
        if not seen.all & PRESENT["time"]:
            self._flags["no_time"] += batch.rows - int(np.count_nonzero(batch["present"] & PRESENT["time"]))
        lowest, highest = seen.lowest, seen.highest
        if lowest <= highest:
            self.first_time = lowest if self.first_time is None else min(lowest, self.first_time)
            self.last_time = highest if self.last_time is None else max(highest, self.last_time)

    def _read_so_far(self) -> tuple[int, int | None]:
        done = sum(capture.blocks.read for capture in self.captures)
        return done, sum(self.found.sizes) if all(self.found.sizes) else None
