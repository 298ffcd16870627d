"""Rows as the generated part of docs/accuracy.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from headwise.durable import replacing
from headwise.study.accuracy.figures import AHEAD, RELIABLE
from headwise.study.accuracy.kept import Kept
from headwise.study.accuracy.registry import DETAILS, PARTS
from headwise.study.accuracy.row import Row, table

BEGIN, END = "<!-- accuracy: begin -->", "<!-- accuracy: end -->"
HEADING = ("#", "measure", "where", "plain", "headwise", "reach")
FIGURES = {
    AHEAD: "Macro F1 by days ahead, after seven days of training and after one",
    RELIABLE: "How sure against how often right, in ten bins; on the grey line both are the same",
}


def render(kept: Kept) -> list[str]:
    """Return the lines between the markers."""
    rows = kept.rows()
    lines = [_made(kept), "", *table(HEADING, map(_cells, (row for row in rows if row.number != DETAILS))), ""]
    for name, words in FIGURES.items():
        if any(row.series for row in rows if row.number in {AHEAD: (1, 2), RELIABLE: (16,)}[name]):
            lines += [f"![{words}](figures/{name})", ""]
    lines += ["### What was seen", ""]
    for row in rows:
        if row.notes:
            lines += [f"- **Row {row.number}, {row.measure}.** {' '.join(row.notes)}"]
    lines += ["", "### Details", ""]
    for row in rows:
        if row.details:
            lines += [*row.details, ""]
    return lines


def write(page: Path, kept: Kept) -> None:
    """Put the rows into the document, between its markers."""
    before, _, rest = page.read_text().partition(BEGIN)
    with replacing(page) as file:
        file.write("\n".join([before + BEGIN, "", *render(kept), END + rest.partition(END)[2]]).encode())


def _made(kept: Kept) -> str:
    dates: dict[str, list[str]] = {}
    for part in PARTS:
        if part.module in kept.parts:
            dates.setdefault(kept.parts[part.module].date, []).extend(part.names)
    if len(dates) == 1:
        return f"Measured on {next(iter(dates))}, features version {kept.features_version}."
    days = "; ".join(f"{date} (rows {', '.join(names)})" for date, names in sorted(dates.items()))
    return f"Measured on {days}, features version {kept.features_version}."


def _cells(row: Row) -> Sequence[str]:
    return (str(row.number), row.measure, row.where, row.plain, row.found, row.reach)
