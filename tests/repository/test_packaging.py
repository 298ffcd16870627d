"""Building the package: the compile step and the wheel."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.machine import CHECKOUT


@pytest.fixture
def compiler() -> ModuleType:
    """Return the compile step as a module."""
    spec = importlib.util.spec_from_file_location("compiler", CHECKOUT / "build_backend/compiler.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_core_compiles_and_loads(compiler: ModuleType, tmp_path: Path) -> None:
    """The system's compiler makes a library that answers with its version, and leaves nothing beside it."""
    library = tmp_path / "core.so"
    compiler.compile_library(library)
    assert ctypes.CDLL(str(library)).hw_abi() > 0
    assert list(tmp_path.iterdir()) == [library]


def test_no_compiler_asks_for_the_package_that_is_one(compiler: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where PATH has no compiler the build asks for `ziglang`; where it has one, for nothing."""
    assert compiler.requirements() == []
    compiler.system_compiler.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    assert compiler.requirements() == [compiler.ZIGLANG]


def test_a_compiler_that_cannot_compile_does_not_count(compiler: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A `cc` without the C library's headers, say, is passed over."""
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    assert compiler.system_compiler() is None


@pytest.mark.parametrize(("refused", "added"), [("nothing", True), ("-mtune=native", False), ("-mtune=native*-Werror", False)])
def test_only_what_a_compiler_knows_is_asked_of_it(
    compiler: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refused: str, added: bool
) -> None:
    """One that does not know how to suit the processor at hand, or warns that it does not, is taken without."""
    made = tmp_path / "mycc"
    made.write_text(f'#!/bin/sh\ncase "$*" in *{refused}*) exit 1;; esac\n')
    made.chmod(0o755)
    monkeypatch.setenv("CC", str(made))
    assert compiler.system_compiler() == ((str(made), "-mtune=native") if added else (str(made),))


def test_an_unknown_target_is_refused(compiler: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """HEADWISE_TARGET names a machine that wheels are made for."""
    monkeypatch.setenv("HEADWISE_TARGET", "vax")
    with pytest.raises(SystemExit, match="vax"):
        compiler.target()


def test_wheel_holds_the_core_and_serves_any_python(tmp_path: Path) -> None:
    """The wheel is for one platform and every Python 3, and holds the compiled core and the vendor-free sources."""
    program = f"import hatchling.build; print(hatchling.build.build_wheel({str(tmp_path)!r}))"
    environment = os.environ | {"PYTHONPATH": ""}
    environment.pop("HEADWISE_TARGET", None)
    built = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    wheel = tmp_path / built.stdout.split()[-1]
    assert wheel.name.startswith("headwise-")
    assert "-py3-none-linux_" in wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    assert "headwise/libheadwise.so" in names
    assert "headwise/cli/main.py" in names
    assert "headwise/py.typed" in names
    assert [name for name in names if not name.startswith(("headwise/", "headwise-"))] == []
