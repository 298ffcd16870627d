"""What the model that comes with headwise learns from."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.capture.simulated import Plan, write
from headwise.errors import InputError
from headwise.study.base_model import LENGTH_S, MOST_EVIDENCE, WINDOWS_A_UNIT, train_base_model


def test_every_testbed_teaches_and_no_unit_outweighs_another(tmp_path: Path) -> None:
    """Of a day of a home, 144 windows a device, each unit gives as many; the model says where it comes from and is unsure elsewhere."""
    for seed, name in enumerate(("one", "two")):
        write(Plan(devices=4, days=1, seed=seed), tmp_path / name)
    said: list[str] = []
    trained = train_base_model(tmp_path, said.append, jobs=1)
    manifest = trained.manifest
    assert manifest.training["testbeds"] == ["one", "two"]
    assert sum(manifest.training["windows"].values()) == 8 * WINDOWS_A_UNIT
    assert (manifest.length, manifest.most_evidence) == (LENGTH_S, MOST_EVIDENCE)
    assert set(trained.knowledge.vendors) == set(manifest.classes)
    assert any("training on 320 of" in line for line in said)


def test_a_folder_without_testbeds_is_refused(tmp_path: Path) -> None:
    """There is nothing to learn from."""
    with pytest.raises(InputError, match="holds no test-bed"):
        train_base_model(tmp_path, lambda _: None)
