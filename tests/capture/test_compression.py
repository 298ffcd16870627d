"""Decompression of streams: whole, in members, cut, damaged, and of a bomb."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random

import pytest
import zstandard

from headwise.capture.compression import Damage, decompressed


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


COMPRESS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "zstd": _zstd}
# What the library of each gives of a damaged block it keeps to itself.
LOST = {"gzip": 0, "bzip2": 1_000_000, "xz": 2048, "zstd": 131_072}
NAMES = pytest.mark.parametrize("name", COMPRESS)


class Dripping:
    """Gives at most `most` bytes at a time."""

    def __init__(self, data: bytes, most: int = 1 << 20) -> None:
        self.file, self.most = io.BytesIO(data), most

    def readinto(self, view: memoryview, /) -> int:
        """Fill the view from its start."""
        return self.file.readinto(view[: self.most])


def content(size: int = 300_000) -> bytes:
    """Return bytes that compress to about a third."""
    chance = random.Random(5)
    return b"".join(bytes([chance.randrange(20)]) * chance.randrange(1, 9) for _ in range(size // 4))


def unfold(data: bytes, name: str, *, most: int = 1 << 20, window: int = 1 << 16) -> tuple[bytes, str]:
    """Return what comes out, and the damage that ended it."""
    stream, out, buffer = decompressed(Dripping(data, most), name), bytearray(), bytearray(window)
    try:
        while count := stream.readinto(memoryview(buffer)):
            out += buffer[:count]
    except Damage as damage:
        return bytes(out), str(damage)
    assert stream.readinto(memoryview(buffer)) == 0
    return bytes(out), ""


@NAMES
@pytest.mark.parametrize(("most", "window"), [(1, 1 << 16), (777, 100), (1 << 20, 1 << 20)])
def test_what_went_in_comes_out(name: str, most: int, window: int) -> None:
    """Neither the pieces that come nor the room that is given makes a difference."""
    data = content(20_000)
    assert unfold(COMPRESS[name](data), name, most=most, window=window) == (data, "")


@NAMES
def test_members_follow_each_other(name: str) -> None:
    """A stream of several members gives them one behind the other, empty ones too."""
    compress = COMPRESS[name]
    assert unfold(compress(b"one") + compress(b"") + compress(b"two"), name) == (b"onetwo", "")


@pytest.mark.parametrize("name", ["gzip", "xz"])
def test_padding_behind_a_member_is_nothing(name: str) -> None:
    """Zeros behind a member, as tapes and disks leave them, are passed over."""
    assert unfold(COMPRESS[name](b"one") + bytes(512), name) == (b"one", "")


@NAMES
def test_what_follows_that_is_no_member_is_told(name: str) -> None:
    """Other bytes behind the last member end the stream; everything before is given."""
    assert unfold(COMPRESS[name](b"one") + b"and something else", name) == (b"one", f"something other than {name} data follows")


@NAMES
@pytest.mark.parametrize("kept", [0.3, 0.7, 0.99])
def test_cut_stream_gives_its_beginning(name: str, kept: float) -> None:
    """What can be had of a stream that ends early is given, and the end is told."""
    data = content()
    packed = COMPRESS[name](data)
    out, damage = unfold(packed[: int(kept * len(packed))], name)
    assert data.startswith(out)
    assert damage == f"the {name} data ends early"
    assert len(out) >= kept * len(data) - max(LOST[name], 70_000)


@NAMES
def test_stream_without_its_last_byte_gives_all(name: str) -> None:
    """Where only the end mark is missing, no byte is lost."""
    data = content(50_000)
    assert unfold(COMPRESS[name](data)[:-1], name) == (data, f"the {name} data ends early")


@NAMES
def test_damaged_stream_gives_what_was_before(name: str) -> None:
    """Changed bytes in the middle end the stream there."""
    data = content()
    packed = bytearray(COMPRESS[name](data))
    middle = len(packed) // 2
    packed[middle : middle + 40] = bytes(value ^ 0xFF for value in packed[middle : middle + 40])
    out, damage = unfold(bytes(packed), name)
    assert damage == f"the {name} data is damaged"
    same = next((at for at, pair in enumerate(zip(out, data, strict=False)) if pair[0] != pair[1]), len(out))
    assert same >= len(data) // 2 - LOST[name] - 70_000


@pytest.mark.parametrize(("name", "place"), [("gzip", -6), ("zstd", -2)])
def test_wrong_checksum_loses_nothing(name: str, place: int) -> None:
    """A stream whose checksum alone is wrong gives every byte."""
    packed = bytearray(COMPRESS[name](b"some packets" * 100))
    packed[place] ^= 1
    assert unfold(bytes(packed), name) == (b"some packets" * 100, f"the {name} data is damaged")


@NAMES
def test_bomb_unfolds_in_small_pieces(name: str) -> None:
    """A stream that unfolds a thousandfold never gives more than there is room for."""
    packed = COMPRESS[name](bytes(1 << 24))
    stream, buffer = decompressed(Dripping(packed), name), bytearray(4096)
    assert len(packed) < 1 << 16
    assert 0 < stream.readinto(memoryview(buffer)) <= 4096
    assert stream.memory < 1 << 24


def test_window_larger_than_the_limit_is_refused() -> None:
    """A zstd frame that asks for half a gigabyte of memory is refused in words."""
    frame = b"\x28\xb5\x2f\xfd" + bytes([0, 19 << 3]) + b"\x01\0\0"
    assert unfold(frame, "zstd") == (b"", "the zstd data needs more than 128 MB to decompress")
