"""Print, and write into docs/network.md, how networks do on later days and in other places, beside and together with trees.

    .venv/bin/python scripts/network_scores.py [--data FOLDER] [--of NAMES] [--only MEASURES] [--ablation] [--seeds N] [--jobs N] [--write]

Every split is by time or by place. Neither addresses nor the vendor are looked at.
"""

from __future__ import annotations

import argparse
import datetime
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from headwise.durable import replacing
from headwise.study.accuracy.row import table
from headwise.study.networks.contest import ABLATION, CONTESTANTS, Answer, Contestant, answer, average, figures
from headwise.study.networks.trials import Trial, read, trials
from headwise.testbeds import LabelledWindows

CHECKOUT = Path(__file__).resolve().parent.parent
MEASURES = ("days", "setups", "boots", "all", "places")
COLUMNS = ("days", "setups", "boots", "all", "units", "first", "three", "rank")
TREES = "etc"

_work: dict[str, tuple[LabelledWindows, Sequence[Trial]]] = {}


def _one(job: tuple[Contestant, int, int]) -> Answer:
    contestant, number, seed = job
    windows, splits = _work["all"]
    return answer(windows, splits[number], contestant, seed)


def answers(chosen: Mapping[str, Contestant], count: int, seeds: int, jobs: int) -> Iterator[tuple[str, list[list[Answer]]]]:
    """Yield each contestant's answers by trial and seed."""
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        for name, contestant in chosen.items():
            each = list(pool.map(_one, [(contestant, number, seed) for number in range(count) for seed in range(seeds)]))
            yield name, [each[number * seeds : (number + 1) * seeds] for number in range(count)]


def cells(name: str, said: Iterable[Answer]) -> list[str]:
    """Return a line of the table: of one answer a trial."""
    windows, splits = _work["all"]
    values: dict[str, list[float]] = {}
    for trial, each in zip(splits, said, strict=True):
        for measure, found in figures(windows, trial, each).items():
            values.setdefault(measure, []).extend(found)
    return [name, *(_text(measure, values.get(measure, [])) for measure in COLUMNS)]


def _text(measure: str, values: Sequence[float]) -> str:
    if not values:
        return "-"
    return f"{sum(values):.0f} of {len(values)}" if measure in ("first", "three") else f"{np.mean(values):.3f}"


def report(chosen: Mapping[str, Contestant], seeds: int, jobs: int) -> list[list[str]]:
    """Return the lines of the table: each contestant by seed and with its seeds averaged, then averages with the trees."""
    lines: list[list[str]] = []
    kept: dict[str, list[Answer]] = {}

    def add(name: str, said: Iterable[Answer]) -> None:
        lines.append(cells(name, said))
        print(*lines[-1], sep=" | ", flush=True)

    for name, by_trial in answers(chosen, len(_work["all"][1]), seeds, jobs):
        for seed in range(seeds):
            add(name if seeds == 1 else f"{name}, seed {seed}", [each[seed] for each in by_trial])
        kept[name] = [average(each) for each in by_trial]
        if seeds > 1:
            add(f"{name}, {seeds} seeds averaged", kept[name])
        if name != TREES and TREES in kept:
            add(f"{TREES} and {name} averaged", [average(both) for both in zip(kept[TREES], kept[name], strict=True)])
    return lines


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CHECKOUT.parent / "shared" / "data", help="folder of the test-beds")
    parser.add_argument("--of", help="contestants, separated by commas; all of them where not given")
    parser.add_argument("--only", default=",".join(MEASURES), help="kinds of split, separated by commas")
    parser.add_argument("--ablation", action="store_true", help="score what our network is without each of its parts instead")
    parser.add_argument("--seeds", type=int, default=1, help="trainings of each")
    parser.add_argument("--jobs", type=int, default=1, help="trainings at a time")
    parser.add_argument("--write", action="store_true", help="put the table into docs/network.md")
    arguments = parser.parse_args()
    every = ABLATION if arguments.ablation else CONTESTANTS
    chosen = {name: every[name] for name in arguments.of.split(",")} if arguments.of else every
    windows, files = read(arguments.data)
    _work["all"] = windows, [each for each in trials(windows, files) if each.measure in arguments.only.split(",")]
    lines = report(chosen, arguments.seeds, arguments.jobs)
    if arguments.write:
        write("ablation" if arguments.ablation else "scores", windows.version, lines)
    return 0


def write(block: str, version: int, lines: list[list[str]]) -> None:
    """Put a table between its two marks in docs/network.md; lines of other contestants stay if they are of the same features."""
    page = CHECKOUT / "docs" / "network.md"
    begin, end = f"<!-- {block}: begin -->", f"<!-- {block}: end -->"
    before, _, rest = page.read_text().partition(begin)
    old, _, after = rest.partition(end)
    features = f"features version {version}."
    rows = [line for line in old.splitlines() if line.startswith("|")]
    kept = [[cell.strip() for cell in row.strip("| ").split("|")] for row in rows[2:]]
    every = {line[0]: line for line in [*(kept if features in old else []), *lines]}
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    made = f"Made by `scripts/network_scores.py`, last on {today}, {features}"
    with replacing(page) as file:
        text = "\n".join([before + begin, "", made, "", *table(["", *COLUMNS], list(every.values())), "", end])
        file.write((text + after).encode())


if __name__ == "__main__":
    raise SystemExit(main())
