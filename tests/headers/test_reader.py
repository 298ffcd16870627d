"""Captures to batches: counts, warnings, progress, and captures that end early."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import zstandard

from headwise.errors import CaptureError
from headwise.headers import HeaderReader
from tests.corpus import index
from tests.headers.files import SECOND, START, ethernet, ip_udp, numbered, pcap, pcapng, read, write

COMPRESS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "zstd": zstandard.compress}


@pytest.mark.parametrize("name", COMPRESS)
def test_compressed_capture_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    """Compression changes nothing but the time it takes."""
    data = pcap(numbered([n * SECOND for n in range(3000)]))
    _, plain = read(write(tmp_path / "plain", data))
    reader, packed = read(write(tmp_path / "packed", COMPRESS[name](data)))
    assert reader.captures[0].rows.format == f"pcap, {name}"
    for column, values in plain.items():
        np.testing.assert_array_equal(packed[column], values, column)


@pytest.mark.parametrize("rows", [1, 2, 7, 100, 100_000])
def test_size_of_batches_makes_no_difference(tmp_path: Path, rows: int) -> None:
    """Rows are the same in batches of any size, and no batch is larger than asked."""
    path = write(tmp_path / "a", pcap(numbered([n * SECOND for n in range(300)])))
    reader = HeaderReader(path, batch_rows=rows)
    sizes, ports = [], []
    for batch in reader:
        sizes.append(batch.rows)
        ports += batch["source_port"].tolist()
    assert ports == list(range(1, 301))
    assert max(sizes) <= rows


def test_capture_cut_in_mid_packet_gives_its_whole_packets(tmp_path: Path) -> None:
    """A file that ends inside a packet gives what is before, and a warning with packet and byte."""
    data = pcap(numbered(range(10)))
    reader, _ = read(write(tmp_path / "a", data[:-5]))
    assert (reader.packets, reader.rows) == (9, 9)
    assert reader.warnings == [
        f"{tmp_path / 'a'}: it ends inside a packet, after packet 9, at byte {24 + 9 * (16 + 42)}; its 9 whole packets are read"
    ]


@pytest.mark.parametrize("name", COMPRESS)
def test_compressed_capture_cut_short_gives_its_whole_packets(tmp_path: Path, name: str) -> None:
    """A compressed file that ends early gives whole packets and says why there are not more."""
    chance = random.Random(1)
    packets = [(START + n, ethernet(ip_udp(port=n + 1, number=n + 1, payload=chance.randbytes(200)))) for n in range(5000)]
    packed = COMPRESS[name](pcap(packets))
    reader, columns = read(write(tmp_path / "a", packed[: len(packed) * 9 // 10]), "source_port")
    assert columns["source_port"].tolist() == list(range(1, reader.rows + 1))
    assert reader.rows > (2000 if name == "bzip2" else 4000)
    assert f"the {name} data ends early" in reader.warnings[0]


def test_unread_link_type_is_counted_by_its_number(tmp_path: Path) -> None:
    """Packets of a link type that is not read are counted under it, and the rest are rows."""
    packets = [(0, START, ethernet(ip_udp())), (1, START + 1, b"radio"), (1, START + 2, b"radio")]
    reader, _ = read(write(tmp_path / "a", pcapng(packets, [1, 127])))
    assert (reader.packets, reader.rows, reader.counted) == (3, 1, {"link_type_127": 2})


def test_capture_without_packets_has_no_rows(tmp_path: Path) -> None:
    """A header alone is a capture of nothing."""
    reader, _ = read(write(tmp_path / "a", pcap([])))
    assert (reader.packets, reader.rows, reader.counted, reader.warnings) == (0, 0, {}, [])
    assert reader.first_time is None


def test_progress_reaches_the_size_of_the_files(tmp_path: Path) -> None:
    """What was read grows up to all bytes of all captures."""
    for number in range(3):
        write(tmp_path / str(number), pcap(numbered([number * SECOND + n for n in range(50)])))
    seen: list[tuple[int, int | None]] = []
    for _ in HeaderReader(tmp_path, batch_rows=10, progress=lambda done, total: seen.append((done, total))):
        pass
    total = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert seen[-1] == (total, total)
    assert seen == sorted(seen)


def test_reading_again_begins_again(tmp_path: Path) -> None:
    """A second pass gives the same rows and the same counts, not the sum of both."""
    reader = HeaderReader(write(tmp_path / "a", pcap(numbered(range(10)))))
    for _ in range(2):
        assert sum(batch.rows for batch in reader) == 10
        assert (reader.packets, reader.rows) == (10, 10)


def test_time_span_is_of_the_rows(tmp_path: Path) -> None:
    """The first and last time are the rows' earliest and latest."""
    reader, _ = read(write(tmp_path / "a", pcap(numbered([5, 3, 9]))))
    assert (reader.first_time, reader.last_time) == (START + 3, START + 9)


def test_standard_input_is_read(tmp_path: Path) -> None:
    """`-` reads a capture from a pipe, compressed or not, that comes in pieces."""
    script = "from headwise.headers import HeaderReader\nr = HeaderReader('-')\nfor b in r: pass\nprint(r.packets, r.rows)"
    data = pcap(numbered([n * SECOND for n in range(20_000)]))
    for content in (data, gzip.compress(data)):
        done = subprocess.run([sys.executable, "-c", script], input=content, capture_output=True, check=True, timeout=60)
        assert done.stdout == b"20000 20000\n"


def test_reader_stopped_in_the_middle_closes_its_files(tmp_path: Path) -> None:
    """Leaving the loop early leaves no file open."""
    path = write(tmp_path / "a", pcap(numbered([n * SECOND for n in range(100)])))
    reader = HeaderReader(path, batch_rows=10)
    batches = iter(reader)
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert all(capture.blocks._file.closed for capture in reader.captures)


def test_every_file_of_the_corpus_is_read_or_refused(data: Path) -> None:
    """Each file gives rows and counts that add up, or an error that names it; nothing else happens."""
    read_files, refused = 0, []
    for entry in index(data):
        path = data / "parser-corpus" / entry["file"]
        try:
            reader, columns = read(path)
        except CaptureError as error:
            refused.append((entry, str(error).startswith(f"{path}: ")))
            continue
        read_files += 1
        assert len(columns["time"]) == reader.rows
    assert read_files > 450
    assert all(named for _, named in refused)
    unread = ("refused", "0", "")
    other = [entry for entry, _ in refused if not entry["format"].startswith("other") and not entry["tshark_status"].startswith("refused")]
    assert [entry["file"] for entry in other if entry["tshark_packets"] not in unread] == []
