"""Opening what a user names."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from headwise.capture import opening
from headwise.capture.opening import open_raw
from headwise.errors import InputError


def test_file_has_its_size(tmp_path: Path) -> None:
    """A regular file is opened with its size, for progress."""
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    file, size = open_raw(path)
    with file:
        assert (file.read(), size) == (b"12345", 5)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """What cannot be opened is named, with the reason."""
    with pytest.raises(InputError, match=r"nothing: cannot be read: No such file or directory"):
        open_raw(tmp_path / "nothing")


def test_folder_is_no_capture(tmp_path: Path) -> None:
    """A folder is refused as what it is."""
    with pytest.raises(InputError, match="is a folder"):
        open_raw(tmp_path)


def test_file_without_permission_is_named(tmp_path: Path) -> None:
    """A file that may not be read is an error of one line."""
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = tmp_path / "secret"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        open_raw(path)


def test_name_with_a_zero_byte_is_refused() -> None:
    """A name that no file can have is an error of one line."""
    with pytest.raises(InputError, match="cannot be read"):
        open_raw(Path("a\0b"))


def test_fifo_with_a_writer_is_read(tmp_path: Path) -> None:
    """A named pipe is read once its writer comes."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(b"packets"))
    writer.start()
    file, size = open_raw(path)
    with file:
        assert (file.read(), size) == (b"packets", None)
    writer.join()


def test_fifo_without_a_writer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named pipe to which nobody writes does not keep the command for ever."""
    monkeypatch.setattr(opening, "WRITER_WAIT_S", 0.05)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(InputError, match="nobody opened this FIFO"):
        open_raw(path)


def test_standard_input_that_is_a_terminal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` without a pipe says what to do instead of waiting."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(type(sys.stdin), "closed", False, raising=False)
    with pytest.raises(InputError, match="terminal"):
        open_raw(Path("-"))
