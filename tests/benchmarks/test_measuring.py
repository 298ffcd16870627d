"""Measuring programs by turns."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.measuring import best, best_by_turns

# Writes its letter down, and says that it took the less, the more were written before.
PROGRAM = """
import sys
from pathlib import Path
kept, letter = Path(sys.argv[1]), sys.argv[2]
said = kept.read_text() if kept.exists() else ""
kept.write_text(said + letter)
print('{"packets": %d, "cpu": %d}' % (ord(letter), 9 - len(said)))
"""


def written_by(kept: Path, letter: str) -> list[str]:
    """Return the command that writes a letter behind those in a file."""
    return [sys.executable, "-c", PROGRAM, str(kept), letter]


def test_programs_of_a_task_run_by_turns(tmp_path: Path) -> None:
    """Each once a round, in order; one with fewer runs takes part in the first rounds; the best of all rounds counts."""
    kept = tmp_path / "kept"
    found = best_by_turns([(written_by(kept, letter), runs) for letter, runs in (("a", 3), ("b", 1), ("c", 2))])
    assert kept.read_text() == "abcaca"
    assert [(one.packets, one.work) for one in found] == [(ord("a"), 4), (ord("b"), 8), (ord("c"), 5)]


def test_a_program_alone_is_run_as_often(tmp_path: Path) -> None:
    """The best of one program is that of turns that are all its own."""
    assert best(written_by(tmp_path / "kept", "a"), 2).work == 8
    assert (tmp_path / "kept").read_text() == "aa"


def test_a_program_that_fails_ends_the_measuring() -> None:
    """Its last words are told."""
    with pytest.raises(SystemExit, match="ended with 1: no"):
        best([sys.executable, "-c", "raise SystemExit('no')"], 1)
