"""Times between packets of one direction."""

from __future__ import annotations

from headwise.windows._raw import QUANTILES
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import WAYS, Group, count, known, share, spread


def definitions() -> list[Definition]:
    """Return the group ``gaps``."""
    group = Group("gaps")
    for way, name in WAYS:
        _add(group, way, name)
    return group.found


def _add(group: Group, way: int, name: str) -> None:
    add = group.adder(f"gap_{{}}_{name}", name, f"{{}} between packets {name}; NaN where there were less than two")
    gaps, sums = count("by", way, "gaps"), count("by", way, "gap_sum")
    add("mean", "s", "Mean gap", share(sums, gaps))
    add("std", "s", "Standard deviation of gaps", spread(gaps, sums, count("by", way, "gap_squares")))
    for index, percent in enumerate(QUANTILES):
        meaning = f"Shortest gap, in steps (see Times), that at least {percent} % of gaps do not exceed,"
        add(f"q{percent}", "s", meaning, known(gaps, count("by", way, "gap_quantile", index)))
    add("mode", "s", "Most common gap, in steps, of equals the shortest,", known(gaps, count("by", way, "gap_mode")))
    add("mode_share", "share", "Share of the most common gap", share(count("by", way, "gap_mode_count"), gaps))
