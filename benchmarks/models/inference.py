"""Take time and memory of one runtime; prints one JSON object: ``python -m benchmarks.models.inference FOLDER RUNTIME``.

RUNTIME is ``trained`` (PyTorch, scikit-learn or LightGBM, whichever trained the model), ``onnx``, ``litert`` or ``litert-int8``. Times are
processor seconds, which hold on a busy machine too: of inference in-process, of starting the whole process up to its imports, and of
loading after that. Memory is the whole process's, which does nothing else.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import statistics
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
    parser.add_argument("runtime", choices=("trained", "onnx", "litert", "litert-int8"))
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 256])
    parser.add_argument("--seconds", type=float, default=0.4, help="of a run, from which the time of all samples follows; 0 runs them all")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    load = _trained if arguments.runtime == "trained" else _edge
    predict, imported = load(arguments.folder / "model.headwise", arguments.runtime)
    loaded = time.process_time()
    import numpy

    # Memory as it is for one row, before larger batches take theirs.
    predict(numpy.load(arguments.folder / "rows.npy", mmap_mode="r")[:1].copy())
    told = {"import_s": imported, "load_s": loaded - imported, "model_bytes": _resident() - IMPORTED[0]}
    rows = numpy.load(arguments.folder / "rows.npy")
    taken = {batch: _time(predict, rows, batch, arguments.seconds, arguments.runs) for batch in arguments.batches}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({**told, "infer_s": taken, "peak": peak}))
    return 0


def _edge(path: Path, runtime: str) -> tuple[Predict, float]:
    import numpy  # noqa: F401

    if runtime == "onnx":
        import onnxruntime  # noqa: F401
    else:
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


def _time(predict: Predict, rows: Any, batch: int, seconds: float, runs: int) -> float:
    """Return the median over the runs of the seconds for all samples."""
    count = -(-SAMPLES // batch)
    if seconds:
        begun = time.process_time()
        predict(rows[:batch])
        predict(rows[:batch])
        each = (time.process_time() - begun) / 2
        count = min(count, max(1, int(seconds / each)))
    places = [number * batch % max(len(rows) - batch, 1) for number in range(count)]
    return statistics.median(_run(predict, rows, batch, places) for _ in range(runs)) * SAMPLES / (count * batch)


def _run(predict: Predict, rows: Any, batch: int, places: list[int]) -> float:
    begun = time.process_time()
    for place in places:
        predict(rows[place : place + batch])
    return time.process_time() - begun


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
