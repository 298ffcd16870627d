"""What a device is to be called by the evidence alone: a name, a guess, or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["nothing", "guess", "name", "unknown"]


@dataclass(frozen=True)
class Decision:
    """What a device is to be called by the evidence alone.

    Attributes
    ----------
    verdict : "nothing", "guess", "name" or "unknown"
        Whether there is anything to tell by, and how firmly it tells.
    label : str or None
        The likeliest product, or the line of products that is named; ``unknown``; None where there is nothing to tell by.
    probability : float or None
        Of the label; of unknown, of the likeliest product.
    line : bool
        Whether the label is a line's, and not one product's.
    """

    verdict: Verdict
    label: str | None
    probability: float | None
    line: bool = False


NOTHING = Decision("nothing", None, None)


def fits(label: str | None, line: bool, other: str | None, other_line: bool) -> bool:
    """Tell whether two labels may be of one device: the same, or one a line that the other lies in."""
    if label is None or other is None:
        return False
    if line and other.startswith(f"{label}-"):
        return True
    if other_line and label.startswith(f"{other}-"):
        return True
    return (label, line) == (other, other_line)


def narrower(label: str | None, than: str | None) -> bool:
    """Tell whether a label is a product of a line, or a line inside it."""
    return label is not None and label.startswith(f"{than}-")


def members(label: str | None, line: bool, classes: Sequence[str]) -> list[int]:
    """Return the places among the classes of those that a label stands for; none where the classes do not know it."""
    return [place for place, name in enumerate(classes) if name == label or (line and name.startswith(f"{label}-"))]
