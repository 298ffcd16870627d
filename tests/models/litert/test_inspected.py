"""LiteRT members of a model file from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

from headwise.errors import ModelFileError
from headwise.models.archive import read_archive, write_archive
from headwise.models.inspecting import inspect
from headwise.models.model import load_model


def test_runtimes_are_told(exported: Path) -> None:
    """A model that was exported is ready for every runtime that is installed."""
    assert [each.held for each in inspect(exported).runtimes] == [False, True, True, True]


@pytest.mark.parametrize(("ending", "runtime"), [(".tflite", "litert"), (".int8.tflite", "litert-int8")])
def test_a_cut_member_is_refused_by_name(exported: Path, tmp_path: Path, ending: str, runtime: str) -> None:
    """Cut anywhere, with a true checksum, it is refused before the interpreter sees it; ONNX Runtime's part still serves."""
    manifest, files = read_archive(exported)
    name, broken = f"model-001{ending}", tmp_path / "broken"
    for size in range(0, len(files[name]) - 64, len(files[name]) // 25):
        write_archive(broken, manifest, {**files, name: files[name][:size]})
        with pytest.raises(ModelFileError) as error:
            load_model(broken, runtime)
        assert error.value.where == f"{broken}, {name}"
        with pytest.raises(ModelFileError):
            inspect(broken)
    assert load_model(broken).manifest == manifest


def test_a_file_of_another_model_is_refused(exported: Path, tmp_path: Path) -> None:
    """A whole LiteRT file with other columns or classes does not fit the manifest."""
    manifest, files = read_archive(exported)
    other = {**manifest.__dict__, "sequence": manifest.sequence - 1}
    write_archive(tmp_path / "other", type(manifest)(**other), files)
    with pytest.raises(ModelFileError, match="takes"):
        load_model(tmp_path / "other", "litert")


def test_a_map_that_points_elsewhere_is_refused(exported: Path, tmp_path: Path) -> None:
    """The map is checked with the file that it is of."""
    manifest, files = read_archive(exported)
    name = "model-000.constants.json"
    stored = json.loads(files[name])
    stored["runs"][0][:3] = [1, 4, 0]
    write_archive(tmp_path / "odd", manifest, {**files, name: json.dumps(stored).encode()})
    with pytest.raises(ModelFileError, match="points elsewhere"):
        inspect(tmp_path / "odd")
