"""Results on stdout: JSON of one object, or a table that is plain text in a pipe."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from headwise.cli.failures import one_line

Row = Sequence[object]


def write_json(value: object) -> None:
    """Print one JSON object. NaN and infinity become null; NumPy numbers and arrays become plain ones."""
    print(json.dumps(_plain(value), allow_nan=False, ensure_ascii=False))


def write_table(headings: Sequence[str], rows: Iterable[Row], *, right: Collection[str] = ()) -> None:
    """Print rows under headings.

    Parameters
    ----------
    headings : sequence of str
        One a column.
    rows : iterable of sequences
        Cells are shown by `str`, None as an empty cell.
    right : collection of str
        Headings of the columns that are aligned at their right, as numbers are.
    """
    texts = [["" if cell is None else one_line(str(cell)) for cell in row] for row in rows]
    print_table = _print_rich if sys.stdout.isatty() else _print_plain
    print_table(headings, texts, right)


def plain_table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[str] = ()) -> str:
    """Return a table as aligned text, two blanks between columns and none at the end of a line."""
    lines = [list(headings), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    align = [str.rjust if heading in right else str.ljust for heading in headings]
    return "\n".join(_plain_line(line, widths, align) for line in lines)


def _plain_line(cells: Sequence[str], widths: Sequence[int], align: Sequence[Callable[[str, int], str]]) -> str:
    return "  ".join(put(cell, width) for cell, width, put in zip(cells, widths, align, strict=True)).rstrip()


def _print_plain(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[str]) -> None:
    print(plain_table(headings, rows, right))


def _print_rich(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(Text(heading), justify="right" if heading in right else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    raise TypeError(f"{type(value).__name__} has no form in JSON")
