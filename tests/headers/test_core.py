"""The packet core against its plain-Python twin: every column of every packet, in captures found and made."""

from __future__ import annotations

import struct
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core import differences, expected, pieces, run
from tests.corpus import capture_bytes, corpus_files
from tests.generated.frames import captured
from tests.headers.files import COOKED, ETHERNET
from tests.reference.reader import read_capture
from tests.strategies import captures, damaged, splits

FEW = settings(max_examples=100, deadline=None)
MANY = settings(max_examples=5000, deadline=None)


def compare(data: bytes) -> None:
    """Fail where core and twin differ."""
    assert differences(run([data]), expected(read_capture(data))) == []


def compare_split(data: bytes, places: list[float], limit: int) -> None:
    """Fail where the way the bytes come makes a difference."""
    assert differences(run(pieces(data, places), limit), run([data])) == []


def test_core_reads_every_file_of_the_corpus_as_the_twin_does(data: Path) -> None:
    """Rows, reasons and the end of the walk are the twin's for all files of other projects' suites."""
    said = [(name, differences(run([content]), expected(read_capture(content)))) for name, content in corpus_files(data)]
    assert len(said) > 400
    assert [pair for pair in said if pair[1]] == []


@FEW
@given(captures())
def test_core_reads_generated_captures_as_the_twin_does(capture: bytes) -> None:
    """All link types, header stacks, lies in lengths and cuts give the twin's columns."""
    compare(capture)


@pytest.mark.parametrize("kind", [ETHERNET, COOKED])
def test_rows_read_together_are_what_the_twin_reads_one_by_one(kind: int) -> None:
    """Eight rows at once, of which any may need another way of reading, give the twin's columns."""
    for seed in range(40):
        chance = Random(seed)
        frames = [captured(chance, kind) for _ in range(chance.randint(1, 300))]
        records = [struct.pack("<IIII", 1000 + n, n, len(data), wire) + data for n, (wire, data) in enumerate(frames)]
        compare(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, kind) + b"".join(records))


def with_options(options: bytes, tag: bytes) -> bytes:
    """Return a frame whose segment has these TCP options."""
    segment = struct.pack(">HHIIHHHH", 4000, 443, 1, 0, (5 + len(options) // 4) << 12 | 2, 500, 3, 0) + options
    packet = struct.pack(">BBHHHBBH8s", 0x45, 0, 20 + len(segment), 1, 0, 64, 6, 0, bytes(8)) + segment
    return bytes(12) + tag + struct.pack(">H", 0x800) + packet


@pytest.mark.parametrize("size", [4, 16, 20])
def test_what_is_nearly_the_usual_options_is_read_as_what_it_is(size: int) -> None:
    """Options as most connections begin with, and each byte of them another; with and without tags, whole and cut."""
    usual = bytes((2, 4, 5, 180, 4, 2, 8, 10, *range(8), 1, 3, 3, 7))[:size]
    frames = [with_options(usual, b"")]
    for place in range(size):
        for value in (*range(21), 255):
            tag = b"\x81\0\0\7" if (place + value) % 3 == 0 else b""
            frames.append(with_options(usual[:place] + bytes((value,)) + usual[place + 1 :], tag))
    cut = [(frame[: len(frame) - less], len(frame)) for less in (0, 1, 3) for frame in frames]
    records = [struct.pack("<IIII", 1000, n, len(data), wire) + data for n, (data, wire) in enumerate(cut)]
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, ETHERNET) + b"".join(records)
    compare(data)
    assert run([data]).columns["tcp_mss"][0] == 5 * 256 + 180


def test_link_type_that_stands_for_none_in_the_core_is_counted_by_its_number() -> None:
    """A capture of link type 65,535 is one of a link type that is not read; its interface is described."""
    record = struct.pack("<IIII", 1000, 0, 4, 4) + bytes(4)
    compare(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 0xFFFF) + 3 * record)


def test_fragment_header_beyond_the_end_on_the_wire_is_malformed_however_little_was_captured() -> None:
    """Its 8 bytes do not fit between byte 60 and the end at 62, of which the capture has 60."""
    frame = bytes((0x60, 0, 0, 0, 0, 37, 51, 64)) + bytes(32) + bytes((44, 3)) + bytes(18)
    compare(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101) + struct.pack("<IIII", 1, 0, 60, 62) + frame)


@FEW
@given(damaged())
def test_core_reads_damaged_captures_as_the_twin_does(capture: bytes) -> None:
    """Damage of any kind at any place gives the rows before it and the same status."""
    compare(capture)


@FEW
@given(st.binary(max_size=300), st.sampled_from((b"", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a")))
def test_core_reads_any_bytes_as_the_twin_does(noise: bytes, magic: bytes) -> None:
    """Bytes of no meaning, behind each of the magic numbers, give an end and no surprise."""
    compare(magic + noise)


@FEW
@given(captures(), splits(), st.integers(1, 40))
def test_any_split_of_the_bytes_gives_the_same_columns(capture: bytes, places: list[float], limit: int) -> None:
    """Neither the pieces a capture comes in nor the rows asked for at a time change a column."""
    compare_split(capture, places, limit)


@FEW
@given(damaged(), splits(), st.integers(1, 40))
def test_any_split_of_damaged_bytes_gives_the_same_columns(capture: bytes, places: list[float], limit: int) -> None:
    """Damage is found at the same packet however the bytes come."""
    compare_split(capture, places, limit)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_many_generated_captures_agree_with_the_twin() -> None:
    """The comparisons above hold over thousands of captures."""
    for strategy in (captures(), damaged()):
        MANY(given(strategy)(compare))()
    for strategy in (captures(), damaged()):
        MANY(given(strategy, splits(), st.integers(1, 40))(compare_split))()


def test_rows_and_counted_are_all_packets(data: Path) -> None:
    """Whatever the file, rows and counted packets add up to the packets walked."""
    for name, content in corpus_files(data):
        result = run([content])
        assert result.rows + sum(result.counted) == result.packets, name


@pytest.mark.parametrize("size", range(0, 400, 7))
def test_each_byte_of_a_corpus_file_alone(data: Path, size: int) -> None:
    """A capture cut at any length, given byte by byte, is read as when it comes at once."""
    content = capture_bytes(data / "parser-corpus/pcapng-test-generator/pcapng-test-generator__output_be_advanced_test100.pcapng")[:size]
    parts = [content[at : at + 1] for at in range(len(content))] or [b""]
    assert differences(run(parts, 2), run([content])) == []
