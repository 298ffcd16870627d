"""What a file is, by its content."""

from __future__ import annotations

import bz2
import gzip
import lzma

import pytest
import zstandard

from headwise.capture.recognise import recognise

KINDS = {
    "gzip": gzip.compress(b"x"),
    "bzip2": bz2.compress(b"x"),
    "xz": lzma.compress(b"x"),
    "zstd": zstandard.compress(b"x"),
    "parquet": b"PAR1\x15\x04",
    "pcapng": bytes.fromhex("0a0d0d0a1c000000"),
    "pcap": bytes.fromhex("d4c3b2a1020004000000000000000000"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kind_is_told_by_the_first_bytes(kind: str) -> None:
    """Each format is told from its own beginning."""
    assert recognise(KINDS[kind][:32]) == kind


@pytest.mark.parametrize(
    "magic", ["a1b2c3d4", "a1b23c4d", "4d3cb2a1", "34cdb2a1", "a1b2cd34", "ac01001c", "1c0001ac", "ab01001c", "1c0001ab"]
)
def test_every_kind_of_pcap_is_told(magic: str) -> None:
    """Both byte orders, nanoseconds, the modified record header and IXIA's are pcap."""
    assert recognise(bytes.fromhex(magic)) == "pcap"


def test_a_skippable_frame_begins_a_zstd_stream() -> None:
    """A zstd stream may begin with a frame that holds no data."""
    assert recognise(b"\x5a\x2a\x4d\x18\x04\0\0\0abcd") == "zstd"


@pytest.mark.parametrize("head", [b"", b"\x1f", b"BZhello, this is text", b"BZh", bytes(32), b"#!/bin/sh\n"])
def test_anything_else_is_unknown(head: bytes) -> None:
    """Text, zeros and fragments are no format, also where they begin like one."""
    assert recognise(head) == "unknown"
