"""Decompressing zstd streams of any number of frames (RFC 8878) with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

import zstandard

from headwise.capture.compression import MEMORY_LIMIT, PIECE, Damage, Raw

_MAGIC = b"\x28\xb5\x2f\xfd"
_LARGEST_BLOCK = 1 << 17


class Frames:
    """Reads frames one after another; skippable frames are passed over.

    The library is given a block at a time: what it returns is then at most 128 KB, a cut frame is told from a whole one, and
    damage takes no more than its own block.

    Parameters
    ----------
    raw : Raw
        The compressed bytes.
    """

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.piece = memoryview(bytearray(PIECE))
        self.at = self.end = 0
        self.blocks = self._blocks()
        self.held = b""
        self.window = 0

    @property
    def memory(self) -> int:
        """Bytes that decompressing takes, about."""
        return self.window + PIECE + 2 * _LARGEST_BLOCK

    def readinto(self, view: memoryview, /) -> int:
        """Fill the view from its start; 0 at the end.

        Raises
        ------
        Damage
            Where the stream ends early or is corrupt.
        """
        if not self.held:
            self.held = next((block for block in self.blocks if block), b"")
        part = self.held[: len(view)]
        view[: len(part)] = part
        self.held = self.held[len(part) :]
        return len(part)

    def _blocks(self) -> Iterator[bytes]:
        first = True
        while magic := self._take(4, whole=False):
            if magic == _MAGIC:
                yield from self._frame()
            elif magic[1:] == b"\x2a\x4d\x18":
                self._pass(int.from_bytes(self._take(4), "little"))
            else:
                raise Damage("the zstd data is damaged" if first else "something other than zstd data follows")
            first = False

    def _frame(self) -> Iterator[bytes]:
        descriptor = self._take(1)
        single, checked = descriptor[0] >> 5 & 1, descriptor[0] >> 2 & 1
        size = (1 - single) + (0, 1, 2, 4)[descriptor[0] & 3] + (single, 2, 4, 8)[descriptor[0] >> 6]
        decoder = zstandard.ZstdDecompressor(max_window_size=MEMORY_LIMIT >> 1).decompressobj()
        header = _MAGIC + descriptor + self._take(size)
        self.window = zstandard.get_frame_parameters(header).window_size
        yield _decode(decoder, header)
        last = False
        while not last:
            head = self._take(3)
            last, kind, length = bool(head[0] & 1), head[0] >> 1 & 3, int.from_bytes(head, "little") >> 3
            if length > _LARGEST_BLOCK:
                raise Damage("the zstd data is damaged")
            yield _decode(decoder, head + self._take(1 if kind == 1 else length))
        if checked:
            yield _decode(decoder, self._take(4))

    def _take(self, count: int, *, whole: bool = True) -> bytes:
        taken = bytes(self.piece[self.at : min(self.end, self.at + count)])
        self.at += len(taken)
        while len(taken) < count:
            self.at, self.end = 0, self.raw.readinto(self.piece)
            if not self.end:
                if whole or taken:
                    raise Damage("the zstd data ends early")
                break
            more = bytes(self.piece[: min(self.end, count - len(taken))])
            self.at = len(more)
            taken += more
        return taken

    def _pass(self, count: int) -> None:
        while count:
            count -= len(self._take(min(count, PIECE)))


def _decode(decoder: zstandard.ZstdDecompressionObj, data: bytes) -> bytes:
    try:
        return decoder.decompress(data)
    except zstandard.ZstdError as error:
        if "memory" in str(error):
            raise Damage(f"the zstd data needs more than {MEMORY_LIMIT >> 21} MB to decompress") from error
        raise Damage("the zstd data is damaged") from error
