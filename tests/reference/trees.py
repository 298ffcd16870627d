"""Plain-Python twin of the trees kernel: what the leaves of trees add up to."""

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
