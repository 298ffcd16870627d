"""Take the time of retraining; prints one JSON object: ``python -m benchmarks.models.retraining FOLDER [--freeze N ...]``.

In-process and without reading captures: processor seconds of the passes over the rows, and of running the frozen layers once.
"""

from __future__ import annotations

import argparse
import copy
import json
import resource
import statistics
import time
from pathlib import Path

import numpy as np

from headwise.models import GROUPS, Trainable, read_trainable
from headwise.models.groups import fit_members
from headwise.models.trainable import make_again


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what benchmarks.models.training made")
    parser.add_argument("--freeze", type=int, nargs="+", default=[0])
    parser.add_argument("--no-cache", action="store_true", help="with the cache only")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    model = read_trainable(arguments.folder / "model.headwise")
    rows, labels = np.load(arguments.folder / "rows.npy"), np.load(arguments.folder / "labels.npy")
    found = {}
    for freeze in arguments.freeze if model.networks else [0]:
        for cache in (True,) if not freeze or arguments.no_cache else (True, False):
            taken = [once(model, rows, labels, freeze, cache, arguments.epochs) for _ in range(arguments.runs)]
            found[f"{freeze} {'cache' if cache else 'plain'}"] = statistics.median(taken)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"retrain_s": found, "peak": peak, "rows": len(rows)}))
    return 0


def once(model: Trainable, rows: np.ndarray, labels: np.ndarray, freeze: int, cache: bool, epochs: int) -> float:
    """Return the seconds of one retraining of all models of a group."""
    if not model.networks:
        begun = time.process_time()
        fit_members(lambda: make_again(model.manifest, model.where, 0, 1), GROUPS[model.manifest.group], rows, labels)
        return time.process_time() - begun
    networks = [copy.deepcopy(each).set_params(epochs=epochs) for each in model.networks]
    each_class = GROUPS[model.manifest.group].each
    targets = [labels == one for one in model.manifest.classes] if each_class else [labels]
    begun = time.process_time()
    for network, target in zip(networks, targets, strict=True):
        network.retrain(rows, target, freeze=freeze, cache=cache)
    return time.process_time() - begun


if __name__ == "__main__":
    raise SystemExit(main())
