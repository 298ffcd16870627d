"""From names to captures."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from headwise.errors import CaptureError, InputError
from headwise.headers import HeaderReader, expand
from headwise.headers.expand import find
from headwise.headers.parquet import write_headers
from tests.headers.files import SECOND, numbered, pcap, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of three captures, the latest first by name, among other files."""
    (tmp_path / "below" / ".hidden").mkdir(parents=True)
    write(tmp_path / "a.bin", pcap(numbered([20 * SECOND])))
    write(tmp_path / "below" / "b.txt", gzip.compress(pcap(numbered([10 * SECOND]))))
    write(tmp_path / "c", pcap(numbered([0])))
    write(tmp_path / "notes.pcap", b"these are notes")
    write(tmp_path / "empty.pcap", b"")
    write(tmp_path / ".half.part", pcap(numbered([5])))
    write(tmp_path / "below" / ".hidden" / "d", pcap(numbered([5])))
    return tmp_path


def names(paths: list[Path]) -> list[str]:
    """Return the last parts of paths."""
    return [path.name for path in paths]


def test_folder_gives_its_captures_by_time_of_first_packet(folder: Path) -> None:
    """Captures are told by content, also below and compressed, and sorted by time; other and hidden files are passed over."""
    found = find(folder)
    assert names(found.paths) == ["c", "b.txt", "a.bin"]
    assert found.skipped == 2


def test_files_keep_no_order_but_time(folder: Path) -> None:
    """Files that are named one by one are sorted by time as well."""
    assert names(expand([folder / "a.bin", folder / "c"])) == ["c", "a.bin"]


def test_pattern_gives_what_matches(folder: Path) -> None:
    """A name that does not exist is a pattern, with ** for any depth."""
    assert names(expand(str(folder / "[ac]*"))) == ["c", "a.bin"]
    assert names(expand(str(folder / "**" / "b*"))) == ["b.txt"]


def test_name_with_a_star_that_exists_is_a_file(folder: Path) -> None:
    """A file whose name looks like a pattern can be named."""
    write(folder / "x[1].pcap", pcap(numbered([0])))
    assert names(expand(folder / "x[1].pcap")) == ["x[1].pcap"]


def test_capture_named_twice_is_read_once(folder: Path) -> None:
    """The same file by two names is one capture, and that is said."""
    os.symlink(folder / "c", folder / "link")
    os.link(folder / "c", folder / "hard")
    found = find([folder / "c", folder / "link", folder / "hard", folder / "c"])
    assert names(found.paths) == ["c"]
    assert len(found.warnings) == 3
    assert "read once" in found.warnings[0]


@pytest.mark.parametrize(
    ("name", "message"),
    [("nothing.pcap", "no such file or folder"), ("*.nothing", "matches no file"), ("below/.hidden/x", "no such file")],
)
def test_name_of_nothing_is_an_error(folder: Path, name: str, message: str) -> None:
    """What does not exist and what matches nothing is named."""
    with pytest.raises(InputError, match=message):
        expand(folder / name)


def test_no_name_at_all_is_an_error() -> None:
    """An empty list and an empty name say what to give; they are not the folder one is in."""
    for named in ([], "", ["a", ""]):
        with pytest.raises(InputError, match="no capture was named"):
            expand(named)


def test_folder_without_captures_is_an_error(tmp_path: Path) -> None:
    """A folder that holds no capture is an error, not an empty result."""
    write(tmp_path / "notes.txt", b"text")
    with pytest.raises(InputError, match="holds no capture"):
        expand(tmp_path)


@pytest.mark.parametrize("content", [b"", b"text", bytes(100), b"\xd4\xc3\xb2\xa1", gzip.compress(b"text"), b"PAR1 is not enough"])
def test_file_that_is_no_capture_is_an_error(tmp_path: Path, content: bytes) -> None:
    """A named file that is no capture, or only the beginning of one's head, is refused at once."""
    path = write(tmp_path / "a.pcap", content)
    if content == b"\xd4\xc3\xb2\xa1":
        assert HeaderReader(path).paths == [path]
        return
    with pytest.raises(CaptureError):
        expand(path)


def test_device_of_zeros_is_an_error() -> None:
    """A stream without end that is no capture ends with an error."""
    with pytest.raises(CaptureError, match="is not a capture"):
        for _ in HeaderReader("/dev/zero"):
            pass


def test_header_tables_beside_captures_are_passed_over(folder: Path) -> None:
    """A table that was written into the folder it was made of is not read again with it; alone it is."""
    write_headers(HeaderReader(folder / "c"), folder / "headers.parquet")
    found = find(folder)
    assert names(found.paths) == ["c", "b.txt", "a.bin"]
    assert "header tables beside captures" in found.warnings[-1]
    (folder / "tables").mkdir()
    (folder / "headers.parquet").rename(folder / "tables" / "headers.parquet")
    assert names(expand(folder / "tables")) == ["headers.parquet"]
