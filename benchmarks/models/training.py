"""Train one model for the benchmark; prints one JSON object: ``python -m benchmarks.models.training TESTBED FAMILY GROUP FOLDER``.

FOLDER gets ``model.headwise``, ``rows.npy`` (what the model takes of the windows), ``labels.npy``, and for families without weights
``members.pickle``, since scikit-learn's own objects are in no model file.
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
from pathlib import Path

import numpy as np

from headwise.models import GROUPS, train
from headwise.models.families import family, is_network
from headwise.models.model import rows_of
from headwise.testbeds import Selection, load, parse_period, read_testbeds


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("testbed", type=Path)
    parser.add_argument("family")
    parser.add_argument("group", choices=GROUPS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--until", help="train on what ended by then")
    parser.add_argument("--few", action="store_true", help="a few passes of a network: what it takes later does not depend on them")
    arguments = parser.parse_args()
    windows = load(read_testbeds([arguments.testbed]), selection=Selection(period=parse_period(None, arguments.until)))
    group = GROUPS[arguments.group]
    begun = time.process_time()
    parameters = _few(arguments.family) if arguments.few else {}
    trained = train(windows, family_name=arguments.family, group=group, jobs=1, turns=(), parameters=parameters)
    seconds = time.process_time() - begun
    arguments.folder.mkdir(parents=True, exist_ok=True)
    path = arguments.folder / "model.headwise"
    trained.save(path)
    np.save(arguments.folder / "rows.npy", rows_of(windows.features, windows.sequence, trained.manifest.sequence))
    np.save(arguments.folder / "labels.npy", windows.labels(group.label).astype(str))
    if not trained.members.weights():
        (arguments.folder / "members.pickle").write_bytes(pickle.dumps(trained.members))
    graphs = sum(len(graph) for graph in trained.members.graphs().values())
    print(
        json.dumps(
            {
                "train_s": None if parameters else seconds,
                "rows": len(windows),
                "classes": len(trained.manifest.classes),
                "graph_bytes": graphs,
            }
        )
    )
    return 0


def _few(name: str) -> dict[str, int]:
    made = family(name)()
    few = {"epochs": 2, "least_steps": 60} if is_network(made) else {}
    return {parameter: value for parameter, value in few.items() if parameter in made.get_params()}


if __name__ == "__main__":
    raise SystemExit(main())
