"""The container of a model."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headwise.errors import ModelFileError
from headwise.models.archive import read_archive, write_archive
from headwise.models.manifest import Manifest

FILES = {"README.md": b"card", "model.onnx": bytes(range(256)) * 4}


def manifest(**changed: object) -> Manifest:
    """Return the manifest of a small model."""
    fields: dict[str, Any] = {
        "features_version": 1,
        "features": ("packets", "bytes"),
        "sequence": 0,
        "family": "dtc",
        "group": "all-device",
        "label": "device",
        "classes": ("lamp", "plug"),
        "categories": {"lamp": "home-automation", "plug": "home-automation"},
        "graphs": ("model.onnx",),
        "length": 600.0,
        "temperature": 1.5,
        "unknown_below": 0.4,
        "parameters": {"depth": None},
        "training": {"days": ["2026-01-01"]},
        "scores": {"days_set_aside": {"macro_f1": 1.0}},
        "libraries": {"numpy": "2"},
        "seed": 7,
    }
    return Manifest(**{**fields, **changed})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a whole model file."""
    target = tmp_path / "a.headwise"
    write_archive(target, manifest(), FILES)
    return target


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None], compression: int = zipfile.ZIP_STORED) -> Path:
    """Return the model file after a change to its files."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    path.write_bytes(buffer.getvalue())
    return path


def with_fields(path: Path, **fields: object) -> Path:
    """Return the model file after a change to its manifest."""

    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), **fields}).encode()

    return rewritten(path, change)


@pytest.mark.parametrize("length", [600.0, "capture"])
def test_what_is_written_is_read(tmp_path: Path, length: object) -> None:
    """Manifest and files come back as they were."""
    target = tmp_path / "a.headwise"
    write_archive(target, manifest(length=length), FILES)
    assert read_archive(target) == (manifest(length=length), FILES)


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    """No time of writing, order or place is in a model file."""
    digests = set()
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_archive(tmp_path / folder / "a.headwise", manifest(), FILES)
        digests.add(hashlib.sha256((tmp_path / folder / "a.headwise").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_file_cut_anywhere_is_refused(path: Path) -> None:
    """A model file that lacks its end is never read as whole."""
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelFileError) as caught:
            read_archive(path)
        assert caught.value.where == str(path)


def test_a_changed_byte_is_refused_or_means_nothing(path: Path) -> None:
    """A file with any byte changed is refused, or gives what was written (where the zip holds bytes that nobody reads)."""
    whole = path.read_bytes()
    refused = 0
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            assert read_archive(path) == (manifest(), FILES)
        except ModelFileError:
            refused += 1
    assert refused > len(whole) / 3 * 0.8


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda files: files.update({"model.onnx": b"other"}), "'model.onnx' is not what its manifest says"),
        (lambda files: files.update({"more.onnx": b""}), "'more.onnx', which its manifest does not name"),
        (lambda files: files.pop("README.md"), "lacks its file 'README.md'"),
        (lambda files: files.pop("manifest.json"), r"holds no manifest\.json"),
        (lambda files: files.update({"manifest.json": b"[1]"}), "no JSON object"),
        (lambda files: files.update({"manifest.json": b"{" * 100_000}), "no JSON"),
        (lambda files: files.update({"manifest.json": b'{"format": NaN}'}), "no JSON"),
        (lambda files: files.update({"manifest.json": b"\xff"}), "no JSON"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(path: Path, change: Callable[[dict[str, bytes]], None], what: str) -> None:
    """Altered, missing and additional files are refused by name."""
    with pytest.raises(ModelFileError, match=what):
        read_archive(rewritten(path, change))


def test_compressed_files_are_refused(path: Path) -> None:
    """What could grow when read is not read."""
    with pytest.raises(ModelFileError, match="in a compressed form"):
        read_archive(rewritten(path, lambda files: files.update({"zeros": bytes(1 << 20)}), zipfile.ZIP_DEFLATED))


def test_what_is_no_model_file_is_refused(tmp_path: Path) -> None:
    """Other files, folders and missing ones are refused in the same way."""
    (tmp_path / "a.pcap").write_bytes(b"\xd4\xc3\xb2\xa1" + bytes(60))
    for name in ("a.pcap", "none", "."):
        with pytest.raises(ModelFileError):
            read_archive(tmp_path / name)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"format": 2}, "format 2; this headwise reads format 1"),
        ({"format": True}, "'format' is no int"),
        ({"classes": ["lamp"]}, "'classes' must be at least two"),
        ({"classes": ["lamp", "unknown"]}, "'classes' must be"),
        ({"classes": ["lamp", "lamp"]}, "names something twice"),
        ({"classes": ["lamp", "plug\n"]}, "no text of 1 to"),
        ({"classes": "lamp"}, "'classes' is no list"),
        ({"categories": {"lamp": "x"}}, "'categories' lacks a product"),
        ({"graphs": ["../model.onnx"]}, "'graphs' must name"),
        ({"graphs": ["model.onnx", "model-001.onnx", "model-002.onnx"]}, "'graphs' must name"),
        ({"temperature": 0}, "'temperature' is not from"),
        ({"unknown_below": "0.5"}, "'unknown_below' is no number"),
        ({"unknown_below": 1.5}, "'unknown_below' is not from"),
        ({"length": 1e9}, "'length' is not from"),
        ({"label": "colour"}, "'label' is none of"),
        ({"family": "../evil"}, "'family' is no such name"),
        ({"sequence": -1}, "'sequence' is not from"),
        ({"features": []}, "holds 0 names"),
        ({"training": None}, "'training' is no dict"),
    ],
)
def test_each_field_of_the_manifest_is_checked(path: Path, fields: dict[str, object], what: str) -> None:
    """A field of another kind or beyond its bounds is refused by name."""
    with pytest.raises(ModelFileError, match=what):
        read_archive(with_fields(path, **fields))


def test_a_file_that_names_no_feature_set_is_of_ours(path: Path) -> None:
    """Model files made before there were others are read as they were meant; a set that its length contradicts is refused."""

    def without(files: dict[str, bytes]) -> None:
        fields = json.loads(files["manifest.json"])
        del fields["feature_set"]
        files["manifest.json"] = json.dumps(fields).encode()

    assert read_archive(rewritten(path, without))[0].feature_set == "headwise"
    with pytest.raises(ModelFileError, match="'feature_set' is not that of its length"):
        read_archive(with_fields(path, feature_set="kolcun2020"))
