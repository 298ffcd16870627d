"""One device under one model of categories: the numbers that an answer is made of, and the answer."""

from __future__ import annotations

from headwise.identity.answer import NOTHING, Answer
from headwise.identity.evidence import Evidence
from headwise.identity.naming import NOTHING as NO_DECISION
from headwise.identity.naming import SURE, Decision, Firmness, members, state_of
from headwise.models.manifest import Manifest
from headwise.models.voting import Guess
from headwise.testbeds import UNKNOWN


class CategoryVerdict:
    """One device under one model of categories, which names no product.

    Attributes
    ----------
    amount : float
        Of evidence, in independent windows.
    best : int
        Place of the likeliest category.
    """

    def __init__(self, manifest: Manifest, evidence: Evidence) -> None:
        self._posterior = evidence.posterior()
        self.amount, self._lead = evidence.amount, evidence.lead
        self.best = int(self._posterior.probabilities.argmax())
        self._is_known = bool(evidence.typical().max() >= manifest.unknown_below)
        self._state = state_of(self.amount, known=self._is_known, sure=self._posterior.probability >= SURE)

    @property
    def since(self) -> int | None:
        """From when on the likeliest category has been that: ns since 1970 UTC."""
        return self._lead.since([self.best])

    def answer(self) -> Answer:
        """Return what is said of the device."""
        return NOTHING if self._state == "new" else self.said(self._state)

    def said(self, state: str) -> Answer:
        """Return what is said of the device where it is in this state, which is not *new*."""
        label = self._posterior.label if self._is_known and state != "unknown" else UNKNOWN
        return Answer(state, category=Guess(label, self._posterior.probability), since=self.since)

    def decision(self) -> Decision:
        """Return what the device is to be called: a category."""
        if self._state == "new":
            return NO_DECISION
        if self._state == "unknown":
            return Decision("unknown", UNKNOWN, self._posterior.probability, since=self.since)
        verdict: Firmness = "name" if self._state == "named" else "guess"
        return Decision(verdict, self._posterior.label, self._posterior.probability, since=self.since)

    def sure_of(self, label: str | None, line: bool = False) -> float | None:
        """Return how likely a category is; None of one that the model does not know."""
        return self._posterior.of(str(label)) if members(label, line, self._posterior.classes) else None
