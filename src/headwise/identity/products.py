"""From the evidence of one device to all that is said of it: product, line, category, how sure, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from headwise.clock import iso_time
from headwise.devices import is_random
from headwise.devices import vendor as vendor_of
from headwise.identity.evidence import Evidence
from headwise.identity.habit_categories import habit_logarithms, telling_habit
from headwise.identity.naming import NOTHING as NO_DECISION
from headwise.identity.naming import Decision
from headwise.identity.reasons import Shown, kind_reason, reasons, vendor_reason
from headwise.identity.vendor_categories import RANDOM
from headwise.identity.vendors import VendorPrior, Vendors
from headwise.models.familiarity import ASSUMED, familiarity
from headwise.models.fingerprints import Likeness
from headwise.models.knowledge import Knowledge
from headwise.models.lines import narrowest, together
from headwise.models.manifest import MOST_AT_HOME, Manifest
from headwise.models.voting import NO_GUESS, Guess
from headwise.testbeds import UNKNOWN

SURE = 0.8
"""Probability from which a name is no guess any more."""
ENOUGH, LEAST = 0.5, 0.02
"""Evidence, in independent windows, from which a name is no guess any more, and under which nothing is said."""
LINE_SURE = 0.8
CATEGORY_SURE = 0.6
ALTERNATIVES = 3
# How much traffic says of the category of what is no known product, as a power: little travels from one place to another.
CATEGORY_POWER = 0.5
# How much habits say of it, as a power: they go together, and are not as independent as they are counted.
HABITS_POWER = 0.6
# How far the likeliest product speaks for the category of a device that may be another one, whose line is named, and that is called so.
CATEGORY_BELIEF, LINE_BELIEF, NAMED_BELIEF = 0.5, 0.7, 0.9


@dataclass(frozen=True)
class Answer:
    """What is said of a device.

    Attributes
    ----------
    state : str
        ``new``, ``guessing``, ``named`` or ``unknown``: of `headwise.identity.STATES`.
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
        What spoke for it, in words.
    since : int or None
        From when on the likeliest product has been that: ns since 1970 UTC.
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


@dataclass(frozen=True)
class Products:
    """Says what devices are, by a model.

    Attributes
    ----------
    manifest : Manifest
        Of the model.
    knowledge : Knowledge
        Of the model.
    use_vendor : bool
        Whether the vendor of the MAC is a prior.
    """

    manifest: Manifest
    knowledge: Knowledge
    use_vendor: bool = True

    def answer(self, evidence: Evidence, shown: Shown, mac: int) -> Answer:
        """Return what is said of a device.

        Parameters
        ----------
        evidence : Evidence
            Of its windows, by the model.
        shown : Shown
            What it showed of what is telling.
        mac : int
            48 bits.
        """
        if evidence.amount < LEAST:
            return NOTHING
        if self.manifest.label == "category":
            return self._category_alone(evidence)
        return self.verdict(evidence, shown, mac).answer(shown, self._vendor(mac))

    def likeness(self, shown: Shown) -> np.ndarray:
        """Return the natural logarithms of how much likelier what a device showed makes each product than any device."""
        return self._likeness.logarithms(shown.fingerprint.shares()) if self._likeness else np.full(len(self.manifest.classes), ASSUMED)

    def decide(self, evidence: Evidence, likeness: np.ndarray, mac: int) -> Decision:
        """Return what a device is to be called: what `answer` says, in one label.

        Parameters
        ----------
        evidence : Evidence
        likeness : float array of classes
            Of what the device showed.
        mac : int
        """
        if evidence.amount < LEAST:
            return NO_DECISION
        if self.manifest.label == "category":
            return _category_decision(self._category_alone(evidence), evidence)
        return self._verdict(evidence, likeness, mac, ()).decision()

    def verdict(self, evidence: Evidence, shown: Shown, mac: int) -> Verdict:
        """Return the numbers that an answer is made of; the model is one of products.

        Parameters are as in `answer`.
        """
        return self._verdict(evidence, self.likeness(shown), mac, shown.habits.found())

    def _verdict(self, evidence: Evidence, likeness: np.ndarray, mac: int, habits: tuple[str, ...]) -> Verdict:
        return Verdict(self, evidence, likeness, self._prior(mac), habits)

    def _prior(self, mac: int) -> VendorPrior:
        return self._vendors.prior(self._vendor(mac))

    def _vendor(self, mac: int) -> str | None:
        if not self.use_vendor:
            return None
        return RANDOM if is_random(mac) else vendor_of(mac)

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(self.knowledge.fingerprints, self.manifest.classes)

    @cached_property
    def _vendors(self) -> Vendors:
        return Vendors(self.knowledge, self.manifest.classes, self.manifest.categories)

    def _category_alone(self, evidence: Evidence) -> Answer:
        posterior = evidence.posterior()
        known = evidence.typical().max() >= self.manifest.unknown_below
        category = Guess(posterior.label if known else UNKNOWN, posterior.probability)
        firm = posterior.probability >= SURE and evidence.amount >= ENOUGH
        state = "guessing" if evidence.amount < ENOUGH else "unknown" if not known else "named" if firm else "guessing"
        return Answer(state, category=category, since=posterior.since)


class Verdict:
    """One device under one model: the numbers that an answer is made of.

    Attributes
    ----------
    typical, probabilities : float arrays of classes
        By a typical window alone; by all windows, the marks and the vendor.
    known, known_by_traffic : float
        How sure that the device is of a line of products that the model knows; the same without the vendor.
    """

    def __init__(
        self, products: Products, evidence: Evidence, likeness: np.ndarray, prior: VendorPrior, habits: tuple[str, ...] = ()
    ) -> None:
        self.manifest, self.knowledge = products.manifest, products.knowledge
        self.amount, self.prior, self.habits = evidence.amount, prior, habits
        self.typical = evidence.typical()
        most = MOST_AT_HOME if self._is_of_home() else evidence.settings.most
        # Marks add up as windows do, and count in full where windows cannot make a name any surer.
        marks = likeness * min(1.0, evidence.amount / (2 * most))
        self._traffic: Callable[[], np.ndarray] = lambda: evidence.posterior(marks, most).probabilities
        posterior = evidence.posterior(marks + np.log(prior.likelihood), most)
        self.probabilities, self.since = posterior.probabilities, posterior.since
        self.best = int(np.argmax(self.probabilities))
        self.product = self.manifest.classes[self.best]
        self.known, self.known_by_traffic = map(self._familiarity, (likeness + np.log(prior.likelihood), likeness))

    def answer(self, shown: Shown, vendor: str | None) -> Answer:
        """Return what is said of the device, in the words of what it showed and of the vendor that its MAC has (or `RANDOM`)."""
        category = self._category()
        words = self._words(shown, vendor) if self._is_known else self._strange(category.label, vendor)
        return Answer(
            state=self._state(),
            product=Guess(self.product if self._is_one else UNKNOWN, float(self.probabilities[self.best])),
            category=category,
            family=self._line,
            alternatives=self._alternatives(),
            prediction_set=self._set(),
            evidence=tuple(words),
            since=self.since,
        )

    def decision(self) -> Decision:
        """Return what the device is to be called."""
        state, sure = self._state(), float(self.probabilities[self.best])
        if state == "unknown":
            return Decision("unknown", UNKNOWN, sure)
        if not self._is_known:
            # Of so little, that it is like nothing known says nothing yet.
            return NO_DECISION
        verdict: Literal["name", "guess"] = "name" if state == "named" else "guess"
        if self._line is not None and not self._is_one:
            return Decision(verdict, self._line.label, self._line.probability, line=True)
        return Decision(verdict, self.product, sure)

    @cached_property
    def traffic(self) -> np.ndarray:
        """Of classes: by all windows and the marks, without the vendor."""
        return self._traffic()

    def _familiarity(self, backing: np.ndarray) -> float:
        return float(familiarity(self.typical[None], backing[None], np.array([self.best]), self.manifest.classes)[0])

    @cached_property
    def _is_known(self) -> bool:
        return self.known >= self.manifest.familiar_above

    @cached_property
    def _is_one(self) -> bool:
        # A vendor speaks for a line: which product of it, only the traffic tells.
        sure, of_home = float(self.typical[self.best]), self.manifest.at_home.get(self.product)
        if of_home is not None:
            return self._is_known and sure >= max(of_home, self.manifest.named_above)
        return self._is_known and (self._surely_alone() or sure >= self.manifest.named_above)

    @cached_property
    def _line(self) -> Guess | None:
        line = narrowest(self.probabilities, self.manifest.classes, LINE_SURE) if self._is_known else None
        return Guess(line[0].name, line[1]) if line else None

    def _is_of_home(self) -> bool:
        """Tell whether the device is like what windows of its own place taught, as much as that is like itself."""
        place = int(np.argmax(self.typical))
        least = self.manifest.at_home.get(self.manifest.classes[place])
        return least is not None and float(self.typical[place]) >= least

    def _state(self) -> str:
        if self.amount < ENOUGH:
            return "guessing"
        if not self._is_known:
            return "unknown"
        by_product = self._is_one and self.probabilities[self.best] >= SURE
        return "named" if by_product or (self._line is not None and not self._is_one) else "guessing"

    def categories(self) -> dict[str, float]:
        """Return how likely each category is: of the products as far as one of them is believed, and by vendor and habits otherwise."""
        names = sorted({*self.manifest.categories.values(), *self.prior.categories})
        member = np.array([[self.manifest.categories[product] == name for name in names] for product in self.manifest.classes], float)
        among = np.array([self.prior.categories.get(name, 0.0) for name in names])
        lift = (self.traffic @ member + 1e-3) / (member.mean(axis=0) + 1e-3)
        other = among * lift**CATEGORY_POWER * np.exp(HABITS_POWER * habit_logarithms(self.habits, names))
        belief = self._belief()
        total = belief * self.probabilities @ member + (1 - belief) * other / other.sum()
        return dict(zip(names, total.tolist(), strict=True))

    def _belief(self) -> float:
        """Return how far the category is that of the products which it may be."""
        familiar = self.known_by_traffic**2
        share = familiar / (familiar + self.manifest.familiar_above**2 + 1e-9)
        return NAMED_BELIEF if self._is_one else max(CATEGORY_BELIEF * share, LINE_BELIEF if self._is_line_of_one_kind else 0.0)

    @property
    def _is_line_of_one_kind(self) -> bool:
        if self._line is None:
            return False
        return len({kind for product, kind in self.manifest.categories.items() if product.startswith(f"{self._line.label}-")}) == 1

    def _surely_alone(self) -> bool:
        """Tell whether the likeliest product is in no line, so that to be known is to be it, by the traffic, and is sure enough."""
        if int(together(self.manifest.classes)[self.best].sum()) > 1 or self.known_by_traffic < self.manifest.familiar_above:
            return False
        return bool(self.probabilities[self.best] >= SURE)

    def _category(self) -> Guess:
        best, probability = max(self.categories().items(), key=lambda item: item[1])
        return Guess(best if probability >= CATEGORY_SURE else UNKNOWN, probability)

    def _alternatives(self) -> tuple[Guess, ...]:
        order = np.argsort(-self.probabilities, kind="stable")[:ALTERNATIVES]
        return tuple(Guess(self.manifest.classes[place], float(self.probabilities[place])) for place in order)

    def _set(self) -> tuple[str, ...]:
        order = np.argsort(-self.typical, kind="stable")
        count = max(1, int((self.typical >= self.manifest.set_above).sum()))
        return tuple(self.manifest.classes[place] for place in order[:count])

    def _words(self, shown: Shown, vendor: str | None) -> list[str]:
        found = reasons(shown, self.product, self.knowledge)
        found += vendor_reason(vendor, self.product, self.knowledge.vendors) if vendor else []
        known = len(self.manifest.classes)
        return found or [
            f"nothing that it does is rare by itself: all of it together is most like {self.product}, of {known} known products"
        ]

    def _strange(self, category: str, vendor: str | None) -> list[str]:
        # The likeliest product may be that by its vendor alone.
        place = int(np.argmax(self.typical))
        like, most = self.manifest.classes[place], self.typical[place]
        words = [f"a typical window of it is like {like} by {most:.0%}, and like anything else known by less"]
        habit = telling_habit(self.habits, category)
        words += [f"{habit}, as many of the kind {category} do"] if habit else []
        return words + kind_reason(vendor, category)


def _category_decision(answer: Answer, evidence: Evidence) -> Decision:
    if answer.state == "unknown":
        return Decision("unknown", UNKNOWN, answer.category.probability)
    likeliest = evidence.posterior()
    return Decision("name" if answer.state == "named" else "guess", likeliest.label, likeliest.probability)
