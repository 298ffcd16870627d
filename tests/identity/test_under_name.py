"""What is said of a device that has a name, or had one yesterday, holds together."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwise.clock import NS
from headwise.identity import Evidence, Identities, Products
from headwise.identity.reasons import Shown
from tests.identity.answers import contradictions
from tests.identity.naming import products_of
from tests.identity.test_identities import windows

MAC = 0x50C7BFEBECC4
CLASSES = ("kasa-bulb", "kasa-plug", "roku-tv", "sonos-one", "wink-hub")
KINDS = dict(zip(CLASSES, ("home-automation", "home-automation", "media", "audio", "hub"), strict=True))
TOLD = {"kettle": "appliance"}
PRODUCTS = products_of(CLASSES, kinds=KINDS, named_above=0.7, familiar_above=0.5, set_above=0.2)
KIND_NAMES = ("audio", "home-automation", "media")
OF_KINDS = products_of(KIND_NAMES, kinds={}, label="category")
PLUG, TV = [0.02, 0.92, 0.02, 0.02, 0.02], [0.02, 0.02, 0.92, 0.02, 0.02]
STRETCHES = st.lists(
    st.tuples(st.integers(1, 12), st.lists(st.floats(0.01, 1), min_size=5, max_size=5), st.sampled_from([1.0, 1.0, 3.0, 30.0])),
    min_size=1,
    max_size=4,
)


def lived(home: Identities, *stretches: tuple[int, list[float], float], first: int = 0) -> Identities:
    """Return a home in which the device lived through stretches of windows, each so many that say the same and hold so many packets."""
    for count, chances, packets in stretches:
        row = np.array(chances[: len(home.classes)])
        home.add(windows(*((MAC, first + place) for place in range(count)), packets=packets), np.tile(row / row.sum(), (count, 1)))
        first += count
    return home


def behind(home: Identities) -> tuple[Evidence, Shown, int]:
    """Return the evidence of the device, what it showed, and its MAC."""
    return home.devices[MAC].lasting, home.devices[MAC].shown, MAC


def said(home: Identities) -> dict[str, object]:
    """Return what is said of the device, as JSON."""
    content: dict[str, object] = json.loads(json.dumps(home.answer(MAC, TOLD).to_json()))
    return content


def test_a_kept_name_has_its_own_probability_and_category() -> None:
    """Of a plug that does what a TV does, the name is as likely as its evidence makes it, and the TV stands among the alternatives."""
    home = lived(Identities(PRODUCTS), (432, PLUG, 30.0), (400, TV, 30.0))
    found = home.answer(MAC)
    assert (found.state, found.product.label, found.category.label) == ("changed", "kasa-plug", "home-automation")
    assert found.alternatives[0].label == "roku-tv"
    assert found.product.probability == next(each.probability for each in found.alternatives if each.label == "kasa-plug")
    assert found.product.probability < 0.5  # type: ignore[operator]
    assert found.category.probability == pytest.approx(PRODUCTS.verdict(*behind(home)).categories()["home-automation"])
    assert found.family is None
    assert found.prediction_set == ("kasa-plug", "roku-tv")
    assert found.evidence[0] == "it no longer behaves like kasa-plug but like roku-tv"
    assert found.since == home.devices[MAC].identity.since
    assert home.devices[MAC].identity.probability == found.product.probability


def test_what_a_person_said_is_of_no_other_line_and_no_other_kind() -> None:
    """The line is told where the product lies in it; how sure a person is, nobody knows."""
    home = lived(Identities(PRODUCTS), (100, PLUG, 30.0))
    home.tell(MAC, "kettle", 5)
    found = home.answer(MAC, TOLD)
    assert (found.product.label, found.family, found.category.label) == ("kettle", None, "appliance")
    assert (found.product.probability, found.category.probability, found.since) == (None, None, 5)
    assert found.evidence[:3] == ("a person said so", "the model does not know kettle", "what it does is more like kasa-plug")
    home.tell(MAC, "kasa-bulb", 6)
    found = home.answer(MAC)
    assert found.family is not None
    assert found.family.label == "kasa"


def test_a_device_that_was_told_and_never_seen_has_its_name_alone() -> None:
    """Nothing but the word of a person speaks for it."""
    home = Identities(PRODUCTS)
    home.tell(MAC, "roku-tv", 7 * NS)
    found = home.answer(MAC)
    assert (found.product.label, found.category.label, found.alternatives, found.evidence) == (
        "roku-tv",
        "media",
        (),
        ("a person said so",),
    )
    assert contradictions(said(home), KINDS) == []


def test_a_model_of_categories_names_a_category_and_no_product() -> None:
    """Also of a device that earned its name; a person may name a product all the same."""
    home = lived(Identities(OF_KINDS), (40, [0.02, 0.03, 0.95], 30.0))
    found = home.answer(MAC)
    assert found == OF_KINDS.answer(*behind(home))
    assert (found.state, found.product.label, found.product.probability, found.category.label) == ("named", "unknown", None, "media")
    home.tell(MAC, "kettle", 5)
    found = home.answer(MAC, TOLD)
    assert (found.product.label, found.category.label) == ("kettle", "appliance")


def answers(products: Products, *stretches: tuple[int, list[float], float]) -> dict[str, object]:
    """Return what is said without a memory of names: by the windows alone."""
    alone = products.answer(*behind(lived(Identities(products), *stretches)))
    content: dict[str, object] = json.loads(json.dumps(alone.to_json()))
    return content


@settings(max_examples=60, deadline=None)
@given(STRETCHES, st.sampled_from([PRODUCTS, OF_KINDS]), st.sampled_from([None, "kettle", "kasa-plug", "roku-tv"]), st.booleans())
def test_nothing_that_is_said_contradicts_itself(
    stretches: list[tuple[int, list[float], float]], products: Products, told: str | None, again: bool
) -> None:
    """Whatever a device does, a person says, and though the model becomes another one: after each stretch the answer holds together.

    Who remembers no names says the same, but where a name or that it is unknown is remembered.
    """
    home, kinds, first = Identities(products), {**TOLD, **products.manifest.categories} if products is PRODUCTS else {}, 0
    for number, stretch in enumerate(stretches):
        lived(home, stretch, first=first)
        first += stretch[0]
        found, alone = said(home), answers(products, *stretches[: number + 1])
        assert contradictions(found, kinds) == []
        assert contradictions(alone, kinds) == []
        remembered = found["state"] in ("changed", "told") or found["state"] in ("named", "unknown") != alone["state"]
        if not remembered and found["state"] == alone["state"] and found["product"] == alone["product"]:
            assert {**found, "since": None, "evidence": None} == {**alone, "since": None, "evidence": None}
            assert str(found["since"]) <= str(alone["since"])
        if found["state"] not in ("named", "changed", "told", "unknown"):
            assert found == alone
        assert found["state"] == home.devices[MAC].identity.state
        if told is not None and number == 0:
            home.tell(MAC, told, first * 600 * NS)
            assert contradictions(said(home), kinds) == []
    if again and products is PRODUCTS:
        other = products_of(
            (*CLASSES[1:], "yale-lock"), kinds={**KINDS, "yale-lock": "home-automation"}, named_above=0.7, familiar_above=0.5
        )
        home = home.under(other)
        assert contradictions(said(home), {**kinds, **other.manifest.categories}) == []
        home = Identities.from_json(json.loads(json.dumps(home.to_json())), other)
        assert contradictions(said(home), {**kinds, **other.manifest.categories}) == []
