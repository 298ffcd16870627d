"""Rows that are read at once: as many as the processor can."""

from __future__ import annotations

import platform
from pathlib import Path

import numpy as np
import pytest

from headwise import native
from headwise.headers import HeaderReader
from tests.core import KEPT, LANES

TESTBEDS = ("aalto-2016", "boston-2021", "floridatech-2021", "illinois-2024", "nku-2024", "stevens-2019", "unsw-2014")


def columns(path: Path, lanes: int) -> dict[str, np.ndarray]:
    """Return all header columns of a capture, read `lanes` rows at once."""
    native.library().hw_use_lanes(lanes)
    batches = [{name: batch[name].copy() for name in KEPT} for batch in HeaderReader([path])]
    return {name: np.concatenate([batch[name] for batch in batches]) for name in KEPT}


def test_as_many_rows_are_read_at_once_as_the_processor_can() -> None:
    """A processor with AVX2 reads sixteen; all others, and who asks for it, eight."""
    flags = Path("/proc/cpuinfo").read_text().split()
    use = native.library().hw_use_lanes
    assert use(8) == use(0) == 8
    assert use(16) == use(0) == (16 if platform.machine() == "x86_64" and "avx2" in flags else 8)


@pytest.mark.parametrize("testbed", TESTBEDS)
def test_lanes_change_nothing_in_real_captures(data: Path, testbed: str) -> None:
    """A capture of each test-bed has the same columns, eight rows at once and sixteen."""
    path = max((path for path in (data / testbed / "captures").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    one, other = (columns(path, lanes) for lanes in LANES)
    assert len(one["time"]) > 500
    for name in KEPT:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
