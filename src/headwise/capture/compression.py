"""Decompressing streams with bounded memory: gzip, zstd, xz and bzip2 of any number of members."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Protocol

PIECE = 1 << 17
# A window larger than this is refused: memory stays bounded whatever a file asks for.
MEMORY_LIMIT = 1 << 28


class Damage(Exception):
    """A compressed stream ends early or is corrupt; what was read before is good."""


class Raw(Protocol):
    """Bytes as they are in the file."""

    def readinto(self, view: memoryview, /) -> int:
        """Fill the view from its start; 0 at the end."""


class Decompressor(Raw, Protocol):
    """Bytes as the compressed ones unfold."""

    @property
    def memory(self) -> int:
        """Bytes that decompressing takes, about."""


class Decoder(Protocol):
    """One member of a compressed stream, as `lzma` and `bz2` offer it."""

    @property
    def eof(self) -> bool:
        """Whether the member is at its end."""

    @property
    def needs_input(self) -> bool:
        """Whether it has nothing more to give without more input."""

    @property
    def unused_data(self) -> bytes:
        """What followed the member."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes."""


class Members:
    """Reads members one after another, as the compressors' own tools do.

    Parameters
    ----------
    raw : Raw
        The compressed bytes.
    name : str
        ``gzip``, ``xz`` or ``bzip2``.
    """

    def __init__(self, raw: Raw, name: str) -> None:
        self.raw, self.name = raw, name
        self.open, self.limit = _DECODERS[name]
        self.decoder = self.open()
        self.begun = self.foreign = False
        self.pending = b""
        self.piece = memoryview(bytearray(PIECE))
        self.ended = False

    @property
    def memory(self) -> int:
        """Bytes that decompressing takes, about."""
        return _MEMORY[self.name] + PIECE

    def readinto(self, view: memoryview, /) -> int:
        """Fill the view from its start; 0 at the end.

        Raises
        ------
        Damage
            Where the stream ends early or is corrupt.
        """
        while not self.ended:
            if self.foreign:
                raise self._ending(f"something other than {self.name} data follows")
            if not self.pending and self.decoder.needs_input:
                self.pending = self._read()
                if not (self.pending or self.begun):
                    break
            asked = bool(self.pending) or not self.decoder.needs_input
            out = self._decompress(min(len(view), self.limit))
            if self.decoder.eof:
                self._next_member()
            elif not out and not asked:
                raise self._ending(f"the {self.name} data ends early")
            if out:
                view[: len(out)] = out
                return len(out)
        return 0

    def _decompress(self, limit: int) -> bytes:
        data, self.pending = self.pending, b""
        try:
            out = self.decoder.decompress(data, limit)
        except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
            if isinstance(error, lzma.LZMAError) and "limit" in str(error).lower():
                raise self._ending(f"the {self.name} data needs more than {MEMORY_LIMIT >> 20} MB to decompress") from error
            raise self._ending(f"the {self.name} data is damaged") from error
        self.begun = True
        return out

    def _next_member(self) -> None:
        rest = self.decoder.unused_data.lstrip(b"\0")  # padding is allowed between members
        self.decoder, self.begun = self.open(), False
        while not rest:
            piece = self._read()
            if not piece:
                self.ended = True
                return
            rest = piece.lstrip(b"\0")
        self.pending = rest
        self.foreign = not rest.startswith(_MAGIC[self.name][: len(rest)])

    def _read(self) -> bytes:
        return bytes(self.piece[: self.raw.readinto(self.piece)])

    def _ending(self, what: str) -> Damage:
        self.ended = True
        return Damage(what)


class _Gzip:
    """A gzip member. Of a damaged one it gives every byte before the damage, which `zlib` alone withholds."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)
        self._broken: zlib.error | None = None

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not (self._inner.unconsumed_tail or self._broken)

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._broken:
            raise self._broken
        whole = self._inner.unconsumed_tail + data
        before = self._inner.copy()
        try:
            return self._inner.decompress(whole, max_length)
        except zlib.error as error:
            self._broken = error
            good = _before_damage(before, whole)
            if not good:
                raise
            return good


def _before_damage(decoder: zlib._Decompress, data: bytes) -> bytes:
    good, at = bytearray(), 0
    for step in (1024, 32, 1):
        while at < len(data):
            attempt = decoder.copy()
            try:
                good += attempt.decompress(data[at : at + step])
            except zlib.error:
                break
            decoder, at = attempt, at + step
    return bytes(good)


# How to open a member, and how many bytes to ask for at once: what a damaged xz or bzip2 member gives in the call that
# finds the damage is lost, so their steps are small (they are slow enough for that not to show).
_DECODERS: dict[str, tuple[Callable[[], Decoder], int]] = {
    "gzip": (_Gzip, 1 << 16),
    "xz": (lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, MEMORY_LIMIT), 1 << 11),
    "bzip2": (bz2.BZ2Decompressor, 1 << 11),
}
_MAGIC = {"gzip": b"\x1f\x8b", "xz": b"\xfd7zXZ", "bzip2": b"BZh"}
# What each takes at the compressors' default or highest usual setting.
_MEMORY = {"gzip": 1 << 16, "xz": 9 << 20, "bzip2": 4 << 20}


def decompressed(raw: Raw, name: str) -> Decompressor:
    """Return a reader of what the compressed bytes of `raw` hold."""
    if name == "zstd":
        from headwise.capture.zstd import Frames  # loads a library that plain captures do not need

        return Frames(raw)
    return Members(raw, name)
