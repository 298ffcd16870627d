"""What a model file says of itself, and that every member is checked for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

from headwise.errors import ModelFileError
from headwise.models.archive import read_archive, write_archive
from headwise.models.groups import GROUPS
from headwise.models.inspecting import inspect
from headwise.models.training import train
from tests.models.synthetic import synthetic_windows


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the model file of a small network."""
    path = tmp_path_factory.mktemp("inspect") / "home.headwise"
    parameters = {"epochs": 1, "sequence_length": 4}
    train(synthetic_windows(), family_name="fc", group=GROUPS["all-device"], parameters=parameters).save(path)
    return path


def changed(path: Path, to: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Return a copy with other content and true checksums, as someone who means harm would make it."""
    manifest, files = read_archive(path)
    change(files)
    write_archive(to, manifest, files)
    return to


def test_tells_what_is_in_it(network: Path) -> None:
    """Family, classes, files and runtimes are told; LiteRT is not in it."""
    found = inspect(network)
    assert found.manifest.family == "fc"
    assert set(found.files) >= {"README.md", "model.onnx", "trainable/model.safetensors", "replay.parquet"}
    assert [(each.name, each.held) for each in found.runtimes] == [
        ("core", False),
        ("onnx", True),
        ("litert", False),
        ("litert-int8", False),
    ]
    assert found.notes == ()


def test_a_file_cut_anywhere_is_refused(network: Path, tmp_path: Path) -> None:
    """At every one of 200 lengths the error names the file."""
    content, cut = network.read_bytes(), tmp_path / "cut.headwise"
    for size in range(0, len(content), len(content) // 200):
        cut.write_bytes(content[:size])
        with pytest.raises(ModelFileError) as error:
            inspect(cut)
        assert error.value.where.startswith(str(cut))


@pytest.mark.parametrize("member", ["model.onnx", "trainable/model.safetensors", "replay.parquet", "manifest.json"])
def test_an_altered_byte_is_found(network: Path, tmp_path: Path, member: str) -> None:
    """A changed byte of a member is found by its checksum, of the manifest by what it then says or by nothing at all."""
    content = bytearray(network.read_bytes())
    start = content.index(member.encode()) + len(member)
    altered = tmp_path / "altered.headwise"
    chance = random.Random(0)
    for _ in range(20):
        place = start + chance.randrange(200)
        copy = content[:]
        copy[place] ^= 1 << chance.randrange(8)
        altered.write_bytes(copy)
        with pytest.raises(ModelFileError):
            inspect(altered)


@pytest.mark.parametrize("member", ["model.onnx", "trainable/model.safetensors", "replay.parquet", "knowledge.json"])
def test_a_broken_member_with_a_true_checksum_is_refused_by_name(network: Path, tmp_path: Path, member: str) -> None:
    """Cut anywhere, a member is no whole one, whatever its checksum says."""
    whole = read_archive(network)[1][member]
    for size in range(0, len(whole) - 1, max(len(whole) // 40, 1)):
        broken = changed(network, tmp_path / "broken.headwise", lambda files, size=size: files.update({member: whole[:size]}))  # type: ignore[misc]
        with pytest.raises(ModelFileError):
            inspect(broken)


def test_random_changes_never_end_otherwise(network: Path, tmp_path: Path) -> None:
    """Members with a few changed bytes and true checksums are taken or refused; there is no third way."""
    chance, seen = random.Random(1), {True: 0, False: 0}
    manifest, files = read_archive(network)
    for _ in range(120):
        name = chance.choice(sorted(files))
        copy = bytearray(files[name])
        for _ in range(chance.choice((1, 4, 16))):
            copy[chance.randrange(min(len(copy), 4096))] = chance.randrange(256)
        write_archive(tmp_path / "odd.headwise", manifest, {**files, name: bytes(copy)})
        try:
            inspect(tmp_path / "odd.headwise")
            seen[True] += 1
        except ModelFileError:
            seen[False] += 1
    assert min(seen.values()) > 0
