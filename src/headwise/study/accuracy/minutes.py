"""Row 3: windows of a minute, one decision a minute from what came before."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from headwise.identity import Evidence
from headwise.models.scores import score
from headwise.models.voting import FLOOR
from headwise.study.accuracy.beds import read_bed, teaches
from headwise.study.accuracy.contenders import NS, OURS, PLAIN, Fitted, fit
from headwise.study.accuracy.days import BED, WEEK, later_days
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.row import Row, Say, Spread
from headwise.study.accuracy.splits import by_days, starts_of
from headwise.testbeds import LabelledWindows
from headwise.windows import content_weights

MINUTE_S = 60.0
DAYS = 1


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return row 3."""
    windows = read_bed(data, BED, say, MINUTE_S)
    if windows is None or not starts_of(windows, DAYS):
        return []
    plain: list[float] = []
    alone: list[float] = []
    ours: list[float] = []
    starts = effort.some(starts_of(windows, DAYS))
    for start in starts:
        train = by_days(windows, start, DAYS)
        if not teaches(windows, train, train):
            continue
        forest, trees = (fit(each, windows.select(train), 0, effort.jobs) for each in (PLAIN, OURS))
        for ahead, test in later_days(windows, start + DAYS):
            if ahead <= WEEK:
                day = windows.select(test)
                plain.append(score(day.product, forest.names(day.features)).macro_f1)
                alone.append(score(day.product, trees.names(day.features)).macro_f1)
                ours.append(score(day.product, running(trees, day)).macro_f1)
        if not ours:
            continue
        say(f"row 3: {len(ours)} days scored, so far {Spread.of(ours).text()}")
    if not ours:
        say(f"{BED} has no day with two products and a later one within {WEEK} days: row 3 is left out")
        return []
    return [_row(Spread.of(plain), Spread.of(alone), Spread.of(ours), len(starts))]


def running(model: Fitted, windows: LabelledWindows) -> np.ndarray:
    """Return what each unit is called at the end of each of its windows, by that one and those before it.

    Parameters
    ----------
    windows : LabelledWindows
        Of n windows, in the order of time.
    """
    logarithms = np.log(np.maximum(model.probabilities(windows.features), FLOOR))
    weight = content_weights(windows.features, windows.names)
    end = windows.start + np.round(windows.length_s * NS).astype(np.int64)
    evidence: dict[str, Evidence] = {}
    called = []
    for row, unit in enumerate(windows.units().tolist()):
        known = evidence.setdefault(unit, Evidence(model.classes.tolist()))
        known.add(int(end[row]), logarithms[row], float(weight[row]))
        called.append(known.posterior().label)
    return np.array(called, object)


def _row(plain: Spread, alone: Spread, ours: Spread, starts: int) -> Row:
    return Row(
        3,
        "the same with windows of 60 s, one decision a minute from what came before",
        BED,
        f"{plain.text()} alone",
        ours.text(),
        "0.97",
        values={"plain": plain.mean, "headwise, each window alone": alone.mean, "headwise": ours.mean, "headwise, least": ours.least},
        notes=[
            f"headwise's trees on each minute alone: {alone.text()}. The evidence of a device starts anew at midnight (UTC) of each day "
            f"that is scored: nothing of the days before counts but the model. {starts} first days of training, seed 0."
        ],
    )
