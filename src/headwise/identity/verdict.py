"""One device under one model of products: the numbers that an answer is made of, and the answer."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from headwise.identity.answer import NOTHING, Answer
from headwise.identity.evidence import Evidence
from headwise.identity.habit_categories import habit_logarithms, telling_habit
from headwise.identity.naming import NOTHING as NO_DECISION
from headwise.identity.naming import SURE, Decision, Firmness, members, state_of
from headwise.identity.reasons import Shown, kind_reason, reasons, vendor_reason
from headwise.identity.vendors import VendorPrior
from headwise.models.familiarity import familiarity
from headwise.models.knowledge import Knowledge
from headwise.models.lines import narrowest, together
from headwise.models.manifest import MOST_AT_HOME, Manifest
from headwise.models.voting import Guess
from headwise.testbeds import UNKNOWN

LINE_SURE = 0.8
CATEGORY_SURE = 0.6
ALTERNATIVES = 3
# How much traffic says of the category of what is no known product, as a power: little travels from one place to another.
CATEGORY_POWER = 0.5
# How much habits say of it, as a power: they go together, and are not as independent as they are counted.
HABITS_POWER = 0.6
# How far the likeliest product speaks for the category of a device that may be another one, whose line is named, and that is called so.
CATEGORY_BELIEF, LINE_BELIEF, NAMED_BELIEF = 0.5, 0.7, 0.9


class Verdict:
    """One device under one model: the numbers that an answer is made of, as long as no other window is counted in.

    Attributes
    ----------
    best : int
        Place of the likeliest product.
    """

    def __init__(
        self,
        manifest: Manifest,
        knowledge: Knowledge,
        evidence: Evidence,
        likeness: np.ndarray,
        prior: VendorPrior,
        habits: tuple[str, ...] = (),
    ) -> None:
        self.manifest, self.knowledge = manifest, knowledge
        self.amount, self.prior, self.habits = evidence.amount, prior, habits
        self._evidence, self._likeness = evidence, likeness
        self._most = MOST_AT_HOME if self._is_of_home() else evidence.settings.most
        # Marks add up as windows do, and count in full where windows cannot make a name any surer.
        self._marks = likeness * min(1.0, evidence.amount / (2 * self._most))
        self._before = self._marks + np.log(prior.likelihood)
        self.best = evidence.likeliest(self._before, self._most)
        self.product = manifest.classes[self.best]

    @cached_property
    def typical(self) -> np.ndarray:
        """Of classes: by a typical window alone."""
        return self._evidence.typical()

    @cached_property
    def probabilities(self) -> np.ndarray:
        """Of classes: by all windows, the marks and the vendor."""
        return self._evidence.posterior(self._before, self._most).probabilities

    def answer(self, shown: Shown, vendor: str | None) -> Answer:
        """Return what is said of the device, in the words of what it showed and of the vendor that its MAC has (or `RANDOM`)."""
        return NOTHING if self.state == "new" else self.said(self.state, shown, vendor)

    def said(self, state: str, shown: Shown, vendor: str | None) -> Answer:
        """Return what is said of the device where it is in this state, which is not *new*."""
        known, category = self._is_known and state != "unknown", self.category()
        words = self.reasons(self.product, shown, vendor) if known else self._strange(category.label, vendor)
        return Answer(
            state=state,
            product=self.one if known else self.no_one,
            category=category,
            family=self.line if known else None,
            alternatives=self.alternatives(),
            prediction_set=self.prediction_set(),
            evidence=tuple(words),
            since=self.since,
        )

    def decision(self) -> Decision:
        """Return what the device is to be called."""
        if self.state == "new":
            return NO_DECISION
        sure = float(self.probabilities[self.best])
        if self.state == "unknown":
            return Decision("unknown", UNKNOWN, sure, since=self.since)
        verdict: Firmness = "name" if self.state == "named" else "guess"
        if self.line is not None and not self._is_one:
            return Decision(verdict, self.line.label, self.line.probability, line=True, since=self.since)
        return Decision(verdict, self.product, sure, since=self.since)

    def sure_of(self, label: str | None, line: bool = False) -> float | None:
        """Return how likely a product or a line of products is; None of one that the model does not know."""
        places = members(label, line, self.manifest.classes)
        return float(self.probabilities[places].sum()) if places else None

    def likeliest(self, label: str | None, line: bool = False) -> str | None:
        """Return the likeliest of the products that a label stands for; None where the model knows none of them."""
        places = members(label, line, self.manifest.classes)
        return self.manifest.classes[max(places, key=lambda place: self.probabilities[place])] if places else None

    @property
    def one(self) -> Guess:
        """The one product that is named; else unknown."""
        return Guess(self.product, float(self.probabilities[self.best])) if self._is_one else self.no_one

    @property
    def no_one(self) -> Guess:
        """Unknown, with the probability of the likeliest product."""
        return Guess(UNKNOWN, float(self.probabilities[self.best]))

    @property
    def since(self) -> int | None:
        """From when on the likeliest product has been that, or, where a line alone is named, one of that line: ns since 1970 UTC."""
        if self.line is None or self._is_one:
            return self._evidence.lead.since([self.best])
        return self._evidence.lead.since(members(self.line.label, True, self.manifest.classes))

    @cached_property
    def known(self) -> float:
        """How sure that the device is of a line of products that the model knows."""
        return self._familiarity(self._likeness + np.log(self.prior.likelihood))

    @cached_property
    def known_by_traffic(self) -> float:
        """The same without the vendor."""
        return self._familiarity(self._likeness)

    @cached_property
    def traffic(self) -> np.ndarray:
        """Of classes: by all windows and the marks, without the vendor."""
        return self._evidence.posterior(self._marks, self._most).probabilities

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
        return bool(self._is_known and (self._surely_alone() or sure >= self.manifest.named_above))

    @cached_property
    def line(self) -> Guess | None:
        """The line of products that is named."""
        line = narrowest(self.probabilities, self.manifest.classes, LINE_SURE) if self._is_known else None
        return Guess(line[0].name, line[1]) if line else None

    def _is_of_home(self) -> bool:
        """Tell whether the device is like what windows of its own place taught, as much as that is like itself."""
        if not self.manifest.at_home:
            return False
        place = int(np.argmax(self.typical))
        least = self.manifest.at_home.get(self.manifest.classes[place])
        return least is not None and float(self.typical[place]) >= least

    @cached_property
    def state(self) -> str:
        """Of the device by this evidence alone."""
        by_product = self._is_one and self.probabilities[self.best] >= SURE
        return state_of(self.amount, known=self._is_known, sure=bool(by_product or (self.line is not None and not self._is_one)))

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
        if self.line is None:
            return False
        return len({kind for product, kind in self.manifest.categories.items() if product.startswith(f"{self.line.label}-")}) == 1

    def _surely_alone(self) -> bool:
        """Tell whether the likeliest product is in no line, so that to be known is to be it, by the traffic, and is sure enough."""
        if int(together(self.manifest.classes)[self.best].sum()) > 1 or self.known_by_traffic < self.manifest.familiar_above:
            return False
        return bool(self.probabilities[self.best] >= SURE)

    def category(self) -> Guess:
        """Return the category where it is sure, else unknown with the probability of the likeliest."""
        best, probability = max(self.categories().items(), key=lambda item: item[1])
        return Guess(best if probability >= CATEGORY_SURE else UNKNOWN, probability)

    def alternatives(self) -> tuple[Guess, ...]:
        """Return the likeliest products, likeliest first."""
        order = np.argsort(-self.probabilities, kind="stable")[:ALTERNATIVES]
        return tuple(Guess(self.manifest.classes[place], float(self.probabilities[place])) for place in order)

    def prediction_set(self) -> tuple[str, ...]:
        """Return products of which one is the truth for 95 % of the devices that the model knows, likeliest first.

        A typical window alone tells; what else is known may only add what it makes likeliest, and what it names.
        """
        places = {int(np.argmax(self.typical)), *np.flatnonzero(self.typical >= self.manifest.set_above).tolist(), self.best}
        if self.line is not None:
            places.add(max(members(self.line.label, True, self.manifest.classes), key=lambda place: self.probabilities[place]))
        order = sorted(places, key=lambda place: (-self.probabilities[place], place))
        return tuple(self.manifest.classes[place] for place in order)

    def reasons(self, product: str, shown: Shown, vendor: str | None) -> list[str]:
        """Return what speaks for a known product, in words."""
        found = reasons(shown, product, self.knowledge)
        found += vendor_reason(vendor, product, self.knowledge.vendors) if vendor else []
        if found or product != self.product:
            return found
        known = len(self.manifest.classes)
        return [f"nothing that it does is rare by itself: all of it together is most like {product}, of {known} known products"]

    def _strange(self, category: str, vendor: str | None) -> list[str]:
        # The likeliest product may be that by its vendor alone.
        place = int(np.argmax(self.typical))
        like, most = self.manifest.classes[place], self.typical[place]
        words = [f"a typical window of it is like {like} by {most:.0%}, and like anything else known by less"]
        habit = telling_habit(self.habits, category)
        words += [f"{habit}, as many of the kind {category} do"] if habit else []
        return words + kind_reason(vendor, category)
