"""Row 6: what devices do when they start, in modes of interception that were not in training."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from headwise.study.accuracy.beds import read_bed, teaches, time_line
from headwise.study.accuracy.contenders import NS, OURS, PLAIN
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.row import Row, Say, in_words
from headwise.study.accuracy.trials import by_window
from headwise.testbeds import LabelledWindows
from headwise.testbeds.interactions import Interaction

BED = "boston-2021"
# In these the device's connections get through after a failure: nearest to what a home sees.
SCORED = (3, 4, 5)
NO_MODE = -1
_MODE = re.compile(r"power-on/interception-(\d+):")


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return row 6."""
    windows = read_bed(data, BED, say)
    if windows is None:
        return []
    train, test = boot_split(windows, time_line(data, BED, say))
    if not teaches(windows, train, test):
        say(f"{BED} has no boots in modes of both kinds: row 6 is left out")
        return []
    plain, ours = (by_window(windows, train, test, each, effort) for each in (PLAIN, OURS))
    say(f"row 6: plain {plain.spread.text()}, headwise {ours.spread.text()}")
    return [
        Row(
            6,
            "macro F1 per boot, trained on interception modes 0-2 and 6-8, scored on 3-5",
            BED,
            plain.spread.text(),
            ours.spread.text(),
            "0.90",
            values={"plain": plain.spread.mean, "headwise": ours.spread.mean},
            notes=[
                f"{len(train)} boots train, {len(test)} are scored, each a capture of its own of the device that starts.",
                f"What headwise confuses, all seeds together: {in_words(ours.confused)}.",
            ],
        )
    ]


def boot_split(windows: LabelledWindows, interactions: list[Interaction]) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of the boots that train and of those that are scored."""
    mode = modes(windows, interactions)
    scored = np.isin(mode, SCORED)
    return np.flatnonzero((mode != NO_MODE) & ~scored), np.flatnonzero(scored)


def modes(windows: LabelledWindows, interactions: list[Interaction]) -> np.ndarray:
    """Return the mode of the boot that each window is of; `NO_MODE` where another device's boot was captured."""
    found = np.full(len(windows), NO_MODE)
    end = windows.start + np.round(windows.length_s * NS).astype(np.int64)
    for each in interactions:
        match = _MODE.match(each.action)
        if match:
            found[(windows.unit == each.unit) & (windows.start <= each.end) & (end >= each.start)] = int(match[1])
    return found
