"""The packet core is found, checked and described."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from headwise import native
from headwise.errors import SystemFailure
from headwise.headers.schema import COLUMNS, IP_ID, allocate

HEADER = (Path(__file__).parents[1] / "native" / "headwise.h").read_text(encoding="utf-8")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Yield a path that the core is loaded from, and forget the one that is loaded."""
    path = tmp_path / "libheadwise.so"
    monkeypatch.setenv("HEADWISE_NATIVE", str(path))
    native.library.cache_clear()
    yield path
    native.library.cache_clear()


def declared(struct: str) -> list[str]:
    """Return the names of a struct's members in the C header, in order."""
    body = re.search(rf"typedef struct {struct} {{(.*?)}} {struct};", HEADER, re.DOTALL)
    assert body
    lines = re.sub(r"/\*.*?\*/", "", body[1], flags=re.DOTALL).split(";")
    return [name for line in lines for name in re.findall(r"\*?(\w+)(?:\[\w+\])?(?=,|$)", line.strip())]


def constants(enum: str) -> dict[str, int]:
    """Return the bits that an enum of the C header names."""
    body = re.search(rf"enum {enum} {{(.*?)}};", HEADER, re.DOTALL)
    assert body
    return {name.lower(): int(bit) for name, bit in re.findall(r"HW_(\w+) = 1u << (\d+)", body[1])}


@pytest.mark.parametrize(
    ("struct", "name"), [(native.HwColumns, "hw_columns"), (native.HwInterface, "hw_interface"), (native.HwCapture, "hw_capture")]
)
def test_structs_have_the_members_of_the_header_in_its_order(struct: type[ctypes.Structure], name: str) -> None:
    """A member that is missing or misplaced would shift all that follow it."""
    assert declared(name) == [field[0] for field in struct._fields_]


def test_columns_are_those_of_the_schema() -> None:
    """Every array that the schema allocates has a pointer, and every pointer an array."""
    assert sorted(allocate(1)) == sorted(declared("hw_columns"))


def test_bits_of_present_are_those_of_the_schema() -> None:
    """The core and the schema mean the same by each bit."""
    bits = constants("hw_present")
    assert {column.name: column.bit for column in COLUMNS if column.bit is not None}.items() <= bits.items()
    assert 1 << bits["ip_id"] == IP_ID


def test_limits_are_those_of_the_header() -> None:
    """Python's copies of the core's limits are equal to them."""
    values = {name: int(value, 0) for name, value in re.findall(r"#define HW_(\w+) (\w+?)u?\n", HEADER)}
    assert (values["ABI"], values["INTERFACES"], values["LARGEST"]) == (native.ABI, native.INTERFACES, native.LARGEST)


def test_missing_core_says_where_and_what_to_do(elsewhere: Path) -> None:
    """A checkout that was not built is told so in one line."""
    with pytest.raises(SystemFailure, match=r"missing.*make native") as failure:
        native.library()
    assert str(elsewhere) in str(failure.value)


def test_file_that_is_no_core_is_refused(elsewhere: Path) -> None:
    """Whatever else lies there is an error, not a crash."""
    elsewhere.write_bytes(b"no library")
    with pytest.raises(SystemFailure, match="does not load"):
        native.library()


def test_library_of_another_kind_is_refused(elsewhere: Path) -> None:
    """A library without the core's functions is an error."""
    elsewhere.symlink_to(str(import_module("numpy._core._multiarray_umath").__file__))
    with pytest.raises(SystemFailure, match="does not load"):
        native.library()


def test_core_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A core that is older or newer than this package is an error."""
    monkeypatch.setattr(native, "ABI", native.ABI + 1)
    native.library.cache_clear()
    with pytest.raises(SystemFailure, match="has interface"):
        native.library()
    native.library.cache_clear()
