"""How far a training is: a share from 0 to 1 and a word on it, handed down to what trains."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[float, str], None]
"""Takes the share that is done, and what there is to say of it, such as the loss."""


def silent(share: float, note: str) -> None:
    """Tell nobody."""


def part(tell: Tell, number: int, count: int) -> Tell:
    """Return what tells of one of `count` equal parts of the work."""
    return lambda share, note: tell((number + share) / count, note)


def within(tell: Tell, number: int, count: int) -> Callable[[int, int, float], None]:
    """Return what a network in training tells: passes done, their most, and the loss."""
    told = part(tell, number, count)
    return lambda done, most, loss: told(done / most, f"loss {loss:.4f}")
