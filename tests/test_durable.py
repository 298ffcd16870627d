"""Files are whole or absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from headwise.durable import create_private, replacing
from headwise.errors import InputError, SystemFailure


def test_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    """While it is written the old file is there; then the new one, with the permissions of any new file."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def fail_in_the_middle(path: Path) -> None:
    """Write something, then fail."""
    with replacing(path) as file:
        file.write(b"new")
        raise ZeroDivisionError


def test_nothing_is_left_of_what_fails(tmp_path: Path) -> None:
    """After an error there is neither a file nor a part of one."""
    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_link_stays_a_link(tmp_path: Path) -> None:
    """Of a symbolic link the file behind it is replaced."""
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("file")
    with replacing(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_folders_and_devices_are_never_replaced(tmp_path: Path) -> None:
    """A folder, a pipe or a device in the place of the file is refused before anything is written."""
    os.mkfifo(tmp_path / "pipe")
    for path, what in ((tmp_path, "is a folder"), (tmp_path / "pipe", "is no regular file"), (Path(os.devnull), "is no regular file")):
        with pytest.raises(InputError, match=what), replacing(path):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_missing_folder_is_told(tmp_path: Path) -> None:
    """Where there is no folder for it, the error says so."""
    with pytest.raises(SystemFailure, match="No such file or directory"), replacing(tmp_path / "nowhere" / "a"):
        pass


def test_private_file_is_its_owners_alone(tmp_path: Path) -> None:
    """A private file has no permissions for others at any time, and never replaces another."""
    create_private(tmp_path / "key", b"secret")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(InputError, match="exists already"):
        create_private(tmp_path / "key", b"other")
    assert (tmp_path / "key").read_bytes() == b"secret"
