"""Windows of several made-up test-beds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headwise.testbeds import LabelledWindows, join
from tests.models.synthetic import synthetic_windows


def two_beds(classes: int = 6, away: int = 2, spread: float = 1.0) -> LabelledWindows:
    """Return the windows of `north`, with all products, and of `south`, without the last `away` ones."""
    north = named(synthetic_windows(classes, days=4, each=6, spread=spread), "north")
    south = named(synthetic_windows(classes, days=4, each=6, seed=1, spread=spread), "south")
    last = [f"product-{classes - 1 - number}" for number in range(away)]
    return join([north, south.select(~np.isin(south.product, last))])


def named(windows: LabelledWindows, bed: str) -> LabelledWindows:
    """Return the windows as of another test-bed."""
    return replace(windows, testbed=np.full(len(windows), bed, object))
