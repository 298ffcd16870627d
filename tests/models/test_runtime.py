"""What runs a graph."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.errors import ModelFileError
from headwise.models.families._ensemble import Tree, graph_of
from headwise.models.runtime import ROWS_AT_ONCE, OnnxRuntime


def stump() -> bytes:
    """Return the graph of one split: up to 1.5 the first class, above the second, missing the second."""
    tree = Tree(
        feature=np.array([0, 0, 0]),
        threshold=np.array([1.5, 0, 0]),
        yes=np.array([1, -1, -1]),
        no=np.array([2, -1, -1]),
        missing=np.array([False, False, False]),
        value=np.array([[0, 0], [1.0, 0.0], [0.25, 0.75]]),
    )
    return graph_of([tree], 1, 2)


def test_rows_come_back_in_order() -> None:
    """More rows than go at once give the same as one by one."""
    runtime = OnnxRuntime(stump(), "test")
    rows = np.random.default_rng(1).uniform(0, 3, (ROWS_AT_ONCE + 3, 1)).astype(np.float32)
    found = runtime.probabilities(rows)
    assert found.dtype == np.float32
    assert found.tolist() == [[1.0, 0.0] if row <= 1.5 else [0.25, 0.75] for row in rows[:, 0]]


def test_a_missing_value_takes_the_branch_of_the_tree() -> None:
    """NaN is no number below or above the threshold."""
    assert OnnxRuntime(stump(), "test").probabilities(np.array([[np.nan]], np.float32)).tolist() == [[0.25, 0.75]]


def test_what_onnx_runtime_refuses_is_an_error_with_its_place() -> None:
    """A graph that cannot be run is told by its file, not by a traceback."""
    with pytest.raises(ModelFileError, match="refused by ONNX Runtime"):
        OnnxRuntime(b"\x08\x08", "a.headwise, model.onnx")
