"""Train every family in every group on real captures, score it on what came later, and write docs/families.md.

    .venv/bin/python scripts/family_scores.py [--data FOLDER] [--families F ...] [--groups G ...] [--write]

Results are kept in docs/families.json as they come, so that a run of some families, or an interrupted one, loses none of the
others; those of other features, other windows or other parameters of the family are not used.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from headwise.durable import replacing
from headwise.models import GROUPS, evaluate, load_model, train
from headwise.models.families import names
from headwise.models.knowledge import Knowledge
from headwise.models.training import maker
from headwise.testbeds import LabelledWindows, day_name, day_of, load, read_testbeds

CHECKOUT = Path(__file__).resolve().parent.parent
PAGE = CHECKOUT / "docs" / "families.md"
RESULTS = CHECKOUT / "docs" / "families.json"
BEGIN, END = "<!-- family scores: begin -->", "<!-- family scores: end -->"
STEVENS, TRAINING_DAYS = "stevens-2019", 7
SHARE = 2 / 3
GROUP_NAMES = tuple(GROUPS)


@dataclass(frozen=True, eq=False)
class Case:
    """What is trained on, and what is scored."""

    name: str
    train: LabelledWindows
    test: LabelledWindows

    def key(self) -> str:
        """Return what the results depend on, as a short text."""
        digest = hashlib.sha256()
        for part in (self.train, self.test):
            digest.update(np.ascontiguousarray(part.features).tobytes() + np.ascontiguousarray(part.sequence).tobytes())
        return f"{self.name}, features {self.train.version}, {digest.hexdigest()[:12]}"

    def heading(self) -> str:
        """Return a line that says how much of what trains and is scored."""
        sizes = (len(set(self.train.product)), len(self.train), len(self.test), len(set(self.test.units())))
        return "{} products; {} windows train, {} later ones of {} units are scored.".format(*sizes)


def cases(data: Path) -> list[Case]:
    """Return the seven days of one home, and all test-beds together."""
    folders = sorted(folder for folder in data.iterdir() if (folder / "devices.csv").is_file())
    every = load(read_testbeds(folders), selection=None)
    every = every.select(every.is_class())
    early = np.zeros(len(every), bool)
    for testbed in np.unique(every.testbed.astype(str)):
        rows = np.flatnonzero(every.testbed == testbed)
        early[rows] = first_days(every.select(rows)) if testbed == STEVENS else first_share(every.select(rows))
    home = every.testbed == STEVENS
    return [
        Case(f"{STEVENS}, days 1 to {TRAINING_DAYS}", every.select(early & home), every.select(~early & home)),
        Case("all test-beds", every.select(early), every.select(~early)),
    ]


def first_days(windows: LabelledWindows) -> np.ndarray:
    """Return which windows are of the first days."""
    days = day_of(windows.start)
    early: np.ndarray = days < np.unique(days)[TRAINING_DAYS]
    return early


def first_share(windows: LabelledWindows) -> np.ndarray:
    """Return which windows are of the first two thirds of their product's, by time."""
    early = np.zeros(len(windows), bool)
    for product in np.unique(windows.product.astype(str)):
        rows = np.flatnonzero(windows.product == product)
        early[rows[np.argsort(windows.start[rows], kind="stable")][: int(np.ceil(len(rows) * SHARE))]] = True
    return early


def measure(case: Case, family: str, group: str) -> dict[str, Any]:
    """Train, save, load and score one model."""
    started = time.process_time()
    trained = train(case.train, family_name=family, group=GROUPS[group], jobs=1, turns=())
    seconds = time.process_time() - started
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.headwise")
        trained.save(path)
        size = path.stat().st_size
        # Marks, which are the same whatever the family, are left out.
        found = evaluate(replace(load_model(path), knowledge=Knowledge()), case.test)
    averages = {
        f"{per}_{name}": getattr(getattr(found, per), name) for per in ("window", "device") for name in ("macro_f1", "accuracy", "count")
    }
    return {**averages, "seconds": round(seconds, 1), "bytes": size, "parameters": parameters(family)}


def parameters(family: str) -> dict[str, Any]:
    """Return a family's own parameters, on which its results depend."""
    return dict(sorted(maker(family, 0, jobs=1)().get_params().items()))


def table(heading: list[str], rows: list[list[str]]) -> list[str]:
    """Return a table in Markdown."""
    return ["| " + " | ".join(cells) + " |" for cells in (heading, ["---"] * len(heading), *rows)]


def report(measured: dict[Case, dict[str, dict[str, Any]]]) -> list[str]:
    """Return the lines of the page."""
    version = next(iter(measured)).train.version
    lines = [f"Made on {datetime.datetime.now(datetime.UTC).date().isoformat()}, features version {version}, seed 0.", ""]
    for case, results in measured.items():
        days = [day_name(day) for day in np.unique(day_of(case.test.start))]
        lines += [f"## {case.name[0].upper()}{case.name[1:]}", "", f"{case.heading()} Scored days: {days[0]} to {days[-1]}.", ""]
        for title, cell in CELLS.items():
            rows = [[f"`{family}`", *(cell(results.get(f"{family} {group}")) for group in GROUP_NAMES)] for family in names()]
            lines += [f"{title}:", "", *table(["family", *GROUP_NAMES], rows), ""]
    return lines


def _averages(per: str) -> Callable[[dict[str, Any] | None], str]:
    return lambda found: f"{found[f'{per}_macro_f1']:.4f} ({found[f'{per}_accuracy']:.4f})" if found else "not run"


CELLS: dict[str, Callable[[dict[str, Any] | None], str]] = {
    "Macro F1 (and accuracy) per window": _averages("window"),
    "Macro F1 (and accuracy) per device, all its scored windows together": _averages("device"),
    "Processor seconds of training and size of the model file": lambda found: (
        f"{found['seconds']:.0f} s, {found['bytes'] / 1e6:.1f} MB" if found else "not run"
    ),
}


def kept() -> dict[str, Any]:
    """Return the results of earlier runs."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


def keep(results: dict[str, Any]) -> None:
    """Write the results so far."""
    RESULTS.parent.mkdir(exist_ok=True)
    with replacing(RESULTS) as file:
        file.write(json.dumps(results, indent=1).encode())


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CHECKOUT.parent / "shared" / "data", help="folder of the test-beds")
    parser.add_argument("--families", nargs="+", choices=names(), default=names(), help="which to train (all)")
    parser.add_argument("--groups", nargs="+", choices=GROUP_NAMES, default=GROUP_NAMES, help="which to train (all)")
    parser.add_argument("--kept", action="store_true", help="train nothing: report what earlier runs kept")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/families.md")
    arguments = parser.parse_args()
    results, measured = kept(), {}
    for case in cases(arguments.data):
        of_case = results.setdefault(case.key(), {})
        for name in (f"{family} {group}" for group in arguments.groups for family in arguments.families):
            if arguments.kept:
                continue
            if of_case.get(name, {}).get("parameters") != parameters(name.split()[0]):
                of_case[name] = measure(case, *name.split())
                keep(results)
            print(case.name, name, of_case[name], flush=True)
        measured[case] = of_case
    lines = report(measured)
    print("\n".join(lines))
    if arguments.write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        with replacing(PAGE) as file:
            file.write("\n".join([before + BEGIN, "", *lines, END + rest.partition(END)[2]]).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
