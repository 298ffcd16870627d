"""Trees as an ONNX graph."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.models.families._ensemble import Tree, graph_of, round_down


def test_rounded_thresholds_split_floats_alike() -> None:
    """A float32 value is not above the rounded threshold exactly where it is not above the float64 one."""
    random = np.random.default_rng(5)
    threshold = np.concatenate([random.normal(size=500) * 10.0 ** random.integers(-20, 20, 500), [0.0, -0.0, 0.1, np.inf, 16777217.0]])
    rounded = round_down(threshold)
    near = rounded[:, None] * np.float32(1) + np.zeros(3, np.float32)
    near[:, 0], near[:, 2] = np.nextafter(rounded, np.float32(-np.inf)), np.nextafter(rounded, np.float32(np.inf))
    assert np.array_equal(near <= rounded[:, None], near.astype(np.float64) <= threshold[:, None])


def _random_tree(random: np.random.Generator, leaves: int, classes: int, each: int) -> Tree:
    """Return a tree of random splits whose leaves hold `each` classes."""
    count = 2 * leaves - 1
    yes, no = np.full(count, -1), np.full(count, -1)
    yes[: leaves - 1] = 2 * np.arange(leaves - 1) + 1
    no[: leaves - 1] = yes[: leaves - 1] + 1
    value = np.zeros((count, classes))
    for node in range(leaves - 1, count):
        value[node, random.choice(classes, each, replace=False)] = random.dirichlet(np.ones(each)) / 200
    return Tree(random.integers(0, 300, count), random.normal(size=count), yes, no, random.random(count) < 0.5, value)


_MEASURE = """
import sys
import numpy as np
from pathlib import Path
from headwise.models.runtime import OnnxRuntime
def resident():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]) / 1024
import onnxruntime
content = Path(sys.argv[1]).read_bytes()
before = resident()
runtime = OnnxRuntime(content, "test")
del content
runtime.probabilities(np.zeros((256, 300), np.float32))
print(resident() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="resident memory is read from /proc")
def test_a_forest_of_43_classes_fits_a_router(tmp_path: Path) -> None:
    """The default size, 200 trees of 128 leaves that each hold six of 43 classes, takes under 40 MB at inference."""
    random = np.random.default_rng(1)
    graph = graph_of((_random_tree(random, 128, 43, 6) for _ in range(200)), 300, 43)
    (tmp_path / "forest.onnx").write_bytes(graph)
    run = subprocess.run([sys.executable, "-c", _MEASURE, str(tmp_path / "forest.onnx")], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 40
