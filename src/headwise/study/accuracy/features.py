"""What each group of features is worth: left out, and alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from headwise.study.accuracy.ablation import compared, light, measured, measures_of
from headwise.study.accuracy.contenders import Contender
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.row import Row, Say
from headwise.windows import catalogue

TREES = 40
ALL = Contender("all features", "etc", {"twins_above": 1.0, "n_estimators": TREES}, weighs=True)


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the comparison."""
    measures = list(measures_of(data, say))
    if not measures:
        return []
    lines = [(each.name, measured(each, measures, light(effort), say)) for each in by_group()]
    about = (
        f"Extremely randomised trees ({TREES} of them, no specialists) with all features, without each group of the catalogue "
        "(docs/features.md), and with each alone; one seed, three start days, one draw, vendor off:"
    )
    return [compared("what each group of features is worth", about, lines)]


def by_group() -> Iterator[Contender]:
    """Yield the trees with all features, without each group of them, and with each group alone."""
    group = np.array([feature.group for feature in catalogue()])
    names = sorted(set(group.tolist()))
    yield ALL
    for name in names:
        yield replace(ALL, name=f"without {name}", columns=tuple(np.flatnonzero(group != name).tolist()))
    for name in names:
        yield replace(ALL, name=f"{name} alone", columns=tuple(np.flatnonzero(group == name).tolist()))
