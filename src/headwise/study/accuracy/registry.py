"""Which module measures which rows of the table."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from headwise.errors import InputError
from headwise.study.accuracy.effort import Effort
from headwise.study.accuracy.row import Row, Say


@dataclass(frozen=True)
class Part:
    """A module of rows.

    Attributes
    ----------
    module : str
        Its name in this package.
    numbers : tuple of int
        Rows that it measures.
    takes_effort : bool
        Whether its ``rows`` is told how much to measure.
    """

    module: str
    numbers: tuple[int, ...]
    takes_effort: bool = True

    @property
    def names(self) -> list[str]:
        """What a person calls its rows."""
        return [str(number) if number != DETAILS else self.module for number in self.numbers]

    @property
    def rows(self) -> Callable[[Path, Say, Effort], list[Row]]:
        """What measures them; importing it imports what trains models."""
        found: Callable[..., list[Row]] = importlib.import_module(f"headwise.study.accuracy.{self.module}").rows
        return found if self.takes_effort else lambda data, say, _: found(data, say)


DETAILS = 0
"""Stands for what is no row of the table, and is asked for by the name of the module."""

PARTS = (
    Part("days", (1, 2)),
    Part("minutes", (3,)),
    Part("time_to_name", (4,), takes_effort=False),
    Part("setups", (5,)),
    Part("boots", (6,)),
    Part("everything", (7,)),
    Part("places", (8, 12)),
    Part("kinds", (9, 10)),
    Part("strangers", (11,)),
    Part("phases", (13,)),
    Part("nightly", (14,), takes_effort=False),
    Part("linking", (15,), takes_effort=False),
    Part("calibration", (16,)),
    Part("services", (17,)),
    Part("tricks", (DETAILS,)),
    Part("features", (DETAILS,)),
)


def chosen(text: str | None) -> Sequence[Part]:
    """Return the parts that measure the rows a person names: ``8,9`` or ``features``; all by default.

    Raises
    ------
    InputError
        Where one is no row.
    """
    if text is None:
        return PARTS
    known = {name: part for part in PARTS for name in part.names}
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            raise InputError(f"no row '{name}'", where="--rows", do=f"take some of {', '.join(sorted(known, key=lambda n: (len(n), n)))}")
    return [part for part in PARTS if part in [known[name] for name in names]]
