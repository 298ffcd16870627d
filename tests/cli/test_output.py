"""Results on stdout."""

from __future__ import annotations

import json

import numpy as np
import pytest

from headwise.cli.output import plain_table, write_json, write_table


def test_json_is_valid_whatever_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    """NaN becomes null, NumPy values become plain ones, and the text is one line of valid JSON."""
    write_json(
        {"a": float("nan"), "b": np.float32(0.5), "c": np.array([1, 2]), "d": np.array([np.nan]), "e": ("x", None, True), 1: np.int64(3)}
    )
    text = capsys.readouterr().out
    assert text.count("\n") == 1
    assert json.loads(text) == {"a": None, "b": 0.5, "c": [1, 2], "d": [None], "e": ["x", None, True], "1": 3}


def test_json_refuses_what_has_no_form() -> None:
    """An object that JSON cannot hold is a mistake of ours, not a string."""
    with pytest.raises(TypeError, match="object has no form"):
        write_json({"a": object()})


def test_table_in_a_pipe_is_aligned_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Columns are aligned, numbers at their right, and no line ends in blanks."""
    write_table(["name", "bytes"], [["lamp", 5], ["plug", 1234], ["x", None]], right=["bytes"])
    assert capsys.readouterr().out == "name  bytes\nlamp      5\nplug   1234\nx\n"


def test_table_shows_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    """Names come from captures and folders; they must not steer the terminal."""
    write_table(["name"], [["a\x1b[2Jb\nc"]])
    assert capsys.readouterr().out == "name\na\\x1b[2Jb c\n"


def test_table_without_rows_is_its_headings() -> None:
    """An empty table still says what it would hold."""
    assert plain_table(["a", "b"], []) == "a  b"


def test_table_on_a_terminal_has_the_same_cells(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the table is drawn, and text in brackets is text."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    write_table(["name"], [["[bold]lamp"]])
    assert "[bold]lamp" in capsys.readouterr().out
