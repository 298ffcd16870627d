"""The locks: whole, hashed, and of one mind."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path

import pytest

from tests.machine import CHECKOUT

LOCKS = sorted((CHECKOUT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
NETWORKS = {"torch", "lightgbm", "litert-torch", "litert-converter", "ai-edge-litert", "ai-edge-quantizer", "jax", "transformers"}
HEAVY = NETWORKS | {"scikit-learn", "scipy", "pandas", "matplotlib", "fastapi"}


def pins(lock: Path) -> dict[str, str]:
    """Return the versions of a lock, by package."""
    return dict(PIN.findall(lock.read_text()))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_has_hashes(lock: Path) -> None:
    """Each line that pins a package goes on with its hashes, and no line names an address."""
    text = lock.read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(lock))
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "//" not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks_agree(lock: Path) -> None:
    """A package has one version, whichever lock installs it."""
    every = pins(CHECKOUT / "requirements/all.txt")
    assert {name: version for name, version in pins(lock).items() if every.get(name) != version} == {}


def test_lock_has_what_the_project_asks_for() -> None:
    """Each package that pyproject.toml names is in the lock of everything (PyTorch is installed apart)."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    asked = [*project["project"]["dependencies"], *itertools.chain(*project["project"]["optional-dependencies"].values())]
    asked += [item for group in project["dependency-groups"].values() for item in group if isinstance(item, str)]
    names = {re.split(r"[\s<>=!~;\[]", item)[0].lower() for item in asked} - {"headwise", "torch"}
    assert names - pins(CHECKOUT / "requirements/all.txt").keys() == set()


def test_edge_set_is_light() -> None:
    """What a router installs has none of the packages that only training needs."""
    assert pins(CHECKOUT / "requirements/edge.txt").keys() & HEAVY == set()


def test_main_job_installs_no_network() -> None:
    """`make run` trains a forest: nothing of PyTorch, LiteRT or LightGBM is in its set."""
    assert pins(CHECKOUT / "requirements/run.txt").keys() & NETWORKS == set()


def test_pytorch_is_pinned_by_platform() -> None:
    """What is installed apart from the locks is of a version that they were resolved for, and in none of them."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    known = {each["version"] for each in project["tool"]["uv"]["dependency-metadata"] if each["name"] == "torch"}
    assert set(re.findall(r"^torch==([^;\s]+)", (CHECKOUT / "requirements/torch.in").read_text(), re.MULTILINE)) == known
    assert [lock.stem for lock in LOCKS if pins(lock).keys() & {"torch", "triton", "nvidia-cublas"}] == []


def test_only_a_build_installs_a_compiler() -> None:
    """The compiler package is larger than all others together and is in no set that stays installed."""
    holders = {lock.stem for lock in LOCKS if "ziglang" in pins(lock)}
    assert holders == {"all", "compiler"}
