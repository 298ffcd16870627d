"""What is said of a device."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from headwise.clock import iso_time
from headwise.models.voting import NO_GUESS, Guess


@dataclass(frozen=True)
class Answer:
    """What is said of a device.

    Attributes
    ----------
    state : str
        Of `headwise.identity.STATES`; without a home that remembers, ``new``, ``guessing``, ``named`` or ``unknown``.
    product : Guess
        Unknown where no one product is named, with the probability of the likeliest.
    category : Guess
        Also of a device whose product is unknown, where it is sure.
    family : Guess or None
        The product line, where one is named.
    alternatives : tuple of Guess
        The likeliest products, likeliest first.
    prediction_set : tuple of str
        Products of which one is the truth for 95 % of the devices that the model knows.
    evidence : tuple of str
        What speaks for it, in words.
    since : int or None
        From when on it has been what is said, as docs/json.md tells: ns since 1970 UTC.
    """

    state: str
    product: Guess = NO_GUESS
    category: Guess = NO_GUESS
    family: Guess | None = None
    alternatives: tuple[Guess, ...] = ()
    prediction_set: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    since: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        content = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return {**content, "since": None if self.since is None else iso_time(self.since)}


NOTHING = Answer("new")
