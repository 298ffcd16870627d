"""Large captures as memory: the same rows as by reading, whatever happens to the file meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

from headwise.capture import mapped
from headwise.headers import HeaderReader
from tests.generated.captures import capture
from tests.headers.files import SECOND, START, ethernet, ip_udp, pcap, read, write

PACKETS = 9000
PAYLOAD = 600
RECORD = 16 + 14 + 28 + PAYLOAD
# Reads one batch, changes the file by what is given, and reads on.
SCRIPT = """
import os, sys
from headwise.headers import HeaderReader
path, change = sys.argv[1:]
reader, ports = HeaderReader(path, batch_rows=1024), []
for batch in reader:
    if not ports:
        exec(change)
    ports += batch["source_port"].tolist()
print(ports == list(range(1, 1 + len(ports))), len(ports), *reader.warnings)
"""


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Return a capture that is large enough to be mapped, with numbered ports."""
    packets = [(START + n * SECOND // 100, ethernet(ip_udp(port=n + 1, number=n + 1, payload=bytes(PAYLOAD)))) for n in range(PACKETS)]
    return write(tmp_path / "large.pcap", pcap(packets))


def changed(path: Path, change: str) -> list[str]:
    """Return what the script says of a file that is changed while it is read."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, path, change], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split(maxsplit=2)


def test_large_file_is_mapped(large: Path) -> None:
    """A plain file of some size is taken as memory."""
    reader = HeaderReader(large, batch_rows=100)
    batches = iter(reader)
    next(batches)
    assert reader.captures[0].rows._mapping is not None  # type: ignore[union-attr]


@pytest.mark.parametrize("bytes_left", [24 + 5000 * RECORD, 24 + 5000 * RECORD - 7, 5000 * RECORD & ~4095])
def test_file_that_is_cut_short_gives_what_is_left(large: Path, bytes_left: int) -> None:
    """Pages that are gone end the capture, as its end would, and not this process; a page that is half gone is no packets of zeros."""
    ordered, rows, *warning = changed(large, f"os.truncate(path, {bytes_left})")
    assert (ordered, int(rows)) == ("True", (bytes_left - 24) // RECORD)
    assert bool(warning) == bool((bytes_left - 24) % RECORD)


def test_file_that_is_emptied_gives_what_was_read(large: Path) -> None:
    """Nothing is left to read, and what was read is kept."""
    ordered, rows, *_ = changed(large, "os.truncate(path, 0)")
    assert ordered == "True"
    assert 1024 <= int(rows) < PACKETS


def test_file_that_grows_is_read_to_its_end(large: Path) -> None:
    """What is added while a capture is read belongs to it, as it does where files are read."""
    more = "data = open(path, 'rb').read()[24:]; open(path, 'ab').write(data)"
    _, rows, *_ = changed(large, more)
    assert int(rows) == 2 * PACKETS


def test_mapped_and_read_captures_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generated captures of both formats give the same rows, counts and warnings either way."""
    for seed in range(40):
        path = write(tmp_path / str(seed), capture(Random(seed), 60))
        read_reader, plain = read(path, batch_rows=16)
        with monkeypatch.context() as patch:
            patch.setattr(mapped, "LEAST", 1)
            mapped_reader, memory = read(path, batch_rows=16)
        assert mapped_reader.counted == read_reader.counted
        assert mapped_reader.warnings == read_reader.warnings
        for column, values in plain.items():
            np.testing.assert_array_equal(memory[column], values, f"{seed} {column}")


def test_no_mapping_outlives_its_capture(large: Path) -> None:
    """A reader that is left in the middle lets go of the file's memory."""
    for _ in range(3):
        batches = iter(HeaderReader(large, batch_rows=100))
        next(batches)
        batches.close()  # type: ignore[attr-defined]
    assert os.fspath(large) not in Path("/proc/self/maps").read_text()
