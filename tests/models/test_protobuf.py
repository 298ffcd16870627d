"""The fields of a protocol-buffers message."""

from __future__ import annotations

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
from onnx import helper  # noqa: E402

from headwise.models.protobuf import RUNS, fields, floats_of, integers_of, leaves_of  # noqa: E402


def run_of(values: list[object]) -> bytes:
    """Return the run of an attribute's values, as the ONNX package writes it."""
    content = helper.make_attribute("name", values).SerializeToString()
    return max((value for _, value in fields(content, runs=RUNS) if isinstance(value, bytes)), key=len)


def test_runs_of_numbers_are_read_whole() -> None:
    """Floats, integers of all sizes and both signs, and the words of a tree come back as they were written."""
    random = np.random.default_rng(2)
    floats = random.normal(size=500).astype(np.float32)
    integers = [0, 1, -1, 127, 128, 2**31, -(2**63), 2**63 - 1, *(random.integers(0, 2**62, 500) >> random.integers(0, 62, 500)).tolist()]
    leaves = random.random(500) < 0.5
    assert floats_of(run_of(floats.tolist())).tolist() == floats.tolist()
    assert integers_of(run_of(integers)).tolist() == integers
    assert leaves_of(run_of(["LEAF" if each else "BRANCH_LEQ" for each in leaves])).tolist() == leaves.tolist()


def test_without_runs_each_number_is_a_field() -> None:
    """The two ways of reading see the same."""
    content = helper.make_attribute("name", [5, 300, 7]).SerializeToString()
    assert [value for number, value in fields(content) if number == 8] == [5, 300, 7]
    assert [integers_of(value).tolist() for number, value in fields(content, runs=RUNS) if number == 8 and isinstance(value, bytes)] == [
        [5, 300, 7]
    ]


@pytest.mark.parametrize("content", [b"\x0a", b"\x0a\x05ab", b"\x08\xff", b"\x0b", b"\x08" + b"\xff" * 11])
def test_what_is_cut_is_an_error(content: bytes) -> None:
    """No field is taken for more than there is."""
    with pytest.raises((ValueError, IndexError)):
        list(fields(content))
