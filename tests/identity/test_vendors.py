"""What the vendor of a MAC says."""

from __future__ import annotations

import pytest

from headwise.identity.vendor_categories import SHARES, TABLE, known_for, makers
from headwise.identity.vendors import Vendors
from headwise.models.knowledge import UNLISTED, Knowledge

CATEGORIES = {"belkin-switch": "home-automation", "ring-chime": "surveillance", "roku-tv": "media", "sonos-one": "audio"}
KNOWLEDGE = Knowledge(
    {
        "belkin-switch": {"Belkin International Inc.": 2},
        "ring-chime": {"Texas Instruments": 1},
        "roku-tv": {"Roku, Inc.": 1, UNLISTED: 1},
        "sonos-one": {},
    }
)
VENDORS = Vendors(KNOWLEDGE, tuple(CATEGORIES), CATEGORIES)


def test_a_vendor_speaks_for_its_products_and_against_others() -> None:
    """A product with this vendor becomes likelier, one with another less likely; one whose vendor nobody saw stays as it is."""
    switch, chime, _, sonos = VENDORS.prior("Belkin International Inc.").likelihood
    assert switch > 10
    assert chime < 1
    assert sonos == 1


def test_a_maker_of_modules_says_less() -> None:
    """Texas Instruments is in what many makers sell."""
    assert 1 < VENDORS.prior("Texas Instruments").likelihood[1] < VENDORS.prior("Belkin International Inc.").likelihood[0] / 2
    assert makers("Texas Instruments") > makers("Belkin International Inc.") == 1


def test_a_vendor_of_nothing_known_speaks_against_everything() -> None:
    """It is what an unknown product looks like."""
    likelihood = VENDORS.prior("Netgear").likelihood
    assert (likelihood[[0, 1, 2]] < 0.5).all()


def test_no_vendor_says_nothing() -> None:
    """A random MAC has none: products stay as they are, and categories are as frequent as among what is known."""
    prior = VENDORS.prior(None)
    assert prior.likelihood.tolist() == [1, 1, 1, 1]
    assert set(prior.categories.values()) == {0.25}


def test_categories_come_from_seen_units_and_the_table() -> None:
    """A vendor that is known for one kind of device makes that likely, also where none of its devices was seen."""
    assert VENDORS.prior("Hikvision Digital Technology").categories["surveillance"] > 0.7
    assert VENDORS.prior("Belkin International Inc.").categories["home-automation"] > 0.8
    assert sum(VENDORS.prior("LG Electronics").categories.values()) == pytest.approx(1)


def test_the_table_is_parts_of_ten_of_known_categories() -> None:
    """No vendor has more than ten parts; words are in lower case and none stands twice."""
    known = {"surveillance", "media", "audio", "hub", "appliance", "home-automation"}
    assert all(set(parts) <= known and 0 < sum(parts.values()) <= SHARES for _, parts in TABLE)
    words = [word for word, _ in TABLE]
    assert len(set(words)) == len(words)
    assert all(word == word.lower() for word in words)


def test_words_are_found_at_the_beginning_of_a_word() -> None:
    """``ring`` is no part of ``Engineering``; a word further on counts."""
    assert known_for("Bering Engineering") == {}
    assert known_for("Shanghai Imilab Technology Co.Ltd") == {"surveillance": 10}
    assert known_for("Ring LLC") == {"surveillance": 10}
