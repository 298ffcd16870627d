"""What the vendor of a MAC says of a device: a prior over products and categories, which can be switched off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headwise.identity.habit_categories import KINDS
from headwise.identity.vendor_categories import RANDOM, SHARES, known_for, makers
from headwise.models.knowledge import UNLISTED, Knowledge

# Units' worth of belief that a product also comes with other network cards than those that were seen.
OTHER_CARDS = 0.3
# Vendors that are about in homes, beside those that were seen.
MORE_VENDORS = 50
# How much likelier a product whose units had MACs of vendors has a random one than any device of a home has: phones and laptops
# nearly all do, things hardly ever.
RANDOM_PRODUCT = 0.15
# Units' worth of belief of the table of vendors, of one unit of the same vendor, and of nothing known.
TABLE_UNITS, PRIOR_UNITS = 2.0, 0.5
# Of what is believed of nothing known, the part that all kinds share alike, also those of which no product is known.
EVEN = 0.2


@dataclass(frozen=True)
class VendorPrior:
    """What one vendor says.

    Attributes
    ----------
    likelihood : float array of classes
        How much likelier a product has this vendor than any device has it.
    categories : dict of str to float
        How likely each category is of a device of this vendor that is no known product; sum 1.
    """

    likelihood: np.ndarray
    categories: dict[str, float]


class Vendors:
    """The vendors of a model's products.

    Parameters
    ----------
    knowledge : Knowledge
        Of the model.
    classes : sequence of str
        Its products.
    categories : mapping of str to str
        Of each product.
    """

    def __init__(self, knowledge: Knowledge, classes: Sequence[str], categories: Mapping[str, str]) -> None:
        self._found = [knowledge.vendors.get(product, {}) for product in classes]
        self._of = [categories[product] for product in classes]
        self._seen: Counter[str] = Counter()
        names: dict[str, set[str]] = {}
        for product, found in zip(classes, self._found, strict=True):
            self._seen.update(found)
            for vendor in found:
                names.setdefault(vendor, set()).add(product.partition("-")[0])
        self._makers = {vendor: len(found) for vendor, found in names.items()}
        self._priors: dict[str | None, VendorPrior] = {}

    def prior(self, vendor: str | None) -> VendorPrior:
        """Return what a vendor says; None (a prefix that nobody registered) says nothing of products."""
        if vendor not in self._priors:
            self._priors[vendor] = self._prior(vendor)
        return self._priors[vendor]

    def _prior(self, vendor: str | None) -> VendorPrior:
        if vendor in (None, RANDOM):
            burnt_in = np.array([vendor == RANDOM and bool(found) and UNLISTED not in found for found in self._found])
            return VendorPrior(np.where(burnt_in, RANDOM_PRODUCT, 1.0), self._categories(vendor or UNLISTED))
        # A vendor of modules, which several makers build in, says the less of each of them.
        anywhere = min(1.0, (self._seen[vendor] + 1) / (self._seen.total() + MORE_VENDORS) * self._built_in_by(vendor))
        own = np.array([found.get(vendor, 0) for found in self._found], float)
        units = np.array([sum(found.values()) for found in self._found], float)
        share = (own + OTHER_CARDS * anywhere) / (units + OTHER_CARDS)
        return VendorPrior(np.where(units > 0, share / anywhere, 1.0), self._categories(vendor))

    def _built_in_by(self, vendor: str) -> int:
        return max(self._makers.get(vendor, 1), makers(vendor))

    def _categories(self, vendor: str) -> dict[str, float]:
        everywhere = Counter(self._of)
        weights = dict.fromkeys(sorted({*KINDS, *everywhere}), PRIOR_UNITS * EVEN / len({*KINDS, *everywhere}))
        for name, count in everywhere.items():
            weights[name] += PRIOR_UNITS * (1 - EVEN) * count / len(self._of)
        for found, category in zip(self._found, self._of, strict=True):
            if vendor != UNLISTED:
                weights[category] += found.get(vendor, 0) / self._built_in_by(vendor)
        for category, parts in known_for(vendor).items():
            weights[category] = weights.get(category, 0.0) + TABLE_UNITS * parts / SHARES
        total = sum(weights.values())
        return {name: weight / total for name, weight in weights.items()}
