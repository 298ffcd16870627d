"""New weights into the LiteRT files of a model, as a router does it after retraining."""

from __future__ import annotations

import builtins
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

from headwise.errors import ModelFileError
from headwise.models.archive import read_archive
from headwise.models.litert.agreement import TOLERANCE, compare, rows_to_compare
from headwise.models.litert.files import CONSTANTS, FLOAT
from headwise.models.litert.refresh import refresh, refreshed
from headwise.models.model import columns_of, load_model
from headwise.models.retraining import How, retrain
from headwise.models.trainable import read_trainable
from tests.models.synthetic import synthetic_windows


@dataclass(frozen=True)
class After:
    """A model's files before retraining, and its graphs and weights after it."""

    files: dict[str, bytes]
    graphs: dict[str, bytes]
    weights: list[dict[str, np.ndarray]]
    rows: np.ndarray

    def refresh(self, **changed: bytes) -> dict[str, bytes]:
        """Write the new weights, after a change to the old files."""
        return refresh({**self.files, **changed}, self.graphs, self.weights, self.rows, "home")


@pytest.fixture(scope="module")
def after(exported: Path) -> After:
    """Return what retraining leaves on other windows than the model knew."""
    trained = retrain(read_trainable(exported), synthetic_windows(classes=4, days=2, each=8, seed=7, spread=4.0), How(epochs=4))
    manifest, files = read_archive(exported)
    return After(files, trained.members.graphs(), trained.members.weights(), rows_to_compare(columns_of(manifest)))


def test_a_retrained_model_runs_in_both_runtimes(exported: Path, tmp_path: Path) -> None:
    """Retraining writes LiteRT files that say what its ONNX graphs say, and drops those of 8 bits with a note."""
    windows = synthetic_windows(classes=4, days=2, each=8, seed=7, spread=4.0)
    trained = retrain(read_trainable(exported), windows, How(epochs=4))
    assert any("8 bits" in note for note in trained.notes)
    trained.save(tmp_path / "again")
    one, other = load_model(tmp_path / "again"), load_model(tmp_path / "again", "litert")
    asked = windows.features, windows.sequence
    assert compare(one.probabilities(*asked), other.probabilities(*asked)).holds
    assert compare(load_model(exported, "litert").probabilities(*asked), other.probabilities(*asked)).difference > 100 * TOLERANCE
    with pytest.raises(ModelFileError, match="int8"):
        load_model(tmp_path / "again", "litert-int8")


def test_a_new_class_of_a_group_gets_a_file(exported: Path, tmp_path: Path) -> None:
    """Where each class has a network, a new one is of the same shape: its LiteRT file is made of another's."""
    windows = synthetic_windows(classes=6, days=2, each=8)
    retrain(read_trainable(exported), windows, How(epochs=2)).save(tmp_path / "again")
    one, other = load_model(tmp_path / "again"), load_model(tmp_path / "again", "litert")
    assert len(one.manifest.classes) == 3
    assert compare(
        one.raw_probabilities(windows.features, windows.sequence), other.raw_probabilities(windows.features, windows.sequence)
    ).holds


def test_a_wrong_map_is_refused(after: After) -> None:
    """A map that mixes weights up gives another output than the ONNX graph, and is refused by that."""
    name = f"model-000{CONSTANTS}"
    assert set(after.refresh()) == {f"model-00{number}{ending}" for number in (0, 1) for ending in (FLOAT, CONSTANTS)}
    stored: dict[str, Any] = json.loads(after.files[name])
    biases = [number for number, run in enumerate(stored["runs"]) if run[0] > 1]
    one, two = sorted(biases, key=lambda number: -stored["runs"][number][0])[:2]
    for run, shift in ((one, 1), (two, 2)):
        changed = json.loads(after.files[name])
        changed["runs"][run][3] -= shift * (1 if changed["runs"][run][3] >= shift else 0)
        with pytest.raises(ModelFileError, match="map of constants is wrong"):
            after.refresh(**{name: json.dumps(changed).encode()})


def test_a_map_that_leaves_a_weight_out_is_refused(after: After) -> None:
    """A constant that keeps its old value is found by the output too."""
    name = f"model-000{CONSTANTS}"
    changed = json.loads(after.files[name])
    changed["runs"] = sorted(changed["runs"])[:-1]
    with pytest.raises(ModelFileError, match="map of constants is wrong"):
        after.refresh(**{name: json.dumps(changed).encode()})


def test_a_map_to_anything_but_constants_is_refused(after: After) -> None:
    """A map may not write where the file's own structure is."""
    name = f"model-000{CONSTANTS}"
    for place in (0, 4, 32):
        changed = json.loads(after.files[name])
        changed["runs"][0][:3] = [1, place, 0]
        with pytest.raises(ModelFileError, match="points elsewhere"):
            after.refresh(**{name: json.dumps(changed).encode()})
    with pytest.raises(ModelFileError, match="no map of constants"):
        after.refresh(**{name: b""})


def test_weights_of_another_shape_are_refused(after: After) -> None:
    """A network that has grown does not fit its old file."""
    grown = replace(after, weights=[{**each, "prepare.mean": np.zeros(3)} for each in after.weights])
    with pytest.raises(ModelFileError, match="other shapes"):
        grown.refresh()


def test_what_cannot_be_refreshed_is_left_out(after: After, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LiteRT, or with a broken file, retraining goes on without LiteRT files and says why."""
    broken = {**after.files, f"model-000{FLOAT}": b"TFL3"}
    found, notes = refreshed(broken, lambda: after.graphs, after.weights, after.rows, "home")
    assert found == {}
    assert "export the model again" in notes[-1]
    real = builtins.__import__

    def without(name: str, *others: Any, **more: Any) -> Any:
        if name.startswith("ai_edge_litert"):
            raise ImportError(name)
        return real(name, *others, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    found, notes = refreshed(after.files, lambda: after.graphs, after.weights, after.rows, "home")
    assert found == {}
    assert "LiteRT is not installed" in notes[-1]


def test_a_model_without_litert_files_has_none_after() -> None:
    """Nothing is asked for, and nothing is said."""
    assert refreshed({"model.onnx": b""}, dict, [], np.zeros((1, 1)), "home") == ({}, [])
