"""The window that slides over a capture's bytes."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from headwise.capture import open_blocks
from headwise.errors import CaptureError, InputError

HEAD = bytes.fromhex("d4c3b2a102000400") + bytes(16)


def drain(path: Path, step: int, window: int = 64) -> bytes:
    """Return all bytes of a capture, consuming `step` at a time."""
    out = bytearray()
    with open_blocks(path, window) as blocks:
        while len(blocks) or not blocks.final:
            part = bytes(blocks.buffer[blocks.start : min(blocks.end, blocks.start + step)])
            out += part
            blocks.advance(len(part))
            if len(blocks) < step:
                blocks.fill()
    return bytes(out)


@pytest.mark.parametrize("step", [1, 7, 63, 64, 65, 1000])
@pytest.mark.parametrize("compressed", [False, True])
def test_every_byte_comes_once_and_in_order(tmp_path: Path, step: int, compressed: bool) -> None:
    """Moving, refilling and growing the window neither loses nor repeats a byte."""
    data = HEAD + bytes(range(256)) * 9
    path = tmp_path / "capture"
    path.write_bytes(gzip.compress(data) if compressed else data)
    assert drain(path, step) == data


def test_window_grows_for_what_does_not_fit(tmp_path: Path) -> None:
    """Where nothing is consumed, filling again makes room for more."""
    path = tmp_path / "capture"
    path.write_bytes(HEAD + bytes(500))
    with open_blocks(path, 64) as blocks:
        sizes = [len(blocks)]
        while blocks.fill():
            sizes.append(len(blocks))
    assert sizes[-1] == len(HEAD) + 500
    assert sizes == sorted(sizes)


def test_content_tells_the_compression_not_the_name(tmp_path: Path) -> None:
    """A compressed capture with a plain name is decompressed."""
    path = tmp_path / "plain.pcap"
    path.write_bytes(gzip.compress(HEAD))
    with open_blocks(path) as blocks:
        assert (blocks.compression, blocks.kind, len(blocks)) == ("gzip", "pcap", len(HEAD))


def test_empty_file_is_refused(tmp_path: Path) -> None:
    """A file of no bytes is an error that says so, compressed too."""
    for number, data in enumerate((b"", gzip.compress(b""))):
        path = tmp_path / str(number)
        path.write_bytes(data)
        with pytest.raises(CaptureError, match="is empty"), open_blocks(path):
            pass


def test_compressed_file_of_nothing_usable_is_refused(tmp_path: Path) -> None:
    """Where not one byte can be decompressed, that is the error."""
    path = tmp_path / "broken"
    path.write_bytes(gzip.compress(HEAD)[:11])
    with pytest.raises(CaptureError, match="the gzip data ends early"), open_blocks(path):
        pass


def test_file_that_shrinks_while_it_is_read_ends(tmp_path: Path) -> None:
    """A file that another process cuts short ends early; it does not end this process."""
    path = tmp_path / "capture"
    path.write_bytes(HEAD + bytes(1 << 20))
    with open_blocks(path, 4096) as blocks:
        os.truncate(path, 8192)
        total = len(blocks)
        while not blocks.final:
            blocks.advance(len(blocks))
            blocks.fill()
            total += len(blocks)
    assert total == 8192


def test_reading_that_fails_at_once_is_an_error() -> None:
    """A file whose first byte cannot be read is refused with the system's reason."""
    with pytest.raises(InputError, match="cannot be read"), open_blocks("/proc/self/mem"):
        pass


def test_standard_input_is_read_from_a_pipe() -> None:
    """`-` is what is piped in, compressed or not."""
    show = "print(blocks.name, blocks.kind, len(blocks), blocks.size)"
    script = f"from headwise.capture import open_blocks\nwith open_blocks('-') as blocks: {show}"
    for data in (HEAD, gzip.compress(HEAD)):
        done = subprocess.run([sys.executable, "-c", script], input=data, capture_output=True, check=True, timeout=60)
        assert done.stdout.decode() == "standard input pcap 24 None\n"
