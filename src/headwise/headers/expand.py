"""From what a user names to the captures to read, in order of their first packets."""

from __future__ import annotations

import ctypes
import functools
import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from headwise import native
from headwise.capture import open_blocks
from headwise.errors import CaptureError, InputError
from headwise.headers.capture_rows import ADVICE, refused
from headwise.headers.chunk import Chunk
from headwise.headers.schema import PRESENT

_LOOK_BYTES = 1 << 16
_LOOK_ROWS = 16
_CAPTURES = ("pcap", "pcapng")

PathLike = str | os.PathLike[str]


@dataclass
class Found:
    """Captures that were found.

    Attributes
    ----------
    paths : list of Path
        In order of the time of the first packet; captures without one first.
    starts : list of int or None
        Those times, ns UTC.
    sizes : list of int
        Bytes of the files; 0 for what is no regular file.
    skipped : int
        Files in folders that are no captures.
    warnings : list of str
        What was passed over, and why.
    """

    paths: list[Path] = field(default_factory=list)
    starts: list[int | None] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    skipped: int = 0
    warnings: list[str] = field(default_factory=list)


def expand(paths: PathLike | Iterable[PathLike]) -> list[Path]:
    """Return the captures that files, folders and patterns name, in order of the time of their first packet.

    Parameters
    ----------
    paths : path or iterable of paths
        A file is taken as it is. Of a folder every capture in it and below is taken, told by content; hidden files and everything
        else are passed over, header tables too unless the folder holds nothing else. A name that does not exist is a pattern
        (``*``, ``?``, ``[...]``, ``**``). ``-`` is standard input.

    Raises
    ------
    InputError
        Where a path does not exist, a pattern matches nothing, or a folder holds no capture.
    CaptureError
        Where a file that was named is no capture.
    """
    return find(paths).paths


def find(paths: PathLike | Iterable[PathLike]) -> Found:
    """Do as `expand`, and tell more of what was found."""
    named = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not named or "" in named:
        raise InputError("no capture was named", do="give a file, a folder, a pattern, or - for standard input")
    found = Found()
    entries: list[Entry] = []
    search = _Search(found)
    for name in named:
        entries += search.candidates(Path(name))
    entries.sort(key=lambda entry: (entry.start is not None, entry.start or 0))
    found.starts = [entry.start for entry in entries]
    found.paths = [entry.path for entry in entries]
    found.sizes = [entry.size for entry in entries]
    return found


class Entry(NamedTuple):
    """One capture that was found; `stored` where it is a header table."""

    start: int | None
    path: Path
    size: int
    stored: bool = False


@dataclass
class _Search:
    found: Found
    seen: set[tuple[int, int] | str] = field(default_factory=set)

    def candidates(self, path: Path) -> Iterator[Entry]:
        name = os.fspath(path)
        if name == "-":
            yield from self._stream(path)
        elif path.is_dir():
            yield from self._folder(path, needed=True)
        elif os.path.lexists(path):
            yield from self._file(path)
        else:
            yield from self._pattern(name)

    def _pattern(self, name: str) -> Iterator[Entry]:
        matches = sorted(glob.glob(name, recursive=True)) if glob.has_magic(name) else []
        if not matches:
            what = "matches no file" if glob.has_magic(name) else "no such file or folder"
            raise InputError(what, where=name, do="give a capture, a folder of captures, or a pattern")
        for match in map(Path, matches):
            yield from self._folder(match, needed=False) if match.is_dir() else self._file(match)

    def _file(self, path: Path) -> Iterator[Entry]:
        try:
            facts = path.stat()
        except (OSError, ValueError) as error:
            raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}", where=str(path)) from error
        if not stat.S_ISREG(facts.st_mode):
            yield from self._stream(path)
        elif self._new((facts.st_dev, facts.st_ino), path):
            start, stored = look(path)
            yield Entry(start, path, facts.st_size, stored)

    def _stream(self, path: Path) -> Iterator[Entry]:
        if self._new(str(path), path):
            yield Entry(None, path, 0)

    def _new(self, identity: tuple[int, int] | str, path: Path) -> bool:
        if identity in self.seen:
            self.found.warnings.append(f"{path} was named twice and is read once")
            return False
        self.seen.add(identity)
        return True

    def _folder(self, folder: Path, *, needed: bool) -> list[Entry]:
        entries: list[Entry] = []
        empty = True
        for path in _files_below(folder):
            try:
                entries += self._file(path)
                empty = False
            except CaptureError:
                self.found.skipped += 1
            except InputError as error:
                self.found.warnings.append(f"{error}; passed over")
        if needed and empty:
            raise InputError("holds no capture", where=str(folder), do="give a folder with pcap or pcapng files")
        captures = [entry for entry in entries if not entry.stored]
        if captures and len(captures) < len(entries):
            count = len(entries) - len(captures)
            self.found.warnings.append(f"{folder}: {count} header tables beside captures were passed over; they may be made of these")
            return captures
        return entries


def _files_below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file():
                yield path


def look(path: Path) -> tuple[int | None, bool]:
    """Return the time of a capture's first packet, ns UTC (None: no time near its start), and whether it is a header table.

    Raises
    ------
    InputError, CaptureError
        Where the file cannot be read or is no capture.
    """
    with open_blocks(path, window=_LOOK_BYTES) as blocks:
        if blocks.kind == "parquet":
            from headwise.headers.parquet import first_time as first_stored_time

            return first_stored_time(path), True
        if blocks.kind not in _CAPTURES:
            raise CaptureError("is not a capture", where=blocks.name, do=ADVICE)
        chunk, state, consumed = _look_chunk(), native.HwCapture(), ctypes.c_uint64()
        place = ctypes.byref(chunk.pointers), 0, _LOOK_ROWS, ctypes.byref(consumed)
        rows = native.library().hw_frames(ctypes.byref(state), blocks.address, len(blocks), blocks.final, *place)
        refused(state, blocks.name)
        timed = (chunk.columns["present"][:rows] & PRESENT["time"]) != 0
        return (int(chunk.columns["time"][:rows][timed][0]) if timed.any() else None), False


@functools.cache
def _look_chunk() -> Chunk:
    return Chunk(_LOOK_ROWS)
