"""FlatBuffers, read so that no byte outside the file is ever touched: what LiteRT's interpreter takes on trust.

Format: https://flatbuffers.dev/internals. A table begins with the distance back to its field list (vtable), which gives each
field's place in the table, 0 where it is absent; vectors, texts and tables are referred to by distances forward.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

Kind = str
"""Of a field: ``b B h H i I q Q f`` (a number), ``*i`` and so on (numbers), ``bytes``, ``text``, ``@Name`` (a table), ``*@Name``
(tables), ``union`` (a table of a kind that another field names)."""

Schema = Mapping[str, Mapping[int, Kind]]
"""Fields of each kind of table, by number. A file with any other field is refused: nothing unread goes to the interpreter."""

MOST_TABLES = 50_000
MOST_ENTRIES = 50_000
MOST_LETTERS = 1000
_VTABLE_HEAD = 4


class BrokenBuffer(ValueError):
    """The bytes are no whole FlatBuffer of the schema."""


class Reader:
    """A file and what may be in it.

    Parameters
    ----------
    content : bytes
        Untrusted.
    schema : Schema
        All kinds of tables.
    """

    def __init__(self, content: bytes, schema: Schema) -> None:
        self.content, self.schema = content, schema
        self._tables = 0

    def root(self, kind: str) -> Table:
        """Return the table that the file begins with.

        Raises
        ------
        BrokenBuffer
            Where anything points outside the file, or is not in the schema.
        """
        return Table(self, self.follow(0), kind)

    def count(self) -> None:
        """Count a table: few bytes may refer to the same ones again and again."""
        self._tables += 1
        if self._tables > MOST_TABLES:
            raise BrokenBuffer(f"more than {MOST_TABLES} tables")

    def follow(self, place: int) -> int:
        """Return what a reference refers to."""
        distance = self.unpack("I", place)
        if not distance:
            raise BrokenBuffer("a reference to nothing")
        return int(place + distance)

    def unpack(self, kind: str, place: int) -> Any:
        """Return the number at a place."""
        self.inside(place, _SIZES[kind])
        return struct.unpack_from(f"<{kind}", self.content, place)[0]

    def inside(self, place: int, size: int) -> None:
        """Check that bytes are in the file."""
        if place < 0 or place + size > len(self.content):
            raise BrokenBuffer("a reference to outside the file")


class Table:
    """A table; all that it refers to lies inside the file.

    Parameters
    ----------
    reader : Reader
        Of the file.
    place : int
        Where the table begins.
    kind : str
        Its name in the schema.
    """

    def __init__(self, reader: Reader, place: int, kind: str) -> None:
        reader.count()
        self._reader, self._place, self._kind = reader, place, kind
        self._fields = reader.schema[kind]
        self._places = self._read_places()
        self._values = {number: self._value(number) for number in self._places}

    def has(self, number: int) -> bool:
        """Say whether a field is there."""
        return number in self._values

    def number(self, number: int, default: int = 0) -> int:
        """Return a field that is a whole number; its default where it is absent."""
        return int(self._values.get(number, default))

    def text(self, number: int) -> str:
        """Return a field that is text; empty where it is absent."""
        return str(self._values.get(number, ""))

    def numbers(self, number: int) -> tuple[Any, ...]:
        """Return a field that is a vector of numbers; none where it is absent."""
        return tuple(self._values.get(number, ()))

    def span(self, number: int) -> tuple[int, int]:
        """Return where the bytes of a field begin, and how many there are."""
        found: tuple[int, int] = self._values.get(number, (0, 0))
        return found

    def table(self, number: int) -> Table | None:
        """Return a field that is a table; None where it is absent."""
        return self._values.get(number)

    def union(self, number: int, kind: str) -> Table | None:
        """Return a field that is a table of a kind that another field names."""
        return Table(self._reader, self._values[number], kind) if number in self._values else None

    def tables(self, number: int) -> tuple[Table, ...]:
        """Return a field that is a vector of tables; none where it is absent."""
        return tuple(self._values.get(number, ()))

    def _read_places(self) -> dict[int, int]:
        vtable = self._place - self._reader.unpack("i", self._place)
        size, inline = self._reader.unpack("H", vtable), self._reader.unpack("H", vtable + 2)
        if size % 2 or size < _VTABLE_HEAD or inline < _VTABLE_HEAD:
            raise BrokenBuffer("a list of fields of an impossible size")
        self._reader.inside(vtable, size)
        self._reader.inside(self._place, inline)
        self._end = self._place + inline
        offsets = struct.unpack_from(f"<{(size - _VTABLE_HEAD) // 2}H", self._reader.content, vtable + _VTABLE_HEAD)
        return {number: self._place + offset for number, offset in enumerate(offsets) if offset}

    def _value(self, number: int) -> Any:
        kind, place = self._fields.get(number), self._places[number]
        if kind is None:
            raise BrokenBuffer(f"a field {number} that no {self._kind} of ours has")
        if place + _SIZES.get(kind, 4) > self._end:
            raise BrokenBuffer("a field outside its table")
        if kind in _SIZES:
            return self._reader.unpack(kind, place)
        place = self._reader.follow(place)
        if kind == "union":
            return place
        return Table(self._reader, place, kind[1:]) if kind.startswith("@") else self._list(kind, place)

    def _list(self, kind: str, place: int) -> Any:
        count = self._reader.unpack("I", place)
        if kind == "bytes":
            self._reader.inside(place + 4, count)
            return place + 4, count
        if kind == "text":
            return self._text(place + 4, count)
        size = 4 if kind.startswith("*@") else _SIZES[kind[1:]]
        if count > MOST_ENTRIES or (place + 4) % min(size, 4):
            raise BrokenBuffer("a list that is too long or not aligned")
        self._reader.inside(place + 4, count * size)
        if kind.startswith("*@"):
            return [Table(self._reader, self._reader.follow(place + 4 + 4 * index), kind[2:]) for index in range(count)]
        return struct.unpack_from(f"<{count}{kind[1:]}", self._reader.content, place + 4)

    def _text(self, start: int, count: int) -> str:
        self._reader.inside(start, count + 1)
        if count > MOST_LETTERS or self._reader.content[start + count]:
            raise BrokenBuffer("a text that is too long or has no end")
        return self._reader.content[start : start + count].decode()


_SIZES = {"b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "f": 4, "q": 8, "Q": 8}
