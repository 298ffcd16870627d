"""Payload is never copied: a marker that packets carry is found in no column, output, temporary file or log."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
import zstandard

from tests.core import run
from tests.generated.marked import LINK_TYPES, MARKER, frames, pcap, pcapng, traces

COMPRESSIONS = {"": bytes, "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor().compress}
COMMANDS = {
    "headers": "headers {captures} -o {out}/headers.parquet --json",
    "anonymised": "headers {captures} -o {out}/anonymised.parquet --anonymize {work}/key --keep-vendor",
    "windows": "windows {captures} -o {out}/windows.parquet --length 10 --json",
    "one window": "windows {captures} -o {out}/one.parquet --length capture",
    "identify": "identify {captures} --json",
    "devices": "identify {captures}",
}


def found(content: bytes) -> list[bytes]:
    """Return the traces of the marker that are in `content`."""
    return [trace for trace in traces() if trace in content]


def written(path: Path) -> bytes:
    """Return a file's bytes; of Parquet, whose pages are compressed, all its values as well."""
    content = path.read_bytes()
    if not content.startswith(b"PAR1"):
        return content
    table = parquet.read_table(path)
    buffers = [buffer for column in table.columns for chunk in column.chunks for buffer in chunk.buffers() if buffer is not None]
    return content + repr(table.schema).encode() + b"".join(buffer.to_pybytes() for buffer in buffers)


@pytest.mark.parametrize("link_type", LINK_TYPES)
def test_no_column_of_the_core_holds_payload(link_type: int) -> None:
    """Whatever the link type, what follows the headers reaches no array, not even an internal one."""
    assert any(MARKER in frame for frame in frames(link_type))
    for capture in (pcap(link_type), pcapng((link_type,))):
        result = run([capture])
        assert result.packets >= len(frames(link_type))
        assert found(capture) != []
        for name, column in result.columns.items():
            assert found(column.tobytes()) == [], name


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of marked captures of every format, link type and compression."""
    folder = tmp_path_factory.mktemp("captures")
    for suffix, compress in COMPRESSIONS.items():
        (folder / f"all.pcapng.{suffix}").write_bytes(compress(pcapng()))
        for link_type in LINK_TYPES if not suffix else (1,):
            (folder / f"{link_type}.pcap.{suffix}").write_bytes(compress(pcap(link_type)))
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_writes_payload(captures: Path, tmp_path: Path, command: str) -> None:
    """What commands print and write, and what they leave in the folder for temporary files, has no trace of the marker."""
    out, temporary, work = tmp_path / "out", tmp_path / "temporary", tmp_path / "work"
    for folder in (out, temporary, work):
        folder.mkdir()
    variables = os.environ | {name: str(temporary) for name in ("TMPDIR", "TEMP", "HOME", "XDG_CACHE_HOME")}
    headwise = [sys.executable, "-m", "headwise"]
    if command == "anonymised":
        subprocess.run([*headwise, "headers", "--make-key", str(work / "key")], env=variables, check=True, capture_output=True, timeout=60)
    words = COMMANDS[command].format(captures=captures, out=out, work=work).split()
    result = subprocess.run([*headwise, *words, "--debug"], env=variables, cwd=work, capture_output=True, timeout=120)
    assert result.returncode == 0, result.stderr.decode()
    assert found(result.stdout) == []
    assert found(result.stderr) == []
    left = [path for path in (*out.rglob("*"), *temporary.rglob("*"), *work.rglob("*")) if path.is_file()]
    assert [(path, found(written(path))) for path in left if found(written(path))] == []
    assert "-o" not in words or any(path.suffix == ".parquet" for path in left)
