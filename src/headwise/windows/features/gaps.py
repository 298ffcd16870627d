"""Times between packets of one direction."""

from __future__ import annotations

from headwise.windows._raw import QUANTILES
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import WAYS, Group, share, spread, way, where


def definitions() -> list[Definition]:
    """Return the group ``gaps``."""
    group = Group("gaps")
    for direction, name in WAYS:
        _add(group, direction, name)
    return group.found


def _add(group: Group, d: int, name: str) -> None:
    def add(start: str, unit: str, meaning: str, formula) -> None:  # type: ignore[no-untyped-def]
        text = f"{meaning} between packets {name}; NaN where there were less than two"
        group.add(f"gap_{start}_{name}", unit, name, text, lambda raw: formula(way(raw, d)))

    add("mean", "s", "Mean gap", lambda by: share(by["gap_sum"], by["gaps"]))
    add("std", "s", "Standard deviation of gaps", lambda by: spread(by["gaps"], by["gap_sum"], by["gap_squares"]))
    for index, percent in enumerate(QUANTILES):
        meaning = f"Smallest gap that at least {percent} % of gaps do not exceed, in steps (see Times),"
        add(f"q{percent}", "s", meaning, lambda by, i=index: where(by["gaps"], by["gap_quantile"][:, i]))
    add("mode", "s", "Most common gap, in steps,", lambda by: where(by["gaps"], by["gap_mode"]))
    add("mode_share", "share", "Gaps that are the most common,", lambda by: share(by["gap_mode_count"], by["gaps"]))
