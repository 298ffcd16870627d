"""What a device is to be called by the evidence alone: a name, a guess, or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Firmness = Literal["nothing", "guess", "name", "unknown"]

SURE = 0.8
"""Probability from which a name is no guess any more."""
ENOUGH, LEAST = 0.5, 0.02
"""Evidence, in independent windows, from which a name is no guess any more, and under which nothing is said."""


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
    since : int or None
        From when on the evidence has been for the likeliest product: ns since 1970 UTC; None where nobody told.
    """

    verdict: Firmness
    label: str | None
    probability: float | None
    line: bool = False
    since: int | None = None


NOTHING = Decision("nothing", None, None)


def state_of(amount: float, *, known: bool, sure: bool) -> str:
    """Return the state of a device by the evidence alone, one of `headwise.identity.STATES`.

    Parameters
    ----------
    amount : float
        Of evidence, in independent windows.
    known : bool
        Whether it is like something that the model knows. Of so little that it is like nothing says nothing yet.
    sure : bool
        Whether it is sure enough of what it is.
    """
    if amount < ENOUGH:
        return "guessing" if known else "new"
    return "unknown" if not known else "named" if sure else "guessing"


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
