"""Which windows train and which are scored: by time alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headwise.models.groups import spread
from headwise.testbeds import LabelledWindows, day_name, day_of

# Of each unit's windows, the earlier ones that train a model of all test-beds.
EARLIER = 0.7
MOST_OF_A_UNIT = 150
SHARES = (0.5, 0.6, 0.75)
# Of the products, for a day that divides all set-ups into earlier and later ones; and of the set-ups, those that are scored at least.
NEARLY_ALL = 0.95
LEAST_SCORED = 0.2


def by_days(windows: LabelledWindows, start: int, days: int) -> np.ndarray:
    """Return the positions of the windows of so many UTC days from one (a number of days since 1970) on."""
    day = day_of(windows.start)
    return np.flatnonzero((day >= start) & (day < start + days))


def starts_of(windows: LabelledWindows, days: int) -> list[int]:
    """Return the days from which on there are so many days of training and one to score."""
    every = np.unique(day_of(windows.start))
    return [int(day) for day in every if day + days <= every[-1]]


def setup_splits(windows: LabelledWindows) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what is said of each split of set-ups with the positions that train: each product's earliest ones, or all before a day."""
    for share in SHARES:
        yield f"first {share:.0%} of each product's", earliest(windows, share)
    day = day_of(windows.start)
    for date in _cuts(windows):
        yield f"all before {day_name(date)}", np.flatnonzero(day < date)


def earliest(windows: LabelledWindows, share: float) -> np.ndarray:
    """Return the positions of each product's first `share` of windows, by time."""
    parts = []
    for product in np.unique(windows.product.astype(str)):
        rows = in_time(windows, np.flatnonzero(windows.product == product))
        parts.append(rows[: round(len(rows) * share)])
    return np.sort(np.concatenate(parts))


def each_units(windows: LabelledWindows, share: float = EARLIER) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of each unit's earlier windows, and of the later ones: whole days where it was seen on more than one."""
    early: list[np.ndarray] = []
    late: list[np.ndarray] = []
    units = windows.units().astype(str)
    for unit in np.unique(units):
        rows = in_time(windows, np.flatnonzero(units == unit))
        count = _cut(day_of(windows.start[rows]), share)
        early.append(rows[:count])
        late.append(rows[count:])
    return np.sort(np.concatenate(early)), np.sort(np.concatenate(late))


def at_most(windows: LabelledWindows, rows: np.ndarray, most: int = MOST_OF_A_UNIT) -> np.ndarray:
    """Return the positions without those of chatty units that are too many: so many of each unit remain, spread over its time."""
    units = windows.units()[rows].astype(str)
    return in_time(windows, np.concatenate([spread(in_time(windows, rows[units == unit]), most) for unit in np.unique(units)]))


def seen(windows: LabelledWindows, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Return the positions to score without those of products that are not trained: no name of theirs can be right."""
    return test[np.isin(windows.product[test], np.unique(windows.product[train].astype(str)))]


def shared(windows: LabelledWindows) -> list[tuple[str, str]]:
    """Return the products that are in more than one test-bed, with each test-bed."""
    pairs = sorted(set(zip(windows.product.tolist(), windows.testbed.tolist(), strict=True)))
    products = [product for product, _ in pairs]
    return [(product, testbed) for product, testbed in pairs if products.count(product) > 1]


def _cut(days: np.ndarray, share: float) -> int:
    every, first = np.unique(days, return_index=True)
    if len(every) == 1:
        return max(1, round(len(days) * share))
    # The last day to begin by then trains not; one day at least does, and one is scored.
    return int(first[1:][np.argmin(np.abs(first[1:] - share * len(days)))])


def _cuts(windows: LabelledWindows) -> list[int]:
    """Return the first, the middle and the last day before which nearly all products were seen and after which enough is left to score."""
    day = day_of(windows.start)
    products = len(set(windows.product.tolist()))
    fit = [
        date
        for date in np.unique(day).tolist()
        if len(set(windows.product[day < date].tolist())) >= NEARLY_ALL * products and (day >= date).mean() >= LEAST_SCORED
    ]
    return sorted({fit[0], fit[len(fit) // 2], fit[-1]}) if fit else []


def in_time(windows: LabelledWindows, rows: np.ndarray) -> np.ndarray:
    """Return positions in the order of time."""
    return rows[np.argsort(windows.start[rows], kind="stable")]


def of_units(windows: LabelledWindows, values: np.ndarray) -> dict[str, str]:
    """Return a value of each unit that is the same for all its windows, such as its product."""
    return dict(zip(windows.units().tolist(), values.tolist(), strict=True))
