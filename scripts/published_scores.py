"""Repeat the published study on one home: models of flows trained on one day, scored on each later day; writes docs/published.md.

    .venv/bin/python scripts/published_scores.py [--data FOLDER] [--families F ...] [--starts N] [--write]

Flows, their features and the networks' layers are those of published work (`headwise train --features kolcun2020 --shape published`);
beside them stands what headwise makes of its own windows of the same days.
"""

from __future__ import annotations

import argparse
import datetime
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headwise.durable import replacing
from headwise.models import GROUPS, train
from headwise.models.families import family, is_network
from headwise.models.folds import last_days
from headwise.models.groups import fit_members
from headwise.models.model import rows_of
from headwise.models.scores import score
from headwise.models.training import maker
from headwise.study.accuracy.row import Spread
from headwise.testbeds import LabelledWindows, Length, day_name, day_of, load, read_testbeds

CHECKOUT = Path(__file__).resolve().parent.parent
PAGE = CHECKOUT / "docs" / "published.md"
BEGIN, END = "<!-- published: begin -->", "<!-- published: end -->"
TESTBED = "stevens-2019"
FAMILIES = ("fc", "lstm", "conv1d", "rfc", "dtc")
OURS = "headwise (`etc`, windows)"
# A day of less than these flows is one of which hours are missing.
WHOLE_DAY = 9000


@dataclass(frozen=True)
class Scored:
    """Macro F1 of one model on one later day."""

    ahead: int
    single: float
    device: float


def read(data: Path, length: Length) -> LabelledWindows:
    """Return the flows or windows of the home whose product is something to learn, in the order of time."""
    windows = load(read_testbeds([data / TESTBED]), length=length, sequence=1)
    windows = windows.select(windows.is_class())
    return windows.select(np.argsort(windows.start, kind="stable"))


def by_day(windows: LabelledWindows, day: int) -> LabelledWindows:
    """Return what is of one UTC day."""
    return windows.select(day_of(windows.start) == day)


def of_flows(name: str, learn: LabelledWindows, later: list[LabelledWindows]) -> Iterator[np.ndarray]:
    """Train a family on a day of flows; yield what each later day's flows are called: probabilities, columns sorted by product."""
    parameters: dict[str, str | int] = {"shape": "published"} if is_network(family(name)()) else {}
    if "sequence_length" in family(name)().get_params():
        parameters["sequence_length"] = 0
    make = maker(name, 0, parameters, jobs=1)
    labels = learn.product.astype(str)
    rows = rows_of(learn.features, learn.sequence, 0)
    held = last_days(learn.start, labels) if parameters else None
    members = fit_members(make, GROUPS["all-device"], rows, labels, validation=held)
    for day in later:
        yield members.probabilities(rows_of(day.features, day.sequence, 0))


def of_windows(learn: LabelledWindows, later: list[LabelledWindows]) -> Iterator[np.ndarray]:
    """Do the same with headwise's own windows."""
    trained = train(learn, family_name="etc", group=GROUPS["all-device"], jobs=1, replay=0, turns=())
    for day in later:
        yield trained.probabilities(day)


def scored(windows: LabelledWindows, start: int, found: Iterator[np.ndarray], days: list[int], classes: np.ndarray) -> Iterator[Scored]:
    """Yield the scores of each later day: of single flows or windows, and of each device by the mean logarithm of all of its day."""
    for day, probabilities in zip(days, found, strict=True):
        of = by_day(windows, day)
        truth = of.product.astype(str)
        called = classes[probabilities.argmax(axis=1)]
        devices = np.unique(of.device)
        together = [np.log(np.maximum(probabilities[of.device == each], 0.005)).mean(axis=0).argmax() for each in devices]
        whole = [truth[np.flatnonzero(of.device == each)[0]] for each in devices]
        yield Scored(day - start, score(truth, called).macro_f1, score(np.array(whole), classes[together]).macro_f1)


def main() -> None:
    """Train, score, print the page's table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CHECKOUT.parent / "shared" / "data")
    parser.add_argument("--families", nargs="+", default=FAMILIES)
    parser.add_argument("--starts", type=int, default=3, help="first days, spread over those that are whole")
    parser.add_argument("--write", action="store_true", help="write the table into docs/published.md")
    arguments = parser.parse_args()
    flows, windows = read(arguments.data, "flow"), read(arguments.data, 600.0)
    days, counts = np.unique(day_of(flows.start), return_counts=True)
    fit = [int(day) for day, count in zip(days, counts, strict=True) if count >= WHOLE_DAY and day < days[-1]]
    starts = [fit[place] for place in np.unique(np.linspace(0, len(fit) - 4, arguments.starts).astype(int))]
    measured: dict[str, list[Scored]] = defaultdict(list)
    for start in starts:
        later = [int(day) for day in days if day > start]
        for name in (*arguments.families, OURS):
            began, of = time.process_time(), windows if name == OURS else flows
            learn, tests = by_day(of, start), [by_day(of, day) for day in later]
            found = of_windows(learn, tests) if name == OURS else of_flows(name, learn, tests)
            classes = np.unique(learn.product.astype(str))
            measured[name] += scored(of, start, found, later, classes)
            print(f"{day_name(start)} {name}: {time.process_time() - began:.0f} s of processor", flush=True)
    lines = report(measured, starts)
    print("\n".join(lines))
    if arguments.write:
        page = PAGE.read_text()
        begin, end = page.index(BEGIN) + len(BEGIN), page.index(END)
        with replacing(PAGE) as file:
            file.write("\n".join([page[:begin], "", *lines, page[end:]]).encode())


def report(measured: dict[str, list[Scored]], starts: list[int]) -> list[str]:
    """Return the lines of the page: a table of single flows and one of devices."""
    made = datetime.datetime.now(datetime.UTC).date().isoformat()
    lines = [f"Made on {made}, seed 0, one day of training each: {', '.join(day_name(day) for day in starts)}.", ""]
    for title, value in (("flow or window", "single"), ("device, all of its day together", "device")):
        ahead = sorted({each.ahead for found in measured.values() for each in found})
        lines += [f"Macro F1 per {title}, by days ahead:", ""]
        lines += ["| model | " + " | ".join(map(str, ahead)) + " |", "| " + " | ".join(["---"] * (len(ahead) + 1)) + " |"]
        for name, found in measured.items():
            cells = [Spread.of(getattr(each, value) for each in found if each.ahead == day) for day in ahead]
            called = name if name == OURS else f"`{name}`, flows"
            lines.append(f"| {called} | " + " | ".join(f"{cell.mean:.3f}" for cell in cells) + " |")
        lines.append("")
    return lines


if __name__ == "__main__":
    main()
