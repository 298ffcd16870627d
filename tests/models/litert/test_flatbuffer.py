"""Reading FlatBuffers that may be hostile."""

from __future__ import annotations

import struct

import pytest

from headwise.models.litert.flatbuffer import MOST_TABLES, BrokenBuffer, Reader, Table

SCHEMA = {"Home": {0: "i", 1: "text", 2: "*i", 3: "*@Home"}}


def home(*, number: int = 7, text: bytes = b"lamp\0", values: bytes = struct.pack("<3i", 1, 2, 3)) -> bytes:
    """Return a file of one table: a number, a text and a list."""
    vtable = struct.pack("<HHHHH", 10, 16, 4, 8, 12)
    table = 16
    head = struct.pack("<I", table) + vtable + b"\0\0"
    texts = table + 16
    lists = texts + 4 + 8
    body = struct.pack("<iiII", table - 4, number, texts - (table + 8), lists - (table + 12))
    return head + body + struct.pack("<I", 4) + text.ljust(8, b"\0") + struct.pack("<I", 3) + values


def read(content: bytes) -> Table:
    """Return the root of a file."""
    return Reader(content, SCHEMA).root("Home")


def test_reads_what_is_there() -> None:
    """Numbers, texts and lists come back; what is absent has its default."""
    found = read(home())
    assert (found.number(0), found.text(1), found.numbers(2)) == (7, "lamp", (1, 2, 3))
    assert found.has(0)
    assert not found.has(3)
    assert found.tables(3) == ()
    assert found.table(3) is None
    assert found.number(3, 5) == 5


def test_nothing_outside_is_read() -> None:
    """Cut anywhere it is refused: every byte belongs to something."""
    content = home()
    for size in range(len(content)):
        with pytest.raises(BrokenBuffer):
            read(content[:size])


def test_a_text_has_an_end() -> None:
    """A text without the zero behind it is refused: a program in C would read on."""
    with pytest.raises(BrokenBuffer, match="no end"):
        read(home(text=b"lampx"))


def test_a_field_that_the_schema_lacks_is_refused() -> None:
    """What is not read here must not reach the interpreter."""
    with pytest.raises(BrokenBuffer, match="field 1 that no Home"):
        Reader(home(), {"Home": {0: "i", 2: "*i"}}).root("Home")


def chain(levels: int, many: int) -> bytes:
    """Return tables each of which lists the next one many times over."""
    vtable = struct.pack("<HHHHHH", 12, 8, 0, 0, 0, 4)
    content = struct.pack("<I", 4 + len(vtable)) + vtable
    for level in range(levels):
        place, size = len(content), many if level < levels - 1 else 0
        after = place + 12 + 4 * size
        content += struct.pack("<iII", place - 4, 4, size)
        content += b"".join(struct.pack("<I", after - (place + 12 + 4 * index)) for index in range(size))
    return content


def test_few_bytes_cannot_stand_for_many_tables() -> None:
    """Lists that name one table again and again, level upon level, end in a refusal and not in a process that hangs."""
    assert len(read(chain(3, 10)).tables(3)) == 10
    with pytest.raises(BrokenBuffer, match=f"more than {MOST_TABLES} tables"):
        read(chain(5, 60))
