"""One line of the table of accuracy, and the numbers behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

Say = Callable[[str], None]


def silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Spread:
    """Several measurements of one thing: over start days, splits or seeds."""

    mean: float
    least: float
    most: float
    count: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Return the spread of at least one measurement."""
        each = [float(value) for value in values]
        return cls(sum(each) / len(each), min(each), max(each), len(each))

    def text(self, digits: int = 3) -> str:
        """Return ``mean (least to most, count)``, or the one value where there is one."""
        if self.count == 1:
            return f"{self.mean:.{digits}f}"
        return f"{self.mean:.{digits}f} ({self.least:.{digits}f} to {self.most:.{digits}f}, {self.count})"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    number : int
        Of the measure; several lines may share one.
    measure : str
        What is measured, in a few words.
    where : str
        Test-beds.
    plain : str
        What a random forest of 500 trees on the window features gives in the same run, ``-`` where that makes no sense.
    found : str
        What headwise gives.
    reach : str
        What was hoped for.
    values : mapping of str to float
        Every number, by name, for whoever compares runs.
    notes : sequence of str
        Sentences: how it was split, what was confused with what, what failed.
    details : sequence of str
        Further tables, as lines of Markdown.
    series : mapping of str to sequence of (float, float)
        Points of figures, by the name of the curve.
    """

    number: int
    measure: str
    where: str
    plain: str
    found: str
    reach: str
    values: Mapping[str, float] = field(default_factory=dict)
    notes: Sequence[str] = ()
    details: Sequence[str] = ()
    series: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the object that is kept beside the document."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Row:
        """Return the row that `to_json` gave."""
        return cls(**content)


def table(heading: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    """Return a table in Markdown."""
    return ["| " + " | ".join(cells) + " |" for cells in (heading, ["---"] * len(heading), *lines)]


def in_words(confused: Counter[tuple[str, str]], most: int = 8) -> str:
    """Return the most frequent confusions (truth, called) in words."""
    return "; ".join(f"{truth} taken for {called} ({count})" for (truth, called), count in confused.most_common(most)) or "nothing"
