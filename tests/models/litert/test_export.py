"""LiteRT files put beside a model's ONNX graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

from headwise.errors import InputError
from headwise.models.archive import read_archive
from headwise.models.groups import GROUPS
from headwise.models.litert.agreement import compare
from headwise.models.litert.export import export
from headwise.models.model import load_model
from headwise.models.trainable import read_trainable
from headwise.models.training import train
from tests.models.synthetic import PACKETS, synthetic_windows


def test_every_network_of_a_group_has_its_files(exported: Path) -> None:
    """Beside each graph stand a file, its map of constants and one of 8 bits; what they agree on is in the manifest."""
    manifest, files = read_archive(exported)
    for graph in manifest.graphs:
        for ending in (".tflite", ".constants.json", ".int8.tflite"):
            assert graph.replace(".onnx", ending) in files
    agreed = manifest.scores["runtimes"]
    assert agreed["litert"]["difference"] < 1e-4
    assert agreed["litert"]["labels"] == 1
    assert 0 < agreed["litert-int8"]["difference"] < 0.2


def test_each_runtime_names_windows_alike(exported: Path) -> None:
    """Windows that the model has not seen get the same labels and, but for 8 bits, probabilities within 1e-4."""
    windows = synthetic_windows(classes=4, days=2, each=8, seed=5)
    asked = windows.features, windows.sequence
    expected = load_model(exported).probabilities(*asked)
    found = compare(load_model(exported, "litert").probabilities(*asked), expected)
    assert found.holds
    assert found.labels == 1
    assert compare(load_model(exported, "litert-int8").probabilities(*asked), expected).labels > 0.95


def test_exporting_again_replaces_what_is_there(exported: Path) -> None:
    """Files of an earlier export do not stay beside the new ones: without --quantize there are none of 8 bits."""
    found = export(read_trainable(exported))
    assert not any(name.endswith(".int8.tflite") for name in found.files)
    assert found.real_rows > 0


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    """A tree has nothing that LiteRT runs, which is said before anything is converted."""
    train(synthetic_windows(), family_name="dtc", group=GROUPS["all-device"]).save(tmp_path / "tree")
    with pytest.raises(InputError, match="is of family dtc; LiteRT runs networks"):
        export(read_trainable(tmp_path / "tree"))


def test_a_group_of_networks_that_differ_in_what_they_know_is_refused(tmp_path: Path) -> None:
    """One file's places of known values are not another's, which is said before anything is converted."""
    parameters = {"sequence_length": PACKETS, "epochs": 1, "least_steps": 4}
    windows = synthetic_windows(classes=4, days=2, each=8)
    train(windows, family_name="hybrid", group=GROUPS["per-category"], parameters=parameters).save(tmp_path / "group")
    with pytest.raises(InputError, match="group \\(per-category\\) of the family hybrid"):
        export(read_trainable(tmp_path / "group"))
