"""The key file of anonymisation."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from headwise.durable import create_private
from headwise.errors import InputError

KEY_BYTES = 32


def make_key(path: str | os.PathLike[str]) -> None:
    """Write a new random key, as 64 hexadecimal digits, to a file that only its owner can read.

    Raises
    ------
    InputError
        Where the file exists.
    SystemFailure
        Where it cannot be written.
    """
    create_private(path, f"{secrets.token_hex(KEY_BYTES)}\n".encode())


def read_key(path: str | os.PathLike[str]) -> tuple[bytes, str]:
    """Return the key in a file, 32 bytes or 64 hexadecimal digits, and a warning where others can read it.

    Raises
    ------
    InputError
        Where the file cannot be read or holds no key.
    """
    where = str(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(4096)
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=where, do="headwise headers --make-key makes one") from error
    key = _key(data)
    if key is None or not any(key):
        raise InputError("holds no key of 32 bytes or 64 hexadecimal digits", where=where, do="make one with headwise headers --make-key")
    open_to = stat.S_ISREG(mode) and mode & 0o077
    return key, f"{where} can be read by others; run: chmod 600 {where}" if open_to else ""


def _key(data: bytes) -> bytes | None:
    if len(data) == KEY_BYTES:
        return data
    try:
        key = bytes.fromhex(data.decode("ascii").strip())
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None
