"""Setting up says in one line what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.machine import CHECKOUT, require_tool

TOOLS = ("bash", "cat", "cut", "dirname", "env", "flock", "grep", "mkdir", "mv", "rm", "sha256sum", "tail")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what setting up reads."""
    folder = tmp_path / "checkout"
    for name in ("build_backend", "native", "requirements", "scripts"):
        shutil.copytree(CHECKOUT / name, folder / name)
    (folder / "src/headwise").mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", "src/headwise/__init__.py"):
        shutil.copy(CHECKOUT / name, folder / name)
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a folder of the few programs that setting up uses, without any Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(require_tool(name))
    return folder


def setup(checkout: Path, path: str, wanted: str = "run", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up with no programs but those in `path`."""
    given = {"PATH": path, "HOME": str(checkout), **environment}
    return subprocess.run([checkout / "scripts/setup", wanted], env=given, capture_output=True, text=True, timeout=200, check=False)


def test_no_python_is_one_line(checkout: Path, tools: Path) -> None:
    """A machine without a Python that fits is told which one to install."""
    result = setup(checkout, str(tools))
    assert result.returncode == 1
    assert result.stderr.startswith("setup: Python 3.11 to 3.14 is missing")
    assert result.stderr.count("\n") == 1


def test_no_venv_module_is_one_line(checkout: Path, tools: Path) -> None:
    """Debian's Python comes without venv: the package to install is named."""
    python = tools / "python3"
    python.write_text('#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\n')
    python.chmod(0o755)
    result = setup(checkout, str(tools))
    assert result.returncode == 1
    assert "apt install python3-venv" in result.stderr
    assert result.stderr.count("\n") == 1


def test_another_index_for_pytorch_brings_its_build(checkout: Path) -> None:
    """PyTorch is installed again where another index is named than it came from, and not where the same or none is."""
    python = checkout / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "$*" >>{checkout}/calls\n')
    python.chmod(0o755)

    def installed(**environment: str) -> list[str]:
        (checkout / "calls").write_text("")
        result = setup(checkout, os.environ["PATH"], "dev", **environment)
        assert result.returncode == 0, result.stderr
        return [call for call in (checkout / "calls").read_text().splitlines() if "torch.in" in call]

    assert len(installed()) == 1
    assert installed() == []
    again, rest = installed(HEADWISE_TORCH_INDEX="https://one.example/cpu")
    assert "--force-reinstall --no-deps --index-url https://one.example/cpu" in again
    assert "--index-url https://one.example/cpu" in rest
    assert installed(HEADWISE_TORCH_INDEX="https://one.example/cpu") == []
    assert installed() == []
    assert len(installed(HEADWISE_TORCH_INDEX="https://two.example/cpu")) == 2


@pytest.mark.slow
def test_no_network_is_said(checkout: Path) -> None:
    """Where no package index answers, the last line says so and the environment is not taken for ready."""
    nowhere = "http://127.0.0.1:9/simple"
    settings = {"PIP_INDEX_URL": nowhere, "UV_DEFAULT_INDEX": nowhere, "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull}
    result = setup(checkout, os.environ["PATH"], UV_CACHE_DIR=str(checkout / "cache"), PIP_NO_CACHE_DIR="1", **settings)
    assert result.returncode == 1
    assert "is there a network?" in result.stderr.splitlines()[-1]
    assert not list((checkout / ".venv").glob(".ready-*"))
