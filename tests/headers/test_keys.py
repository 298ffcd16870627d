"""Key files."""

from __future__ import annotations

from pathlib import Path

import pytest

from headwise.errors import InputError, SystemFailure
from headwise.headers.keys import make_key, read_key


def test_key_that_was_made_is_read(tmp_path: Path) -> None:
    """A new key is 32 random bytes in a file that only its owner can read."""
    path = tmp_path / "home.key"
    make_key(path)
    key, warning = read_key(path)
    assert (len(key), warning) == (32, "")
    assert path.stat().st_mode & 0o777 == 0o600
    make_key(tmp_path / "other.key")
    assert read_key(tmp_path / "other.key")[0] != key


def test_key_is_never_overwritten(tmp_path: Path) -> None:
    """Making a key where a file is would lose a key: it is refused."""
    path = tmp_path / "home.key"
    path.write_text("precious")
    with pytest.raises(InputError, match="exists already"):
        make_key(path)
    assert path.read_text() == "precious"


def test_key_in_no_folder_cannot_be_made(tmp_path: Path) -> None:
    """A folder that is not there is the system's failure, in words."""
    with pytest.raises(SystemFailure, match="No such file or directory"):
        make_key(tmp_path / "nowhere" / "home.key")


@pytest.mark.parametrize(
    "content", [bytes(range(32)), bytes(range(32)).hex().encode(), b"  " + bytes(range(32)).hex().upper().encode() + b"\n"]
)
def test_both_forms_of_a_key_are_read(tmp_path: Path, content: bytes) -> None:
    """32 bytes, or 64 hexadecimal digits of either case with space around."""
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    assert read_key(path) == (bytes(range(32)), "")


@pytest.mark.parametrize("content", [b"", b"short", bytes(32), b"0" * 64, bytes(range(33)), b"g" * 64, "é".encode() * 32])
def test_anything_else_is_refused(tmp_path: Path, content: bytes) -> None:
    """Other lengths, other digits, and a key of zeros."""
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(InputError, match="holds no key"):
        read_key(path)


def test_missing_key_says_how_to_make_one(tmp_path: Path) -> None:
    """The error names the option that makes a key."""
    with pytest.raises(InputError, match="--make-key"):
        read_key(tmp_path / "key")


def test_key_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    """A key with open permissions works, with a warning."""
    path = tmp_path / "key"
    path.write_bytes(bytes(range(32)))
    path.chmod(0o644)
    assert "chmod 600" in read_key(path)[1]
