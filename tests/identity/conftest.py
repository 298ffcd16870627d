"""Windows of real homes, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from headwise.testbeds import LabelledWindows, load, read_testbeds


@pytest.fixture(scope="session")
def stevens(data: Path) -> LabelledWindows:
    """Twelve days of seven devices in windows of ten minutes."""
    return load(read_testbeds([data / "stevens-2019"]))


@pytest.fixture(scope="session")
def floridatech(data: Path) -> LabelledWindows:
    """Five days of seven devices, three of them of one product."""
    return load(read_testbeds([data / "floridatech-2021"]))
