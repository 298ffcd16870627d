"""Tables that a person wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from headwise.errors import InputError
from headwise.testbeds.rows import read_rows


def table(folder: Path, content: bytes | str) -> Path:
    """Write a table and return its path."""
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_reads_what_spreadsheets_write(tmp_path: Path) -> None:
    """A byte order mark, quoted cells, blanks, empty lines, other columns and Windows line ends are no trouble."""
    path = table(tmp_path, b'\xef\xbb\xbfName, Colour,size\r\n"a, b", red ,1\r\n\r\n,,\r\nc,blue\r\n')
    rows = read_rows(path, ["name", "colour"])
    assert [row.cells for row in rows] == [{"name": "a, b", "colour": "red", "size": "1"}, {"name": "c", "colour": "blue"}]
    assert [row.where for row in rows] == [f"{path}, row 2", f"{path}, row 5"]


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (b"", "row 1", "no column 'name'"),
        (b"colour\nred\n", "row 1", "no column 'name'"),
        (b"name,colour,name\n", "row 1", "'name' twice"),
        (b"name,colour\na,red,large\n", "row 2", "3 cells but the heading 2"),
        (b"name,colour\na,red\nb,\xff\n", "row 3", "not UTF-8"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, content: bytes, where: str, what: str) -> None:
    """What is no such table is refused with the row and what is wrong there."""
    with pytest.raises(InputError) as caught:
        read_rows(table(tmp_path, content), ["name", "colour"])
    assert where in caught.value.where
    assert what in caught.value.what


@pytest.mark.parametrize(("cell", "what"), [("", "is empty"), ("x" * 201, "201 letters"), ("a\x1b[31m", "control characters")])
def test_a_cell_that_cannot_be_a_name_is_refused(tmp_path: Path, cell: str, what: str) -> None:
    """Empty, endless and unprintable cells are refused with their column."""
    row = read_rows(table(tmp_path, f"name,colour\n{cell},red\n"), ["name"])[0]
    with pytest.raises(InputError, match=what) as caught:
        row.text("name")
    assert "column 'name'" in caught.value.what


def test_a_missing_table_is_an_error_of_the_user(tmp_path: Path) -> None:
    """A path with no file is told with the reason of the system."""
    with pytest.raises(InputError, match="No such file"):
        read_rows(tmp_path / "none.csv", ["name"])
