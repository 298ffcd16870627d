"""Plain-Python twin of the trees kernel: what the leaves of trees add up to, and whether trees can be followed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

LEAF, MISSING, COLUMN = 1 << 31, 1 << 30, (1 << 30) - 1


def sums(
    nodes: Sequence[Mapping[str, Any]],
    values: Sequence[Mapping[str, Any]],
    roots: Iterable[int],
    rows: Iterable[Sequence[float]],
    kinds: int,
) -> list[list[np.float32]]:
    """Return the sums (rows x kinds) as the kernel adds them: float32, tree by tree."""
    found = []
    for row in rows:
        total = [np.float32(0)] * kinds
        for root in roots:
            node = nodes[root]
            while not int(node["column"]) & LEAF:
                value = row[int(node["column"]) & COLUMN]
                yes = bool(int(node["column"]) & MISSING) if math.isnan(value) else value <= node["threshold"]
                node = nodes[int(node["yes" if yes else "no"])]
            for place in range(int(node["yes"]), int(node["no"])):
                total[int(values[place]["kind"])] += values[place]["weight"]
        found.append(total)
    return found


def fault(nodes: Sequence[Mapping[str, Any]], values: Sequence[Mapping[str, Any]], roots: Sequence[int], columns: int, kinds: int) -> int:
    """Return the number of the first fault of trees, as `native/trees.h` numbers them, or 0 where they have none."""
    for own, node in enumerate(nodes):
        column, yes, no = (int(node[name]) for name in ("column", "yes", "no"))
        if column & LEAF:
            if not yes <= no <= len(values):
                return 3
        elif not (own < yes < len(nodes) and own < no < len(nodes)):
            return 1
        elif column & COLUMN >= columns:
            return 2
    if any(int(value["kind"]) >= kinds for value in values):
        return 4
    return 5 if any(root >= len(nodes) for root in roots) else 0
