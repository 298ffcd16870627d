"""What was done to which unit, when: `interactions.csv`, and the phase of a window that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headwise.errors import InputError
from headwise.testbeds.period import NS, parse_moment
from headwise.testbeds.rows import Row, read_rows

FILE = "interactions.csv"
COLUMNS = ("start_utc", "end_utc", "device", "action")
IDLE, ACTIVE = "idle", "active"


@dataclass(frozen=True)
class Interaction:
    """Something that was done to a unit, both ends included; times in ns since 1970."""

    start: int
    end: int
    unit: str
    action: str
    phase: str


def read_interactions(folder: Path) -> list[Interaction]:
    """Read the time line of a test-bed, in order of time.

    The phase is the optional column of that name; without it an action whose name starts with ``idle`` is idle
    and any other active.

    Raises
    ------
    InputError
        Where the table is missing or wrong.
    """
    return sorted(map(_interaction, read_rows(folder / FILE, COLUMNS)), key=lambda each: (each.start, each.unit))


def phases(interactions: list[Interaction], unit: np.ndarray, start: np.ndarray, length_s: np.ndarray) -> np.ndarray:
    """Return the phase of each window: of an interaction that touches it (active ones first), else idle."""
    found = np.full(len(unit), IDLE, dtype=object)
    end = start + np.round(length_s * NS).astype(np.int64)
    for each in sorted(interactions, key=lambda item: item.phase != IDLE):
        found[(unit == each.unit) & (start <= each.end) & (end > each.start)] = each.phase
    return found


def _interaction(row: Row) -> Interaction:
    start, end = (_moment(row, column) for column in COLUMNS[:2])
    if end < start:
        raise row.error("end_utc", "is before its start_utc")
    action = row.text("action")
    phase = row.text("phase", required=False) or (IDLE if action.startswith(IDLE) else ACTIVE)
    return Interaction(start, end, row.text("device"), action, phase)


def _moment(row: Row, column: str) -> int:
    try:
        moment = parse_moment(row.text(column), row.where)
    except InputError as error:
        raise row.error(column, f"is no time: '{row.text(column)}'", error.do) from error
    assert moment is not None
    return moment
