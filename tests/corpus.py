"""Files of the parser corpus, decompressed, and what their index and their reference say of them."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import zstandard


def capture_bytes(path: Path) -> bytes:
    """Return a file's bytes, decompressed by what they begin with."""
    data = path.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if data.startswith(b"BZh"):
        return bz2.decompress(data)
    if data.startswith(b"\xfd7zXZ\x00"):
        return lzma.decompress(data)
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        with zstandard.ZstdDecompressor().stream_reader(data) as stream:
            return stream.read()
    return data


@cache
def index(data: Path) -> list[dict[str, str]]:
    """Return the corpus's index, a dictionary a file."""
    with (data / "parser-corpus" / "INDEX.csv").open(newline="") as rows:
        return list(csv.DictReader(rows))


def corpus_files(data: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and decompressed bytes of each file."""
    for row in index(data):
        yield row["file"], capture_bytes(data / "parser-corpus" / row["file"])


@cache
def reference(data: Path) -> dict[str, list[dict[str, str]]]:
    """Return what tshark reads, a list of packets a file; its numbered records that are no packets are left out."""
    packets: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (data / "parser-corpus" / "reference.csv.zst").open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        for row in csv.DictReader(io.TextIOWrapper(stream, "utf-8", newline="")):
            if row["is_packet"] != "0":
                packets[row["file"]].append(row)
    return packets
