"""The bytes of a protocol-buffers message, field by field: what ONNX files are made of. Needs no package, runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
Field = tuple[int, int | bytes]

RUNS = re.compile(rb"(?:=.{4})++|(?:@[\x80-\xff]{0,9}[\x00-\x7f])++|(?:J\nBRANCH_LEQ|J\x04LEAF)++", re.DOTALL)
"""Runs of an ONNX attribute's numbers (fields 7 and 8, one key each) and of the two words of a tree's nodes (field 9): a forest
holds a million of them."""
_INNER, _LEAF = b"J\nBRANCH_LEQ", b"J\x04LEAF"


def fields(content: bytes, runs: re.Pattern[bytes] | None = None) -> Iterator[Field]:
    """Yield the fields of a message: their number, and a number or bytes.

    Parameters
    ----------
    content : bytes
        The message.
    runs : pattern, optional
        What of it comes in one piece, with the keys in it, under the number of its first field.

    Raises
    ------
    ValueError, IndexError
        Where it is cut or no message.
    """
    place = 0
    while place < len(content):
        if runs and (run := runs.match(content, place)):
            yield content[place] >> 3, run.group()
            place = run.end()
            continue
        key, place = _varint(content, place)
        kind = key & 7
        if kind == VARINT:
            value, place = _varint(content, place)
            yield key >> 3, value
            continue
        if kind == BYTES:
            size, place = _varint(content, place)
        else:
            size = {FIXED64: 8, FIXED32: 4}.get(kind, -1)
        if size < 0 or place + size > len(content):
            raise ValueError("a field that is cut or of an unknown kind")
        yield key >> 3, content[place : place + size]
        place += size


def message(value: int | bytes) -> bytes:
    """Return a field that holds a message or a text."""
    if isinstance(value, int):
        raise ValueError("a number where a message belongs")
    return value


def inside(content: bytes, wanted: int) -> Iterator[bytes]:
    """Yield the messages in the fields of one number."""
    return (message(value) for number, value in fields(content) if number == wanted)


def floats_of(run: bytes) -> np.ndarray:
    """Return the float32 numbers of a run of them."""
    return np.frombuffer(run, np.dtype([("key", "u1"), ("value", "<f4")]))["value"].astype(np.float32)


def integers_of(run: bytes) -> np.ndarray:
    """Return the int64 numbers of a run of them."""
    content = np.frombuffer(run, np.uint8)
    # Each number of up to ten bytes ends with one below 128, and so does each key, which is one byte.
    ends = np.flatnonzero(content < 0x80)[1::2]
    starts = np.concatenate([[0], ends[:-1] + 1]) + 1
    lengths = ends - starts + 1
    value = np.zeros(len(ends), np.uint64)
    for byte in range(int(lengths.max(initial=0))):
        has = lengths > byte
        value[has] |= (content[starts[has] + byte] & np.uint64(0x7F)).astype(np.uint64) << np.uint64(7 * byte)
    return value.view(np.int64)


def leaves_of(run: bytes) -> np.ndarray:
    """Return which words of a run of a tree's are ``LEAF``."""
    return np.frombuffer(run.replace(_INNER, b"\0").replace(_LEAF, b"\1"), np.uint8).astype(bool)


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = content[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise ValueError("a number of more than ten bytes")
