"""From what is believed of a device to what it is called: a name, a guess, or unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from headwise.identity.evidence import Posterior
from headwise.models.manifest import Manifest
from headwise.testbeds import UNKNOWN

Verdict = Literal["nothing", "guess", "name", "unknown"]


@dataclass(frozen=True)
class Decision:
    """What a device is to be called by the evidence alone.

    Attributes
    ----------
    verdict : "nothing", "guess", "name" or "unknown"
        Whether there is anything to tell by, and how firmly it tells.
    label : str or None
        The likeliest label; ``unknown``; None where there is nothing to tell by.
    probability : float or None
        Of the likeliest label, also where the verdict is unknown.
    """

    verdict: Verdict
    label: str | None
    probability: float | None


Decide = Callable[[Posterior], Decision]
"""Takes what is believed, how much evidence there is for it, and how strange the windows are: all three are in the posterior."""


@dataclass(frozen=True)
class Naming:
    """The default way to decide; an instance is a `Decide`.

    Attributes
    ----------
    sure : float
        Probability from which a label is a name.
    enough : float
        Evidence, in independent windows, from which a label may be a name and a device unknown.
    least : float
        Evidence under which nothing is said at all.
    unknown_below : float
        A device whose typical window is less sure of its best label is unknown.
    strange_above : float or None
        A device whose windows are stranger is unknown, however sure the model is; None to disregard strangeness.
    """

    sure: float = 0.9
    enough: float = 0.5
    least: float = 0.02
    unknown_below: float = 0.5
    strange_above: float | None = None

    @classmethod
    def by(cls, manifest: Manifest) -> Naming:
        """Return how a model wants its devices named."""
        return cls(unknown_below=manifest.unknown_below)

    def __call__(self, posterior: Posterior) -> Decision:
        """Return what the device is to be called."""
        if posterior.amount < self.least:
            return Decision("nothing", None, None)
        if posterior.amount < self.enough:
            return Decision("guess", posterior.label, posterior.probability)
        if self._strange(posterior) or posterior.typical < self.unknown_below:
            return Decision("unknown", UNKNOWN, posterior.probability)
        verdict: Verdict = "name" if posterior.probability >= self.sure else "guess"
        return Decision(verdict, posterior.label, posterior.probability)

    def _strange(self, posterior: Posterior) -> bool:
        if self.strange_above is None or posterior.strangeness is None:
            return False
        return posterior.strangeness > self.strange_above
