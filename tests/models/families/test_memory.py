"""What a forest takes of a router's memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.models.families.rfc import RandomForest
from tests.machine import CHECKOUT

CLASSES, COLUMNS = 43, 330
HELD = """
import sys
from pathlib import Path
import numpy as np
import onnxruntime
from headwise.models.runtime import OnnxRuntime

def resident():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:"))

before = resident()
runtime = OnnxRuntime(Path(sys.argv[1]).read_bytes(), "test")
runtime.probabilities(np.zeros((1, int(sys.argv[2])), np.float32))
print(resident() - before)
"""


@pytest.mark.slow
def test_a_forest_of_43_classes_holds_under_40_mb(tmp_path: Path) -> None:
    """Loaded into ONNX Runtime and ready, the default forest on rows that fill all its leaves adds less than 40 MB to a process."""
    random = np.random.default_rng(0)
    kind = np.repeat(np.arange(CLASSES), 100)
    centres = random.normal(size=(CLASSES, COLUMNS))
    rows = (centres[kind] + random.normal(scale=4, size=(len(kind), COLUMNS))).astype(np.float32)
    forest = RandomForest(random_state=0).fit(rows, kind)
    assert np.mean([tree.get_n_leaves() for tree in forest.estimators_]) > 120
    graph = tmp_path / "forest.onnx"
    graph.write_bytes(forest.graph())
    command = [sys.executable, "-c", HELD, str(graph), str(COLUMNS)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd=CHECKOUT)
    assert int(told.stdout) * 1024 < 40_000_000
