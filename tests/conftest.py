"""Fixtures that all tests share."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from headwise.testbeds import LabelledWindows, load, read_testbeds
from tests.machine import CHECKOUT, lacking, require_namespaces, require_root, require_tool

__all__ = ["lacking", "require_namespaces", "require_root", "require_tool"]


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    # `importorskip` at the top of a file knows nothing of CI, where nothing may be lacking.
    if report.outcome == "skipped" and os.environ.get("CI") == "true":
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def data() -> Path:
    """Folder of the labelled captures: HEADWISE_DATA, or shared/data beside the checkout."""
    folder = Path(os.environ.get("HEADWISE_DATA") or CHECKOUT.parent / "shared" / "data")
    if not folder.is_dir():
        lacking(f"no captures at {folder}; set HEADWISE_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def stevens(data: Path) -> LabelledWindows:
    """Twelve days of seven devices in windows of ten minutes."""
    return load(read_testbeds([data / "stevens-2019"]), sequence=0)


@pytest.fixture(scope="session")
def floridatech(data: Path) -> LabelledWindows:
    """Five days of seven devices, three of them of one product."""
    return load(read_testbeds([data / "floridatech-2021"]), sequence=0)
