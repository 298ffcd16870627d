"""Be a process that holds one model in one runtime: ``python -m benchmarks.models.inference FOLDER RUNTIME``.

RUNTIME is ``trained`` (PyTorch, scikit-learn or LightGBM, whichever trained the model), ``core``, ``onnx``, ``litert`` or ``litert-int8``.
It prints one JSON object when it is loaded; for each line on standard input, a number of rows at a time, the processor seconds of all
samples, in-process; and at the end of the input the largest memory of the whole process, which does nothing else.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SAMPLES = 100_000
IMPORTED: list[int] = []
Predict = Callable[[Any], Any]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what benchmarks.models.training made")
    parser.add_argument("runtime", choices=("trained", "core", "onnx", "litert", "litert-int8"))
    parser.add_argument("--seconds", type=float, default=0.2, help="of a turn, from which the time of all samples follows; 0 runs them all")
    arguments = parser.parse_args()
    load = _trained if arguments.runtime == "trained" else _edge
    predict, imported = load(arguments.folder / "model.headwise", arguments.runtime)
    loaded = time.process_time()
    import numpy

    # Memory as it is for one row, before larger batches take theirs.
    predict(numpy.load(arguments.folder / "rows.npy", mmap_mode="r")[:1].copy())
    _tell({"import_s": imported, "load_s": loaded - imported, "model_bytes": _resident() - IMPORTED[0]})
    rows = numpy.load(arguments.folder / "rows.npy")
    counts: dict[int, int] = {}
    for line in sys.stdin:
        batch = int(line)
        if batch not in counts:
            counts[batch] = _count(predict, rows, batch, arguments.seconds)
        _tell(_time(predict, rows, batch, counts[batch]))
    _tell({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024})
    return 0


def _tell(what: object) -> None:
    print(json.dumps(what), flush=True)


def _edge(path: Path, runtime: str) -> tuple[Predict, float]:
    import numpy  # noqa: F401

    if runtime == "onnx":
        import onnxruntime  # noqa: F401
    elif runtime.startswith("litert"):
        import ai_edge_litert.interpreter  # noqa: F401
    from headwise.models.model import load_model

    imported = _imported()
    runtimes = load_model(path, runtime).runtimes
    return lambda rows: [each.probabilities(rows) for each in runtimes], imported


def _trained(path: Path, runtime: str) -> tuple[Predict, float]:
    kept = path.with_name("members.pickle")
    if kept.exists():
        import sklearn.ensemble  # noqa: F401

        imported = _imported()
        fitted = pickle.loads(kept.read_bytes()).fitted
        return lambda rows: [each.predict_proba(rows) for each in fitted], imported
    import torch

    from headwise.models.trainable import read_trainable

    imported = _imported()
    torch.set_num_threads(1)
    networks = [each.network() for each in read_trainable(path).networks]  # type: ignore[attr-defined]

    def predict(rows: Any) -> Any:
        with torch.inference_mode():
            return [network(torch.from_numpy(rows)).numpy() for network in networks]

    return predict, imported


def _count(predict: Predict, rows: Any, batch: int, seconds: float) -> int:
    """Return how many batches take so many seconds, at most those of all samples; warms up."""
    most = -(-SAMPLES // batch)
    predict(rows[:batch])
    if not seconds:
        return most
    begun = time.process_time()
    predict(rows[:batch])
    predict(rows[:batch])
    return min(most, max(1, int(2 * seconds / (time.process_time() - begun))))


def _time(predict: Predict, rows: Any, batch: int, count: int) -> float:
    """Return the seconds that all samples take, from those of `count` batches."""
    places = [number * batch % max(len(rows) - batch, 1) for number in range(count)]
    begun = time.process_time()
    for place in places:
        predict(rows[place : place + batch])
    return (time.process_time() - begun) * SAMPLES / (count * batch)


def _imported() -> float:
    """Note that imports are done: return the processor seconds so far, and keep the memory."""
    IMPORTED.append(_resident())
    return time.process_time()


def _resident() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
