"""The command evaluate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.cli.main import main


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days of a small simulated home, and a model of its first two without one unit."""
    folder = tmp_path_factory.mktemp("evaluate") / "home"
    assert main(["simulate", "-o", str(folder), "--days", "3", "--devices", "5", "--seed", "4"]) == 0
    units = [line.split(",") for line in (folder / "devices.csv").read_text().splitlines()[1:]]
    left_out = next(unit for _, unit, _, category, *_ in units if category not in ("router", "computer"))
    (folder / "left-out").write_text(left_out)
    arguments = ["--until", "2026-01-03", "--without", left_out, "--jobs", "1", "-o", str(folder / "model.headwise")]
    assert main(["train", str(folder), *arguments]) == 0
    return folder


def evaluated(home: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what the command prints of the last day."""
    capsys.readouterr()
    assert main(["evaluate", str(home / "model.headwise"), str(home), "--from", "2026-01-03", *arguments]) == 0
    return capsys.readouterr().out


def test_scores_are_per_window_and_per_device(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both scores count what the model knows, and a later day of a simulated home is named nearly all right."""
    found = json.loads(evaluated(home, capsys, "--json"))
    assert found["days"] == ["2026-01-03"]
    assert found["device"]["count"] == 4
    assert found["window"]["macro_f1"] > 0.9
    assert sum(map(sum, found["window"]["confusion"]["matrix"])) == found["window"]["count"]


def test_what_the_model_does_not_know_stands_apart(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The unit that was left out, and routers and computers, are listed as strangers and are in no score."""
    found = json.loads(evaluated(home, capsys, "--json"))
    strangers = {each["unit"] for each in found["strangers"]["devices"]}
    assert f"home/{(home / 'left-out').read_text()}" in strangers
    assert len(strangers) >= 2
    assert found["windows"] == found["window"]["count"] + sum(each["windows"] for each in found["strangers"]["devices"])


def test_the_tables_name_every_class(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People get the scores, a row a class, the confusions where asked for, and the strangers."""
    printed = evaluated(home, capsys, "--confusion")
    assert "macro-F1" in printed
    assert "truth \\ called" in printed
    assert "not in the model" in printed


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--from", "2031-01-01"], "no window is left to score"),
        (["--from", "soon"], "'soon' is no date or time"),
        (["--only", "toaster"], "no unit 'toaster'"),
        (["--phase", "asleep"], "no window is left to score"),
    ],
)
def test_a_selection_of_nothing_is_one_line(home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], what: str) -> None:
    """What leaves nothing to score is told in one line with exit code 2."""
    capsys.readouterr()
    assert main(["evaluate", str(home / "model.headwise"), str(home), *arguments]) == 2
    message = capsys.readouterr().err
    assert what in message
    assert message.count("\n") == 1


def test_a_broken_model_is_one_line(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model file that lacks its end is refused by name."""
    broken = tmp_path / "broken.headwise"
    broken.write_bytes((home / "model.headwise").read_bytes()[:-100])
    capsys.readouterr()
    assert main(["evaluate", str(broken), str(home)]) == 2
    assert "broken.headwise: is no whole model file" in capsys.readouterr().err
