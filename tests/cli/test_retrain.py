"""The command retrain."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise import durable
from headwise.cli.main import main
from headwise.models import load_model


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days of a small simulated home, and a model of its first without one unit."""
    folder = tmp_path_factory.mktemp("retrain") / "home"
    assert main(["simulate", "-o", str(folder), "--days", "3", "--devices", "5", "--seed", "4"]) == 0
    units = [line.split(",") for line in (folder / "devices.csv").read_text().splitlines()[1:]]
    left_out = next(unit for unit in units if unit[3] not in ("router", "computer"))
    (folder / "left-out").write_text(" ".join(left_out[1:3]))
    arguments = ["--until", "2026-01-02", "--without", left_out[1], "--jobs", "1", "-o", str(folder / "first.headwise")]
    assert main(["train", str(folder), "--family", "dtc", *arguments]) == 0
    return folder


@pytest.fixture
def model(home: Path, tmp_path: Path) -> Path:
    """Return a copy of the model."""
    return Path(shutil.copy(home / "first.headwise", tmp_path / "a.headwise"))


def test_a_unit_that_was_left_out_is_learned_in_place(home: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From its second day alone the model learns a new product, says so, and then names the third day right."""
    unit, product = (home / "left-out").read_text().split()
    period = ["--from", "2026-01-02", "--until", "2026-01-03"]
    assert main(["retrain", str(model), str(home), *period, "--only", unit, "--jobs", "1"]) == 0
    assert capsys.readouterr().out.startswith(f"{model}: dtc, 5 classes (1 new), 144 new windows and 160 that it remembered; macro-F1")
    assert product in load_model(model).manifest.classes
    assert main(["evaluate", str(model), str(home), "--from", "2026-01-03", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["device"]["accuracy"] == 1.0
    assert found["device"]["count"] == 5


def test_another_file_leaves_the_first(home: Path, model: Path, tmp_path: Path) -> None:
    """With -o the model that was given stays as it was, byte by byte."""
    before = model.read_bytes()
    output = tmp_path / "b.headwise"
    assert main(["retrain", str(model), str(home), "--from", "2026-01-02", "--jobs", "1", "-o", str(output)]) == 0
    assert model.read_bytes() == before
    assert len(load_model(output).manifest.classes) == 5


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--from", "2027-01-01"], "no window is left to learn from"),
        (["--freeze", "2"], "family dtc has no layers to freeze"),
        (["--only", "nobody"], "no unit 'nobody'"),
    ],
)
def test_a_failure_leaves_the_model_as_it_was(
    home: Path, model: Path, arguments: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what is wrong, and nothing is written."""
    before = model.read_bytes()
    capsys.readouterr()
    assert main(["retrain", str(model), str(home), *arguments]) == 2
    error = capsys.readouterr().err
    assert (what in error, error.count("\n")) == (True, 1)
    assert (model.read_bytes(), [path.name for path in model.parent.iterdir()]) == (before, [model.name])


def test_a_write_that_fails_leaves_the_model_as_it_was(
    home: Path, model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk at the last moment is said in one line; the model in use is still whole, and nothing lies beside it."""

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    before = model.read_bytes()
    capsys.readouterr()
    monkeypatch.setattr(durable.os, "replace", full)
    assert main(["retrain", str(model), str(home), "--jobs", "1"]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert (model.read_bytes(), [path.name for path in model.parent.iterdir()]) == (before, [model.name])


def test_a_broken_model_is_refused(home: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model file that is cut is named, before any capture is read."""
    model.write_bytes(model.read_bytes()[:-100])
    capsys.readouterr()
    assert main(["retrain", str(model), str(home / "none")]) == 2
    assert capsys.readouterr().err.startswith(f"headwise retrain: {model}: is no whole model file")
