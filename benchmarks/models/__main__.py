"""Measure what models cost, and with --write put it into docs/models-cost.md: ``python -m benchmarks.models``, or `make bench-models`."""

from __future__ import annotations

import argparse
import datetime
import json
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.homes import DAY, HEADWISE, HOME, SIMULATED, UNTIL, simulate
from benchmarks.measuring import best
from benchmarks.models.kinds import EACH, GROUPS, LITERT_OF_ONE, METHOD, NETWORKS, WHOLE
from benchmarks.models.processes import child, infer
from benchmarks.models.report import write
from headwise.models.families import names

CHECKOUT = Path(__file__).resolve().parents[2]
WORK = CHECKOUT / "build" / "bench" / "models"
TURN = 0.2
"""Seconds of a turn of inference."""
PASSES, EPOCHS = 4, 10
"""Of a retraining, those that are run, from which the time of all follows."""


@dataclass(frozen=True)
class Home:
    """What models are trained on."""

    name: str
    folder: Path
    until: str
    day: Path


@dataclass(frozen=True)
class Cell:
    """One model to measure."""

    home: Home
    family: str
    group: str

    @property
    def key(self) -> str:
        """Return its name among the results."""
        return f"{self.home.name}/{self.family}/{self.group}"

    @property
    def folder(self) -> Path:
        """Return where its files are."""
        return WORK / self.home.name / self.family / self.group


def main() -> int:
    """Run from the command line."""
    arguments = _arguments()
    WORK.mkdir(parents=True, exist_ok=True)
    page = CHECKOUT / "docs" if arguments.write else WORK
    results_path = page / "models-cost.json"
    results: dict[str, Any] = json.loads(results_path.read_text()) if results_path.exists() else {}
    begun = time.monotonic()
    for cell in _cells(arguments):
        if not arguments.resume or results.get(cell.key, {}).get("method") != METHOD:
            results[cell.key] = measure(cell, arguments)
            results_path.write_text(json.dumps(results, indent=1))
            print(f"{time.monotonic() - begun:6.0f} s  {cell.key}: {json.dumps(results[cell.key])}", flush=True)
    text = write(results, page, _about(arguments))
    print(text)
    return 0


def measure(cell: Cell, arguments: argparse.Namespace) -> dict[str, Any]:
    """Train one model, and take all its costs, each in a process of its own."""
    shutil.rmtree(cell.folder, ignore_errors=True)
    few = [] if cell.group in WHOLE or arguments.full else ["--few"]
    found = {"method": METHOD, "day": f"{datetime.date.today():%Y-%m-%d}", "processor": _processor()}
    found |= child("training", str(cell.home.folder), cell.family, cell.group, str(cell.folder), "--until", cell.home.until, *few)
    path = cell.folder / "model.headwise"
    run = EPOCHS if arguments.full else PASSES
    freezes = ["0", "1", "2", "3"] if _every(cell, arguments) else ["0", "3", "--no-plain"]
    found["retraining"] = child(
        "retraining", str(cell.folder), "--runs", str(arguments.retrainings), "--run", str(run), "--freeze", *freezes
    )
    named = best([*HEADWISE, "identify", str(cell.home.day), "--model", str(path)], arguments.retrainings)
    found["identify"] = {"peak": named.peak, "cpu_s": named.cpu}
    found["file_bytes"] = path.stat().st_size
    runtimes = ["trained", *([] if cell.family in NETWORKS else ["core"]), "onnx"]
    if cell.family in NETWORKS and _every(cell, arguments) and not (cell.group in EACH and cell.family in LITERT_OF_ONE):
        found["agreement"] = _export(path)
        runtimes += ["litert", "litert-int8"]
    found["runtimes"] = infer(cell.folder, runtimes, arguments.runs, 0 if arguments.full else TURN)
    return found


def _every(cell: Cell, arguments: argparse.Namespace) -> bool:
    """Return whether every number of frozen layers and every runtime is measured: always with one model for all devices."""
    return arguments.full or cell.group == "all-device"


def _export(path: Path) -> dict[str, Any]:
    """Add LiteRT's files, and return how they agree with ONNX Runtime."""
    command = [*HEADWISE, "export", str(path), "--to", "litert", "--quantize", "int8", "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    agreement: dict[str, Any] = json.loads(done.stdout)["agreement"]
    return agreement


def _cells(arguments: argparse.Namespace) -> Iterator[Cell]:
    homes = list(_homes(arguments))
    for group in arguments.groups:
        for home in homes:
            if home.name == SIMULATED and group not in WHOLE and not arguments.full:
                continue
            for family in sorted(arguments.families, key=lambda name: (name not in NETWORKS, name)):
                yield Cell(home, family, group)


def _homes(arguments: argparse.Namespace) -> Iterator[Home]:
    real = arguments.data / "stevens-2019"
    if real.is_dir():
        yield Home("stevens-2019", real, "2019-07-06", sorted((real / "captures").rglob("*2019-07-08*"))[0])
    simulate()
    yield Home(SIMULATED, HOME, UNTIL, DAY)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()


def _about(arguments: argparse.Namespace) -> dict[str, Any]:
    return {"full": arguments.full, "runs": arguments.runs, "retrainings": arguments.retrainings, "turn": TURN, "passes": PASSES}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=CHECKOUT.parent / "shared" / "data", help="folder of the test-beds")
    parser.add_argument("--full", action="store_true", help="every group on both homes, and every one of the 100,000 samples (hours)")
    parser.add_argument("--runs", type=int, default=5, help="turns of each inference, of which the median counts (5)")
    parser.add_argument("--retrainings", type=int, default=3, help="runs of each retraining and of identify (3)")
    parser.add_argument("--groups", nargs="+", choices=GROUPS, default=GROUPS, help="which groups to measure (all)")
    parser.add_argument("--families", nargs="+", choices=names(), default=names(), help="which families to measure (all)")
    parser.add_argument("--resume", action="store_true", help="measure only what no earlier run has measured")
    parser.add_argument("--write", action="store_true", help="put tables, figures and what they are made of into docs/")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
