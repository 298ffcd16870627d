"""Row 14: nightly retraining on labels that the home gave itself, against none."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from headwise.identity.night import NightSettings
from headwise.study.accuracy.row import Row, Say, table
from headwise.study.replay_home import Day, base_model, began, days_of, replayed
from headwise.testbeds import load, read_testbeds
from headwise.testbeds.labelled import join

# First day and number of days that train the model that a home begins with.
STARTS = {
    "stevens-2019": ((0, 1), (3, 1), (6, 1), (0, 3), (3, 3)),
    "floridatech-2021": ((0, 1), (0, 2)),
}
# What else a night does is no part of the score; nor is the vendor, since the same units train.
SETTINGS = NightSettings(watch=False, use_vendor=False)


def rows(data: Path, say: Say) -> list[Row]:
    """Return the row, of the test-beds that are there."""
    lives = {name: lives_of(data / name, starts, say) for name, starts in STARTS.items() if (data / name).is_dir()}
    return [row_of(lives)] if lives else []


Lives = dict[tuple[int, int], list[Day]]


def lives_of(folder: Path, starts: Iterable[tuple[int, int]], say: Say) -> Lives:
    """Return the days of a home that begins with a model of its first days, by start."""
    days = days_of(load(read_testbeds([folder]), sequence=0))
    found: Lives = {}
    for first, count in starts:
        with tempfile.TemporaryDirectory() as place:
            base = base_model(join(days[first : first + count]), Path(place) / "base.headwise")
            found[first, count] = list(replayed(began(Path(place) / "home", base), days[first + count :], SETTINGS))
        say(f"{folder.name}: home begins with day {first + 1} to {first + count}")
    return found


def row_of(lives: dict[str, Lives]) -> Row:
    """Return the row of the homes' days."""
    every = [day for of_home in lives.values() for days in of_home.values() for day in days]
    worse = [day for day in every if day.found < day.without - 1e-9]
    better = sum(day.found > day.without + 1e-9 for day in every)
    gain = float(np.mean([day.found - day.without for day in every]))
    loss = max((day.without - day.found for day in every), default=0.0)
    events = Counter(event.kind for day in every for event in day.events if event.device is None)
    most = max((day.missed for day in worse), default=0)
    return Row(
        14,
        "nightly self-labelled retraining against none, macro F1 a window by day",
        ", ".join(lives),
        "-",
        f"worse on {len(worse)} of {len(every)} days, better on {better}; mean gain {gain:+.4f}, largest loss {loss:.4f}",
        "never worse on any day",
        {"days": len(every), "worse": len(worse), "better": better, "mean_gain": gain, "largest_loss": loss, "most_windows_lost": most},
        [
            f"No label is given after the days that train; models promoted {events['promoted']}, not promoted {events['kept']}, "
            f"rolled back {events['rolled-back']}.",
            *([f"On the days that were worse, at most {most} more of about {worse[0].windows} windows were wrong."] if worse else []),
        ],
        [line for name, of_home in lives.items() for line in _details(name, of_home)],
        {
            f"{name}, {what}": [(float(number), value) for number, value in enumerate(values, start=1)]
            for name, of_home in lives.items()
            for what, values in _curves(next(iter(of_home.values())))
        },
    )


def _curves(days: list[Day]) -> Iterable[tuple[str, list[float]]]:
    yield "never retrained", [day.without for day in days]
    yield "retrained nightly", [day.found for day in days]


def _details(name: str, of_home: Lives) -> list[str]:
    heading = ["day", *(f"days {first + 1} to {first + count} train" for first, count in of_home)]
    names = sorted({day.name for days in of_home.values() for day in days})
    by_day = {key: {day.name: day for day in days} for key, days in of_home.items()}
    lines = [[each, *(_cell(by_day[key].get(each)) for key in of_home)] for each in names]
    return [f"{name}, never retrained > retrained nightly:", "", *table(heading, lines), ""]


def _cell(day: Day | None) -> str:
    return "" if day is None else f"{day.without:.4f} > {day.found:.4f}"
