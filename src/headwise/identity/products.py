"""From the evidence of one device to all that is said of it, by one model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headwise.devices import is_random
from headwise.devices import vendor as vendor_of
from headwise.identity.answer import NOTHING, Answer
from headwise.identity.category_verdict import CategoryVerdict
from headwise.identity.evidence import Evidence
from headwise.identity.naming import LEAST, Decision
from headwise.identity.naming import NOTHING as NO_DECISION
from headwise.identity.reasons import Shown
from headwise.identity.states import Identity
from headwise.identity.under_name import category_under, product_under
from headwise.identity.vendor_categories import RANDOM
from headwise.identity.vendors import VendorPrior, Vendors
from headwise.identity.verdict import Verdict
from headwise.models.familiarity import ASSUMED
from headwise.models.fingerprints import Likeness
from headwise.models.knowledge import Knowledge
from headwise.models.manifest import Manifest


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
            return CategoryVerdict(self.manifest, evidence).answer()
        return self.verdict(evidence, shown, mac).answer(shown, self._vendor(mac))

    def answer_under(self, identity: Identity, evidence: Evidence, shown: Shown, categories: Mapping[str, str]) -> Answer:
        """Return what is said of a device that is something already: by its evidence, under the name that it has.

        Parameters
        ----------
        identity : Identity
            What it is called.
        evidence, shown
            As in `answer`.
        categories : mapping of str to str
            Of products that a person named and the model does not know.
        """
        categories = {**categories, **self.manifest.categories}
        if self.manifest.label == "category":
            return category_under(identity, CategoryVerdict(self.manifest, evidence), categories)
        vendor = self._vendor(identity.device)
        return product_under(identity, self.verdict(evidence, shown, identity.device), shown, vendor, categories)

    def likeness(self, shown: Shown) -> np.ndarray:
        """Return the natural logarithms of how much likelier what a device showed makes each product than any device."""
        return self._likeness.logarithms(shown.fingerprint.shares()) if self._likeness else np.full(len(self.manifest.classes), ASSUMED)

    def judge(self, evidence: Evidence, likeness: np.ndarray, mac: int) -> Verdict | CategoryVerdict:
        """Return what decides on the name of a device.

        Parameters
        ----------
        evidence : Evidence
        likeness : float array of classes
            Of what the device showed.
        mac : int
        """
        if self.manifest.label == "category":
            return CategoryVerdict(self.manifest, evidence)
        return self._verdict(evidence, likeness, mac, ())

    def decide(self, evidence: Evidence, likeness: np.ndarray, mac: int) -> Decision:
        """Return what a device is to be called: what `answer` says, in one label; parameters are as in `judge`."""
        return self.judge(evidence, likeness, mac).decision() if evidence.amount >= LEAST else NO_DECISION

    def verdict(self, evidence: Evidence, shown: Shown, mac: int) -> Verdict:
        """Return the numbers that an answer is made of; the model is one of products.

        Parameters are as in `answer`.
        """
        return self._verdict(evidence, self.likeness(shown), mac, shown.habits.found())

    def _verdict(self, evidence: Evidence, likeness: np.ndarray, mac: int, habits: tuple[str, ...]) -> Verdict:
        return Verdict(self.manifest, self.knowledge, evidence, likeness, self._prior(mac), habits)

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
