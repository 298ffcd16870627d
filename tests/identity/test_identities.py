"""The devices of a home together."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from headwise.clock import NS
from headwise.identity import Identities, Products
from headwise.identity.identities import in_words
from headwise.models.knowledge import Knowledge
from headwise.windows import WindowTable, names
from tests.identity.naming import products_of

CLASSES = ("bulb", "plug")
PRODUCTS = products_of(CLASSES)
BULB, PLUG = 0x50C7BFEBECC4, 0x0C80636564DE


def windows(*of: tuple[int, int], packets: float = 30) -> WindowTable:
    """Return ten-minute windows, each a MAC and the number of its ten minutes, that hold so many packets."""
    table = WindowTable.empty(0)
    features = np.zeros((len(of), len(names())), np.float32)
    features[:, names().index("packets_sent")] = packets
    return WindowTable(
        device=np.array([mac for mac, _ in of], np.uint64),
        start=np.array([place * 600 * NS for _, place in of], np.int64),
        length_s=np.full(len(of), 600.0),
        features=features,
        sequence=np.zeros((len(of), *table.sequence.shape[1:]), np.float32),
        capture=np.full(len(of), -1, np.int32),
    )


def chances(*plug: float) -> np.ndarray:
    """Return probabilities of windows, by those of the plug."""
    return np.stack([1 - np.array(plug), np.array(plug)], axis=1)


def test_each_device_is_named_by_its_own_windows() -> None:
    """Two devices whose windows come mixed get a name each, with one event each."""
    home = Identities(PRODUCTS)
    events = home.add(windows((PLUG, 1), (BULB, 1), (PLUG, 2), (BULB, 2)), chances(0.97, 0.02, 0.98, 0.05))
    assert {event.device: event.label for event in events} == {PLUG: "plug", BULB: "bulb"}
    assert [event.kind for event in events] == ["named", "named"]
    assert home.devices[PLUG].first_seen == 600 * NS
    assert home.devices[PLUG].last_seen == 1800 * NS
    assert home.posterior(PLUG).label == "plug"


def test_the_order_of_rows_does_not_matter() -> None:
    """Windows are taken in the order in which they ended."""
    table, probabilities = windows(*((PLUG, place) for place in range(20))), chances(*np.linspace(0.05, 0.95, 20))
    shuffled = np.random.default_rng(0).permutation(20)
    first, second = Identities(PRODUCTS), Identities(PRODUCTS)
    assert first.add(table, probabilities) == second.add(table.select(shuffled), probabilities[shuffled])
    assert first.to_json() == second.to_json()


def test_windows_that_hold_next_to_nothing_name_nothing() -> None:
    """A device that only answers ARP is not named in an hour, however sure the model is of each window."""
    table = windows(*((PLUG, place) for place in range(6)), packets=1)
    table.features[:, names().index("arp_sent")] = 1
    home = Identities(PRODUCTS)
    home.add(table, chances(*[0.999] * 6))
    assert home.devices[PLUG].identity.state == "guessing"


def test_a_change_is_noticed_within_hours_and_the_name_stays() -> None:
    """After two days as a plug a device that behaves like a bulb is changed the same morning, and is still called a plug."""
    home = Identities(PRODUCTS)
    home.add(windows(*((PLUG, place) for place in range(288))), chances(*[0.97] * 288))
    events = home.add(windows(*((PLUG, place) for place in range(288, 324))), chances(*[0.03] * 36))
    assert [(event.kind, event.label, event.state) for event in events] == [("changed", "plug", "changed")]
    assert (events[0].time - 288 * 600 * NS) / NS < 6 * 3600


def test_since_when_is_the_start_of_a_window_and_of_what_is_likeliest_by_all_that_is_known() -> None:
    """A vendor may make another product the likeliest than windows do; twins that overtake each other leave their line as it was."""
    classes, belkin = ("belkin-plug", "belkin-switch", "roku-tv", "sonos-one"), 0x24F5A2FFAD97
    known = Knowledge({"belkin-plug": {"Belkin International Inc.": 1}, "roku-tv": {"Roku, Inc.": 1}})
    products = Products(replace(products_of(classes, named_above=0.95, familiar_above=0.05).manifest, most_evidence=0.5), known)
    home = Identities(products)
    home.add(windows(*((belkin, place) for place in range(1, 7))), np.tile([0.3, 0.05, 0.35, 0.3], (6, 1)))
    assert home.devices[belkin].lasting.posterior().label == "roku-tv"
    assert (home.answer(belkin).alternatives[0].label, home.answer(belkin).since) == ("belkin-plug", 600 * NS)
    twins = Identities(products_of(("kasa-bulb", "kasa-plug", "roku-tv", "sonos-one"), named_above=0.9))
    for place in range(1, 40):
        twins.add(windows((PLUG, place)), np.array([[0.05, 0.89, 0.03, 0.03] if place % 2 else [0.93, 0.01, 0.03, 0.03]]))
    found = twins.answer(PLUG)
    alone = twins.products.answer(twins.devices[PLUG].lasting, twins.devices[PLUG].shown, PLUG)
    assert (found.family.label, found.since, alone.since) == ("kasa", 600 * NS, 600 * NS)  # type: ignore[union-attr]
    assert len(twins.devices[PLUG].lasting.lead.left) == 2


def test_the_words_of_a_change_are_of_what_changed() -> None:
    """They are of the traffic of the last hours, not of the days in which it was what it is called, and name what it has become."""
    home = Identities(products_of(("bulb", "plug", "kettle"), familiar_above=0.6))
    home.add(windows(*((PLUG, place) for place in range(288))), np.tile([0.02, 0.96, 0.02], (288, 1)))
    events = home.add(windows(*((PLUG, place) for place in range(288, 342))), np.tile([0.96, 0.02, 0.02], (54, 1)))
    assert [event.kind for event in events] == ["changed"] * len(events)
    words = events[-1].evidence
    assert words[0] == "it no longer behaves like plug but like bulb"
    assert "worth of traffic of the last hours: bulb 9" in words[1]
    assert "plug" not in " ".join(words[2:])
    assert home.answer(PLUG).evidence[0] == words[0]


def test_what_is_like_nothing_is_unknown() -> None:
    """A device whose typical window is less sure than the model's threshold is unknown, whatever came first."""
    home = Identities(products_of(("bulb", "plug", "kettle"), most_evidence=0.5, familiar_above=0.7))
    events = home.add(windows(*((PLUG, place) for place in range(6))), np.tile([0.35, 0.4, 0.25], (6, 1)))
    assert [(event.kind, event.state, event.label) for event in events] == [("unknown", "unknown", "unknown")]


def test_a_line_is_a_name_until_traffic_tells_which_product_it_is() -> None:
    """Twins are named by their line; later evidence of one of them narrows the name, by an event; the other way nothing is lost."""
    home = Identities(products_of(("kasa-bulb", "kasa-plug", "roku-tv", "sonos-one"), named_above=0.7))
    twins, plug = np.array([0.48, 0.46, 0.03, 0.03]), np.array([0.03, 0.91, 0.03, 0.03])
    events = home.add(windows(*((PLUG, place) for place in range(12))), np.tile(twins, (12, 1)))
    assert [(event.kind, event.label) for event in events] == [("named", "kasa")]
    assert home.answer(PLUG).family.label == "kasa"  # type: ignore[union-attr]
    assert home.answer(PLUG).product.label == "unknown"
    events = home.add(windows(*((PLUG, place) for place in range(12, 160))), np.tile(plug, (148, 1)))
    assert [(event.kind, event.label, event.was) for event in events] == [("narrowed", "kasa-plug", "kasa")]
    events = home.add(windows(*((PLUG, place) for place in range(160, 300))), np.tile(twins, (140, 1)))
    assert (events, home.answer(PLUG).product.label) == ([], "kasa-plug")


def test_what_is_said_of_a_device_is_what_the_model_says_under_the_name_that_it_has() -> None:
    """A told device has its told name and category, and still the alternatives and the set of its evidence."""
    home = Identities(PRODUCTS)
    home.add(windows((PLUG, 1), (PLUG, 2)), chances(0.97, 0.97))
    assert home.answer(PLUG) == PRODUCTS.answer(home.devices[PLUG].lasting, home.devices[PLUG].shown, PLUG)
    home.tell(PLUG, "kettle", 5)
    found = home.answer(PLUG, {"kettle": "appliance"})
    assert (found.state, found.product.label, found.category.label) == ("told", "kettle", "appliance")
    assert found.alternatives[0].label == "plug"
    assert (found.since, found.prediction_set) == (5, ("kettle", "plug", "bulb"))


def test_a_told_device_is_not_doubted_by_a_model_that_does_not_know_its_name() -> None:
    """A product that is no class cannot be contradicted by classes; one that is, can."""
    home = Identities(PRODUCTS)
    home.tell(PLUG, "kettle", 0)
    home.tell(BULB, "bulb", 0)
    events = home.add(windows(*((mac, place) for place in range(36) for mac in (PLUG, BULB))), chances(*[0.97] * 72))
    assert [(event.kind, event.device, event.label) for event in events] == [("doubt", BULB, "bulb")]


def test_memory_is_bounded_and_what_a_person_said_is_never_forgotten() -> None:
    """Where MACs never end, the one silent longest makes room, with an event; told ones stay."""
    home = Identities(PRODUCTS, most_devices=3)
    home.tell(1, "plug", 0)
    events = [event for mac in range(2, 10) for event in home.add(windows((mac, mac)), chances(0.9))]
    assert set(home.devices) == {1, 8, 9}
    assert [event.device for event in events if event.kind == "forgotten"] == [2, 3, 4, 5, 6, 7]


def test_names_survive_a_model_of_other_classes() -> None:
    """After the model changed, devices are called what they were called, and new windows count by the new classes."""
    home = Identities(PRODUCTS)
    home.add(windows(*((PLUG, place) for place in range(30))), chances(*[0.97] * 30))
    moved = home.under(products_of(("bulb", "kettle", "plug")))
    events = moved.add(windows((PLUG, 31)), np.array([[0.01, 0.01, 0.98]]))
    assert events == []
    assert moved.devices[PLUG].identity.label == "plug"


def test_a_home_is_kept_as_json() -> None:
    """What was written and read goes on as if nothing had happened; another number of classes is refused."""
    home = Identities(PRODUCTS)
    home.add(windows(*((PLUG, place) for place in range(30))), chances(*[0.97] * 30))
    home.tell(BULB, "bulb", 5)
    content = json.loads(json.dumps(home.to_json()))
    again = Identities.from_json(content, PRODUCTS)
    later = (windows(*((PLUG, place) for place in range(30, 60))), chances(*[0.03] * 30))
    assert [(event.kind, event.time) for event in again.add(*later)] == [(event.kind, event.time) for event in home.add(*later)]
    assert again.devices.keys() == home.devices.keys()
    with pytest.raises(ValueError):
        Identities.from_json({**content, "classes": ["bulb"]}, PRODUCTS)


def test_habits_add_up_over_the_nights() -> None:
    """They are kept with the device, by its own windows; a home of before headwise kept them has none yet, and goes on."""
    table = windows((PLUG, 1), (BULB, 1))
    table.features[0, names().index("to_mqtt_sent")] = 0.1
    home = Identities(PRODUCTS)
    home.add(table, chances(0.97, 0.03))
    content = json.loads(json.dumps(home.to_json()))
    again = Identities.from_json(content, PRODUCTS)
    assert "mqtt" in again.devices[PLUG].shown.habits.found()
    assert "no mqtt" in again.devices[BULB].shown.habits.found()
    for device in content["devices"].values():
        del device["shown"]["habits"]
    before = Identities.from_json(content, PRODUCTS)
    assert before.devices[PLUG].shown.habits.found() == ()
    before.add(table, chances(0.97, 0.03))
    assert "mqtt" in before.devices[PLUG].shown.habits.found()


def test_evidence_in_words_names_the_likeliest() -> None:
    """It tells how much there is and the three likeliest labels, likeliest first."""
    assert (
        in_words(0.94, [("plug", 0.96), ("bulb", 0.04), ("roku", 0.001)]) == "0.9 independent windows' worth of traffic: plug 96%, bulb 4%"
    )
