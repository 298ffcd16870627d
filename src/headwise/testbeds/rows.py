"""Tables that a person wrote: comma-separated rows, read with the row and column of each mistake."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from headwise.errors import InputError

MOST_BYTES = 64 << 20
MOST_LETTERS = 200


@dataclass(frozen=True)
class Row:
    """One row of a table, with the place to name in an error.

    Attributes
    ----------
    where : str
        File and row, as ``home/devices.csv, row 3``; the heading is row 1.
    cells : dict of str to str
        Text by column, without blanks around it; columns that the row lacks are empty.
    """

    where: str
    cells: dict[str, str]

    def text(self, column: str, *, required: bool = True) -> str:
        """Return a cell.

        Raises
        ------
        InputError
            Where it is empty but required, too long, or holds control characters.
        """
        value = self.cells.get(column, "")
        if required and not value:
            raise self.error(column, "is empty")
        if column != "notes" and len(value) > MOST_LETTERS:
            raise self.error(column, f"has {len(value)} letters, more than {MOST_LETTERS}")
        if any(not letter.isprintable() for letter in value):
            raise self.error(column, "holds control characters")
        return value

    def error(self, column: str, what: str, do: str = "correct the table") -> InputError:
        """Return the error for a cell of this row."""
        return InputError(f"column '{column}' {what}", where=self.where, do=do)


def read_rows(path: Path, required: Sequence[str]) -> list[Row]:
    """Read a table with a heading.

    Parameters
    ----------
    path : Path
        The file, UTF-8.
    required : sequence of str
        Columns that the heading must name; others are kept as they are.

    Raises
    ------
    InputError
        Where the file is missing, is no such table, or lacks a column.
    """
    try:
        lines = iter(csv.reader(_lines(path)))
        heading = [name.strip().lower() for name in next(lines, [])]
        _check_heading(path, heading, required)
        return list(_rows(path, heading, lines))
    except csv.Error as error:
        raise InputError(f"is no comma-separated table: {error}", where=str(path), do="correct the table") from error


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"is larger than {MOST_BYTES >> 20} MB", where=str(path), do="give a smaller table")
        content = path.read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise InputError(what, where=str(path), do="see the layout of a test-bed in docs/models.md") from error
    try:
        return content.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise InputError("is not UTF-8", where=f"{path}, row {row}", do="save the table as UTF-8") from error


def _check_heading(path: Path, heading: list[str], required: Sequence[str]) -> None:
    where = f"{path}, row 1"
    for name in required:
        if name not in heading:
            raise InputError(f"has no column '{name}'", where=where, do=f"start the table with {','.join(required)}")
    for name in heading:
        if name and heading.count(name) > 1:
            raise InputError(f"has column '{name}' twice", where=where, do="name each column once")


def _rows(path: Path, heading: list[str], lines: Iterator[list[str]]) -> Iterator[Row]:
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        where = f"{path}, row {number}"
        if len(cells) > len(heading):
            raise InputError(f"has {len(cells)} cells but the heading {len(heading)}", where=where, do="quote cells that hold a comma")
        yield Row(where, {name: cell.strip() for name, cell in zip(heading, cells, strict=False)})
