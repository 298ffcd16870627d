"""What was done, when, and the phase of a window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headwise.errors import InputError
from headwise.testbeds.interactions import phases, read_interactions

HEADING = "start_utc,end_utc,device,action\n"


def test_a_window_is_active_when_an_action_touches_it(tmp_path: Path) -> None:
    """Both ends of an action count; other units' actions do not; actions called idle are idle."""
    rows = "1970-01-01T00:00:10Z,1970-01-01T00:00:20Z,plug,on\n1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,plug,idle-local\n"
    (tmp_path / "interactions.csv").write_text(HEADING + rows)
    start = np.array([0, 10, 20, 30, 10]) * 10**9
    unit = np.array(["plug", "plug", "plug", "plug", "lamp"], object)
    found = phases(read_interactions(tmp_path), unit, start, np.full(5, 10.0))
    assert found.tolist() == ["idle", "active", "active", "idle", "idle"]


def test_a_phase_column_names_the_phase(tmp_path: Path) -> None:
    """Where the time line names phases itself, its names are used."""
    (tmp_path / "interactions.csv").write_text(
        "start_utc,end_utc,device,action,phase\n1970-01-01T00:00:00Z,1970-01-01T00:00:05Z,plug,first use,setup\n"
    )
    found = phases(read_interactions(tmp_path), np.array(["plug"], object), np.array([0]), np.array([10.0]))
    assert found.tolist() == ["setup"]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("soon,1970-01-01T00:00:05Z,plug,on\n", "'start_utc' is no time: 'soon'"),
        ("1970-01-01T00:00:06Z,1970-01-01T00:00:05Z,plug,on\n", "'end_utc' is before its start_utc"),
        ("1970-01-01T00:00:06Z,1970-01-01T00:00:07Z,,on\n", "'device' is empty"),
    ],
)
def test_a_mistake_is_told_with_row_and_column(tmp_path: Path, row: str, what: str) -> None:
    """A row that cannot be right is refused with its place."""
    (tmp_path / "interactions.csv").write_text(HEADING + row)
    with pytest.raises(InputError) as caught:
        read_interactions(tmp_path)
    assert caught.value.where.endswith("row 2")
    assert what in caught.value.what


def test_every_time_line_is_read(data: Path) -> None:
    """Each time line of the labelled captures is whole and in order."""
    for path in data.glob("*/interactions.csv"):
        starts = [each.start for each in read_interactions(path.parent)]
        assert starts
        assert starts == sorted(starts)
