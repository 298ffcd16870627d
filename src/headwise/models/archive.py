"""The container of a model: a stored zip, written the same bytes for the same content, read as untrusted."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from headwise.durable import replacing
from headwise.errors import ModelFileError
from headwise.models.manifest import Manifest, Stored, read_manifest

MANIFEST = "manifest.json"
CARD = "README.md"
MOST_BYTES = 512 << 20
MOST_MANIFEST_BYTES = 16 << 20
MOST_FILES = 20_000

_DO = "get the model file again, or train it"
_DATE = (1980, 1, 1, 0, 0, 0)
_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, struct.error, OverflowError, UnicodeError)


def write_archive(path: Path, manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Write a model file, whole or not at all.

    Parameters
    ----------
    path : Path
        Where to.
    manifest : Manifest
        The sizes and checksums of the files are added to it.
    files : mapping of str to bytes
        Everything else, by name.
    """
    stored = {name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()}
    with replacing(path) as target:
        target.write(_pack({MANIFEST: manifest.to_json(stored), **files}))


def read_archive(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    """Read a model file and check that it is whole: format, sizes, checksums, no file too many or too few.

    Raises
    ------
    ModelFileError
        Saying what is wrong with it.
    """
    where = str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ModelFileError(f"is larger than {MOST_BYTES >> 20} MB", where=where, do="use a smaller model")
        content = path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"cannot be read: {error.strerror}", where=where, do="give a model file that headwise train wrote") from error
    try:
        files = _unpack(content, where)
    except _BROKEN as error:
        raise ModelFileError(f"is no whole model file: {error}", where=where, do=_DO) from error
    if MANIFEST not in files:
        raise ModelFileError(f"holds no {MANIFEST}", where=where, do=_DO)
    manifest, expected = read_manifest(files.pop(MANIFEST), where)
    _check_files(files, expected, manifest, where)
    return manifest, files


def _pack(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _unpack(content: bytes, where: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > MOST_FILES or len(set(names)) != len(names):
            raise ModelFileError("holds too many files, or one twice", where=where, do=_DO)
        for entry in entries:
            _check_entry(entry, len(content), where)
        return {entry.filename: archive.read(entry) for entry in entries}


def _check_entry(entry: zipfile.ZipInfo, whole: int, where: str) -> None:
    # What is only stored cannot grow when read, so the file's size bounds the memory.
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size or entry.file_size > whole:
        raise ModelFileError(f"holds {entry.filename!a} in a compressed form", where=where, do=_DO)
    if entry.filename == MANIFEST and entry.file_size > MOST_MANIFEST_BYTES:
        raise ModelFileError("holds a manifest that is too large", where=where, do=_DO)


def _check_files(files: Mapping[str, bytes], expected: Mapping[str, Stored], manifest: Manifest, where: str) -> None:
    for name in sorted({*expected, *manifest.graphs, *manifest.weight_files()} - set(files)):
        raise ModelFileError(f"lacks its file '{name}'", where=where, do=_DO)
    for name, content in files.items():
        if name not in expected:
            raise ModelFileError(f"holds the file {name!a}, which its manifest does not name", where=where, do=_DO)
        if len(content) != expected[name].size or hashlib.sha256(content).hexdigest() != expected[name].sha256:
            raise ModelFileError(f"was altered: '{name}' is not what its manifest says", where=where, do=_DO)
