"""Print, and write into docs/accuracy.md, how right forests and trees are on later days of real captures.

    .venv/bin/python scripts/accuracy.py [--data FOLDER] [--write]

Splits are by time alone: whole UTC days of stevens-2019, earlier set-ups against later ones of aalto-2016.
"""

from __future__ import annotations

import argparse
import datetime
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headwise.durable import replacing
from headwise.models.scores import score
from headwise.models.training import maker
from headwise.testbeds import LabelledWindows, day_name, day_of, load, parse_period, read_testbeds

CHECKOUT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- accuracy: begin -->", "<!-- accuracy: end -->"
FAMILIES = ("rfc", "dtc")
SEEDS = (0, 1, 2)
# A product's earliest set-ups that train; the rest are scored.
SHARES = (0.5, 0.6, 0.75)
# Days on which all set-ups divide into those that train and those that are scored.
DATES = ("2016-09-01", "2016-09-05", "2016-09-06")


@dataclass
class Tally:
    """Scores under one heading, and which classes were taken for which."""

    values: list[float] = field(default_factory=list)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def cell(self) -> str:
        """Return mean, least and most."""
        return f"{np.mean(self.values):.4f} ({min(self.values):.4f} to {max(self.values):.4f}, {len(self.values)})"


def rows_of(windows: LabelledWindows) -> np.ndarray:
    """Return the features; forests and trees look at no sequence."""
    return windows.features


def fit_and_score(
    windows: LabelledWindows, family: str, seed: int, train: np.ndarray, tests: dict[int, np.ndarray]
) -> Iterator[tuple[int, Tally]]:
    """Train once; yield the macro F1 of each set of rows with its confusions."""
    model = maker(family, seed)().fit(rows_of(windows)[train], windows.product[train].astype(str))
    for key, rows in tests.items():
        truth, found = windows.product[rows], model.classes_[model.predict_proba(rows_of(windows)[rows]).argmax(axis=1)]
        wrong = truth != found
        yield key, Tally([score(truth, found).macro_f1], Counter(zip(truth[wrong], found[wrong], strict=True)))


def by_days_ahead(
    windows: LabelledWindows, family: str, days: int, say: Callable[[str], None], starts: dict[str, Tally]
) -> dict[int, Tally]:
    """Train on `days` days in a row, from every start day; score every later day by how far ahead it is.

    The same scores go into `starts` by start day.
    """
    day = day_of(windows.start)
    every = np.unique(day)
    tallies: dict[int, Tally] = {}
    for seed in SEEDS:
        for start in every[:-days]:
            train = np.flatnonzero((day >= start) & (day < start + days))
            later = {int(d - start - days + 1): np.flatnonzero(day == d) for d in every[every >= start + days]}
            for ahead, tally in fit_and_score(windows, family, seed, train, later):
                kept = tallies.setdefault(ahead, Tally())
                kept.values += tally.values
                kept.confused += tally.confused
                starts.setdefault(f"{day_name(start)}, {len(train)} windows", Tally()).values += tally.values
        say(f"{family}, {days} days, seed {seed}")
    return dict(sorted(tallies.items()))


def by_split(windows: LabelledWindows, family: str, splits: dict[str, np.ndarray], say: Callable[[str], None]) -> dict[str, Tally]:
    """Train on the rows of each split, score all others."""
    tallies: dict[str, Tally] = {}
    for name, train in splits.items():
        test = np.setdiff1d(np.arange(len(windows)), train)
        tallies[name] = Tally()
        for seed in SEEDS:
            for _, tally in fit_and_score(windows, family, seed, train, {0: test}):
                tallies[name].values += tally.values
                tallies[name].confused += tally.confused
        say(f"{family}, {name}")
    return tallies


def splits_of(windows: LabelledWindows) -> dict[str, np.ndarray]:
    """Return the rows that train, by what is said of the split."""
    shares = {f"first {share:.0%} of each product's": earliest(windows, share) for share in SHARES}
    dates = {f"all before {date}": before(windows, date) for date in DATES}
    return {f"{name} ({len(rows)}, scored {len(windows) - len(rows)})": rows for name, rows in (shares | dates).items()}


def before(windows: LabelledWindows, date: str) -> np.ndarray:
    """Return the positions of the windows that ended before a date."""
    return np.flatnonzero(parse_period(None, date).holds(windows.start, windows.length_s))


def earliest(windows: LabelledWindows, share: float) -> np.ndarray:
    """Return the positions of each product's first `share` of windows, by time."""
    parts = []
    for product in np.unique(windows.product.astype(str)):
        rows = np.flatnonzero(windows.product == product)
        parts.append(rows[np.argsort(windows.start[rows], kind="stable")][: round(len(rows) * share)])
    return np.sort(np.concatenate(parts))


def table(heading: list[str], rows: list[list[str]]) -> list[str]:
    """Return a table in Markdown."""
    return ["| " + " | ".join(cells) + " |" for cells in (heading, ["---"] * len(heading), *rows)]


def confusions(tally: Tally) -> str:
    """Return the most frequent confusions in words."""
    return "; ".join(f"{a} taken for {b} ({count})" for (a, b), count in tally.confused.most_common(8)) or "none"


def report(data: Path, say: Callable[[str], None]) -> list[str]:
    """Return the lines of the report."""
    stevens = load(read_testbeds([data / "stevens-2019"]))
    aalto = load(read_testbeds([data / "aalto-2016"]), length="capture")
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    lines = [f"Made on {today} by `scripts/accuracy.py`, features version {stevens.version}, seeds {', '.join(map(str, SEEDS))}.", ""]
    for days in (7, 1):
        starts: dict[str, dict[str, Tally]] = {family: {} for family in FAMILIES}
        found = {family: by_days_ahead(stevens, family, days, say, starts[family]) for family in FAMILIES}
        lines += [f"### stevens-2019: trained on {days} day{'s' * (days > 1)}, windows of 600 s", "", _POOL, ""]
        lines += table(["days ahead", *FAMILIES], [[str(n), *(found[f][n].cell() for f in FAMILIES)] for n in found["rfc"]])
        lines += ["", "The same scores by the first training day:", ""]
        lines += table(["first day", *FAMILIES], [[start, *(starts[f][start].cell() for f in FAMILIES)] for start in starts["rfc"]])
        whole = Tally(confused=sum((tally.confused for tally in found["rfc"].values()), Counter()))
        lines += ["", f"What the forest confuses most: {confusions(whole)}.", ""]
    setups = {family: by_split(aalto, family, splits_of(aalto), say) for family in FAMILIES}
    lines += ["### aalto-2016: earlier set-ups train, later ones are scored", "", "Macro F1 per set-up: mean over the seeds.", ""]
    lines += table(["set-ups that train", *FAMILIES], [[name, *(setups[f][name].cell() for f in FAMILIES)] for name in setups["rfc"]])
    whole = Tally(confused=sum((tally.confused for tally in setups["rfc"].values()), Counter()))
    return [*lines, "", f"What the forest confuses most, all rows together: {confusions(whole)}.", ""]


_POOL = "Macro F1 per window: mean over every start day and seed (least to most, number of scores)."


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CHECKOUT.parent / "shared" / "data", help="folder of the test-beds")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/accuracy.md")
    arguments = parser.parse_args()
    lines = report(arguments.data, lambda text: print(text, flush=True))
    print("\n".join(lines))
    if arguments.write:
        page = CHECKOUT / "docs" / "accuracy.md"
        before, _, rest = page.read_text().partition(BEGIN)
        with replacing(page) as file:
            file.write("\n".join([before + BEGIN, "", *lines, END + rest.partition(END)[2]]).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
