"""Windows of a real home in each runtime."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

from headwise.models.archive import write_archive
from headwise.models.groups import GROUPS
from headwise.models.litert.agreement import compare
from headwise.models.litert.export import export
from headwise.models.model import load_model
from headwise.models.trainable import read_trainable
from headwise.models.training import train
from headwise.testbeds import LabelledWindows, Selection, load, parse_period, read_testbeds
from tests.models.litert.conftest import require_converter

PACKETS = 8


def windows_of(data: Path, since: str, until: str) -> LabelledWindows:
    """Return windows of a period of stevens-2019."""
    selection = Selection(period=parse_period(since, until), others=False)
    return load(read_testbeds([data / "stevens-2019"]), length=600.0, sequence=PACKETS, selection=selection)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["fc", "conv1d", "lstm"])
def test_real_windows_are_named_alike(data: Path, tmp_path: Path, family: str) -> None:
    """Days that a network has not seen get the same labels in both runtimes, probabilities within 1e-4; 8 bits rarely differ."""
    require_converter()
    path = tmp_path / "home"
    parameters = {"sequence_length": PACKETS, "epochs": 3}
    train(windows_of(data, "2019-07-01", "2019-07-03"), family_name=family, group=GROUPS["all-device"], parameters=parameters).save(path)
    found = export(read_trainable(path), int8=True)
    write_archive(path, found.manifest, found.files)
    later = windows_of(data, "2019-07-03", "2019-07-04")
    asked = later.features, later.sequence
    assert len(later) > 200
    expected = load_model(path).probabilities(*asked)
    agreement = compare(load_model(path, "litert").probabilities(*asked), expected)
    assert agreement.holds
    assert agreement.labels == 1
    assert compare(load_model(path, "litert-int8").probabilities(*asked), expected).labels > 0.95
