"""What the vendor of a MAC says."""

from __future__ import annotations

import pytest

from headwise.identity.habit_categories import KINDS
from headwise.identity.vendor_categories import RANDOM, SHARES, TABLE, known_for, makers
from headwise.identity.vendors import RANDOM_PRODUCT, Vendors
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
    """Products stay as they are; categories are nearly as frequent as among what is known, and none is ruled out."""
    prior = VENDORS.prior(None)
    assert prior.likelihood.tolist() == [1, 1, 1, 1]
    for name in KINDS:
        assert prior.categories[name] == pytest.approx(0.8 / 4 * (name in CATEGORIES.values()) + 0.2 / len(KINDS))


def test_a_random_mac_speaks_for_a_computer_and_against_products_with_makers_macs() -> None:
    """Phones and laptops draw theirs; of a product whose units had no vendor's MAC it says nothing."""
    prior = VENDORS.prior(RANDOM)
    assert prior.likelihood.tolist() == [RANDOM_PRODUCT, RANDOM_PRODUCT, 1, 1]
    assert max(prior.categories, key=lambda name: prior.categories[name]) == "computer"


def test_categories_come_from_seen_units_and_the_table() -> None:
    """A vendor that is known for one kind of device makes that likely, also where none of its devices was seen."""
    assert VENDORS.prior("Hikvision Digital Technology").categories["surveillance"] > 0.7
    assert VENDORS.prior("Belkin International Inc.").categories["home-automation"] > 0.8
    assert sum(VENDORS.prior("LG Electronics").categories.values()) == pytest.approx(1)


def test_the_table_is_parts_of_ten_of_known_categories() -> None:
    """No vendor has more than ten parts; words are in lower case and none stands twice."""
    assert all(set(parts) <= set(KINDS) and 0 < sum(parts.values()) <= SHARES for _, parts in TABLE)
    words = [word for word, _ in TABLE]
    assert len(set(words)) == len(words)
    assert all(word == word.lower() for word in words)


def test_words_are_found_at_the_beginning_of_a_word() -> None:
    """``ring`` is no part of ``Engineering``; a word further on counts."""
    assert known_for("Bering Engineering") == {}
    assert known_for("Shanghai Imilab Technology Co.Ltd") == {"surveillance": 10}
    assert known_for("Ring LLC") == {"surveillance": 10}


def test_of_words_that_begin_alike_the_longer_is_found() -> None:
    """No entry of the table hides a longer one that comes after it."""
    words = [word for word, _ in TABLE]
    assert not [(word, later) for place, word in enumerate(words) for later in words[place + 1 :] if later.startswith(word)]
    assert known_for("LG Electronics (Mobile Communications)") == {"computer": 10}
    assert known_for("Samsung Electronics Co.,Ltd") != known_for("Samsung Electro-Mechanics(Thailand)")
