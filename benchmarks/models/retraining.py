"""Take the time of retraining; prints one JSON object: ``python -m benchmarks.models.retraining FOLDER [--freeze N ...]``.

In-process and without reading captures: processor seconds of the passes over the rows, and of running the frozen layers once. Numbers of
frozen layers take turns. Passes are alike: `--run` of them are run, and the time of `--epochs` follows. Networks of a group of one a
class are alike and see the same rows: the time is that of the first one times their number.
"""

from __future__ import annotations

import argparse
import copy
import functools
import json
import resource
import time
from pathlib import Path

import numpy as np

from benchmarks.models.turns import by_turns
from headwise.models import GROUPS, Trainable, read_trainable
from headwise.models.groups import fit_members
from headwise.models.trainable import make_again


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what benchmarks.models.training made")
    parser.add_argument("--freeze", type=int, nargs="+", default=[0])
    parser.add_argument("--no-plain", action="store_true", help="with the cache only")
    parser.add_argument("--epochs", type=int, default=10, help="passes that a retraining is of (10)")
    parser.add_argument("--run", type=int, default=4, help="passes that are run, at least two (4)")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    model = read_trainable(arguments.folder / "model.headwise")
    rows, labels = np.load(arguments.folder / "rows.npy"), np.load(arguments.folder / "labels.npy")
    takes = {}
    for freeze in arguments.freeze if model.networks else [0]:
        for cache in (False,) if not freeze else (True,) if arguments.no_plain else (False, True):
            once = functools.partial(_once, model, rows, labels, freeze, cache, arguments.run, arguments.epochs)
            takes[f"{freeze} {'cache' if cache else 'plain'}"] = once
    found = by_turns(takes, arguments.runs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"retrain_s": found, "peak": peak, "rows": len(rows)}))
    return 0


def _once(model: Trainable, rows: np.ndarray, labels: np.ndarray, freeze: int, cache: bool, run: int, epochs: int) -> float:
    """Return the seconds of one retraining of a group."""
    manifest = model.manifest
    if not model.networks:
        begun = time.process_time()
        fit_members(lambda: make_again(manifest, model.where, 0, 1), GROUPS[manifest.group], rows, labels)
        return time.process_time() - begun
    network = copy.deepcopy(model.networks[0]).set_params(epochs=run)
    target = labels == manifest.classes[0] if GROUPS[manifest.group].each else labels
    passed = [time.process_time()]
    network.retrain(rows, target, freeze=freeze, cache=cache, progress=lambda *_: passed.append(time.process_time()))
    passed.append(time.process_time())
    return of_passes(passed, epochs) * len(model.networks)


def of_passes(passed: list[float], epochs: int) -> float:
    """Return what so many passes take, from the times of the beginning, of the end of each pass that was run, and of the end.

    What comes before the first pass counts with it, and once.
    """
    first, last = passed[1], passed[-2]
    each = (last - first) / (len(passed) - 3)
    return (first - passed[0]) + each * (epochs - 1) + (passed[-1] - last)


if __name__ == "__main__":
    raise SystemExit(main())
