"""The command train."""

from __future__ import annotations

from pathlib import Path

import pytest

from headwise.cli.main import main
from headwise.cli.train import GROUP_NAMES
from headwise.models import GROUPS


def test_every_group_can_be_asked_for() -> None:
    """The groups that the help shows are those that there are."""
    assert tuple(GROUPS) == GROUP_NAMES


def test_an_output_without_a_folder_is_told_before_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is read, not even a test-bed that is missing, where the model could not be written."""
    assert main(["train", str(tmp_path / "missing"), "-o", str(tmp_path / "none" / "a.headwise")]) == 2
    assert capsys.readouterr().err == f"headwise train: {tmp_path / 'none'}: there is no such folder; make it, or choose another\n"
