"""The only writer of files: written beside, synced, renamed, so that a file is whole or absent."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from headwise.errors import InputError, SystemFailure


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a binary file that takes the place of `path` when the block ends without an error.

    Of a symbolic link what it leads to is replaced, not the link.

    Raises
    ------
    InputError
        Where `path` is a folder or a device.
    SystemFailure
        Where the folder is missing or cannot be written, or the disk is full.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        what = "is a folder" if target.is_dir() else "is no regular file"
        raise InputError(f"{what}, and cannot be replaced", where=str(path), do="name a file")
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise SystemFailure(f"cannot write: {error.strerror}", where=str(target)) from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise SystemFailure(f"cannot write: {error.strerror or error}", where=str(target)) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create_private(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a new file that only its owner can read.

    Raises
    ------
    InputError
        Where it exists already.
    SystemFailure
        Where it cannot be written.
    """
    where = str(path)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise InputError("exists already", where=where, do="choose another name, or remove it first") from error
    except OSError as error:
        raise SystemFailure(f"cannot write: {error.strerror or error}", where=where) from error
