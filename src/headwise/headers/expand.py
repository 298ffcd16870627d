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
        A file is taken as it is. Of a folder every capture in it and below is taken, told by content; hidden files and everything else
        are passed over. A name that does not exist is a pattern (``*``, ``?``, ``[...]``, ``**``). ``-`` is standard input.

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
    if not named:
        raise InputError("no capture was named", do="give a file, a folder, a pattern, or - for standard input")
    found = Found()
    entries: list[tuple[int | None, Path, int]] = []
    seen: set[tuple[int, int] | str] = set()
    for name in named:
        entries += _candidates(Path(name), found, seen)
    entries.sort(key=lambda entry: (entry[0] is not None, entry[0] or 0))
    found.starts = [start for start, _, _ in entries]
    found.paths = [path for _, path, _ in entries]
    found.sizes = [size for _, _, size in entries]
    return found


def _candidates(path: Path, found: Found, seen: set[tuple[int, int] | str]) -> Iterator[tuple[int | None, Path, int]]:
    if str(path) == "-":
        yield from _once("-", path, found, seen, lambda: (None, path, 0))
    elif path.is_dir():
        yield from _folder(path, found, seen)
    elif os.path.lexists(path):
        yield from _file(path, found, seen)
    else:
        matches = sorted(glob.glob(os.fspath(path), recursive=True)) if glob.has_magic(os.fspath(path)) else []
        if not matches:
            what = "matches no file" if glob.has_magic(os.fspath(path)) else "no such file or folder"
            raise InputError(what, where=str(path), do="give a capture, a folder of captures, or a pattern")
        for match in map(Path, matches):
            yield from _folder(match, found, seen, needed=False) if match.is_dir() else _file(match, found, seen)


def _once(identity, path, found, seen, entry):  # type: ignore[no-untyped-def]
    if identity in seen:
        found.warnings.append(f"{path} was named twice and is read once")
        return
    seen.add(identity)
    yield entry()


def _file(path: Path, found: Found, seen: set[tuple[int, int] | str]) -> Iterator[tuple[int | None, Path, int]]:
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}", where=str(path)) from error
    if stat.S_ISREG(facts.st_mode):
        yield from _once((facts.st_dev, facts.st_ino), path, found, seen, lambda: (first_time(path), path, facts.st_size))
    else:
        yield from _once(str(path), path, found, seen, lambda: (None, path, 0))


def _folder(
    folder: Path, found: Found, seen: set[tuple[int, int] | str], *, needed: bool = True
) -> Iterator[tuple[int | None, Path, int]]:
    count = 0
    for path in _files_below(folder):
        try:
            for entry in _file(path, found, seen):
                count += 1
                yield entry
        except CaptureError:
            found.skipped += 1
        except InputError as error:
            found.warnings.append(f"{error}; passed over")
    if needed and not count and not seen:
        raise InputError("holds no capture", where=str(folder), do="give a folder with pcap or pcapng files")


def _files_below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file():
                yield path


def first_time(path: Path) -> int | None:
    """Return the time of the first packet of a capture, ns UTC; None where it has none near its start.

    Raises
    ------
    InputError, CaptureError
        Where the file cannot be read or is no capture.
    """
    with open_blocks(path, window=_LOOK_BYTES) as blocks:
        if blocks.kind == "parquet":
            from headwise.headers.parquet import first_time as first_stored_time

            return first_stored_time(path)
        if blocks.kind not in _CAPTURES:
            raise CaptureError("is not a capture", where=blocks.name, do=ADVICE)
        chunk, state, consumed = _look_chunk(), native.HwCapture(), ctypes.c_uint64()
        place = ctypes.byref(chunk.pointers), 0, _LOOK_ROWS, ctypes.byref(consumed)
        rows = native.library().hw_frames(ctypes.byref(state), blocks.address, len(blocks), blocks.final, *place)
        refused(state, blocks.name)
        timed = (chunk.columns["present"][:rows] & PRESENT["time"]) != 0
        return int(chunk.columns["time"][:rows][timed][0]) if timed.any() else None


@functools.cache
def _look_chunk() -> Chunk:
    return Chunk(_LOOK_ROWS)
