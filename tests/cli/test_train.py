"""The command train."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headwise import durable
from headwise.cli import train as train_command
from headwise.cli.main import main
from headwise.cli.train import GROUP_NAMES
from headwise.models import GROUPS


def test_every_feature_set_and_shape_can_be_asked_for() -> None:
    """The sets and shapes that the help shows are those that there are."""
    from headwise.windows import FEATURE_SETS

    assert train_command.FEATURE_SETS == FEATURE_SETS
    network = pytest.importorskip("headwise.models.networks.estimator", reason="PyTorch is not installed")
    assert network.NetworkClassifier.SHAPES == train_command.SHAPES


def test_every_group_can_be_asked_for() -> None:
    """The groups that the help shows are those that there are."""
    assert tuple(GROUPS) == GROUP_NAMES


def test_an_output_without_a_folder_is_told_before_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is read, not even a test-bed that is missing, where the model could not be written."""
    assert main(["train", str(tmp_path / "missing"), "-o", str(tmp_path / "none" / "a.headwise")]) == 2
    assert capsys.readouterr().err == f"headwise train: {tmp_path / 'none'}: there is no such folder; make it, or choose another\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One day of a small simulated home."""
    folder = tmp_path_factory.mktemp("train") / "home"
    assert main(["simulate", "-o", str(folder), "--days", "1", "--devices", "3", "--seed", "4"]) == 0
    return folder


def units(home: Path) -> list[str]:
    """Return the units of the home that are something to learn."""
    rows = [line.split(",") for line in (home / "devices.csv").read_text().splitlines()[1:]]
    return [unit for _, unit, _, category, *_ in rows if category not in ("router", "computer")]


@pytest.mark.parametrize("family", ["dtc", "fc", "lgbm", "rfc"])
@pytest.mark.parametrize(
    ("kept", "period", "what"),
    [
        (0, [], "no window is left to train on"),
        (1, [], "only one device is left to train on"),
        (3, ["--from", "2027-01-01"], "no window is left to train on"),
    ],
)
def test_too_few_classes_are_one_error(
    home: Path, tmp_path: Path, family: str, kept: int, period: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No class and one class are refused in one line by every kind of family, and no file is left, not even a part of one."""
    left_out = [name for name in units(home)[kept:] for name in ("--without", name)]
    capsys.readouterr()
    assert main(["train", str(home), "--family", family, *left_out, *period, "-o", str(tmp_path / "a.headwise")]) == 2
    error = capsys.readouterr().err
    assert (what in error, error.count("\n")) == (True, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_while_writing_leaves_the_old_model(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the disk is full the model that was there is still there, whole."""

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / "a.headwise"
    target.write_bytes(b"old")
    monkeypatch.setattr(durable.os, "replace", full)
    assert main(["train", str(home), "--family", "dtc", "--jobs", "1", "-o", str(target)]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert ([path.name for path in tmp_path.iterdir()], target.read_bytes()) == (["a.headwise"], b"old")


@pytest.mark.parametrize(("family", "more"), [("dtc", []), ("lstm", ["--shape", "published"]), ("conv1d", ["--shape", "published"])])
def test_flows_of_published_work_are_learned_and_scored(
    home: Path, tmp_path: Path, family: str, more: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trees and published networks learn nineteen features a flow; evaluate scores them, and what names devices refuses them by name."""
    if family != "dtc":
        network = pytest.importorskip("headwise.models.networks.estimator", reason="PyTorch is not installed")
        monkeypatch.setattr(network, "train", train_briefly)
    model = tmp_path / "a.headwise"
    hours = ["--until", "2026-01-01T04:00:00Z", "--jobs", "1"]
    assert main(["train", str(home), "--features", "kolcun2020", "--family", family, *more, *hours, "-o", str(model)]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(model), str(home), "--from", "2026-01-01T20:00:00Z", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["length"], found["device"]["count"]) == ("flow", 3)
    assert found["window"]["accuracy"] > 0.6
    capture = next((home / "captures").iterdir())
    assert main(["identify", str(capture), "--model", str(model)]) == 2
    assert "was trained on the feature set kolcun2020" in capsys.readouterr().err
    assert main(["retrain", str(model), str(home), "--epochs", "1", *hours]) == 0


def train_briefly(*given: Any, **named: Any) -> list[float]:
    """Train for three passes alone."""
    from dataclasses import replace

    from headwise.models.networks.training import train

    stages, rows, held, schedule = given
    return train(stages, rows, held, replace(schedule, epochs=min(schedule.epochs, 3)), **named)


def test_a_tree_has_no_shape(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Layers of a family that has none are refused before anything is read."""
    assert main(["train", str(home / "none"), "--family", "rfc", "--shape", "published", "-o", str(tmp_path / "a")]) == 2
    assert "family rfc has no layers" in capsys.readouterr().err
