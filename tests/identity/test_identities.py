"""The devices of a home together."""

from __future__ import annotations

import json

import numpy as np
import pytest

from headwise.clock import NS
from headwise.identity import Identities, Naming
from headwise.identity.identities import in_words
from headwise.windows import WindowTable, names

CLASSES = ("bulb", "plug")
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
    home = Identities(CLASSES)
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
    first, second = Identities(CLASSES), Identities(CLASSES)
    assert first.add(table, probabilities) == second.add(table.select(shuffled), probabilities[shuffled])
    assert first.to_json() == second.to_json()


def test_windows_that_hold_next_to_nothing_name_nothing() -> None:
    """A device that only answers ARP is not named in an hour, however sure the model is of each window."""
    table = windows(*((PLUG, place) for place in range(6)), packets=1)
    table.features[:, names().index("arp_sent")] = 1
    home = Identities(CLASSES)
    home.add(table, chances(*[0.999] * 6))
    assert home.devices[PLUG].identity.state == "guessing"


def test_a_change_is_noticed_within_hours_and_the_name_stays() -> None:
    """After two days as a plug a device that behaves like a bulb is changed the same morning, and is still called a plug."""
    home = Identities(CLASSES)
    home.add(windows(*((PLUG, place) for place in range(288))), chances(*[0.97] * 288))
    events = home.add(windows(*((PLUG, place) for place in range(288, 324))), chances(*[0.03] * 36))
    assert [(event.kind, event.label, event.state) for event in events] == [("changed", "plug", "changed")]
    assert (events[0].time - 288 * 600 * NS) / NS < 6 * 3600


def test_strange_devices_are_unknown() -> None:
    """How unlike anything known the windows are decides with the default rule where it has a bound."""
    home = Identities(CLASSES, Naming(strange_above=2.0))
    home.add(windows((PLUG, 1), (BULB, 1)), chances(0.97, 0.02), np.array([5.0, 0.1]))
    assert home.devices[PLUG].identity.state == "unknown"
    assert home.devices[BULB].identity.label == "bulb"


def test_a_told_device_is_not_doubted_by_a_model_that_does_not_know_its_name() -> None:
    """A product that is no class cannot be contradicted by classes; one that is, can."""
    home = Identities(CLASSES)
    home.tell(PLUG, "kettle", 0)
    home.tell(BULB, "bulb", 0)
    events = home.add(windows(*((mac, place) for place in range(36) for mac in (PLUG, BULB))), chances(*[0.97] * 72))
    assert [(event.kind, event.device, event.label) for event in events] == [("doubt", BULB, "bulb")]


def test_memory_is_bounded_and_what_a_person_said_is_never_forgotten() -> None:
    """Where MACs never end, the one silent longest makes room, with an event; told ones stay."""
    home = Identities(CLASSES, most_devices=3)
    home.tell(1, "plug", 0)
    events = [event for mac in range(2, 10) for event in home.add(windows((mac, mac)), chances(0.9))]
    assert set(home.devices) == {1, 8, 9}
    assert [event.device for event in events if event.kind == "forgotten"] == [2, 3, 4, 5, 6, 7]


def test_names_survive_a_model_of_other_classes() -> None:
    """After the model changed, devices are called what they were called, and new windows count by the new classes."""
    home = Identities(CLASSES)
    home.add(windows(*((PLUG, place) for place in range(30))), chances(*[0.97] * 30))
    moved = home.under(("bulb", "kettle", "plug"))
    events = moved.add(windows((PLUG, 31)), np.array([[0.01, 0.01, 0.98]]))
    assert events == []
    assert moved.devices[PLUG].identity.label == "plug"


def test_a_home_is_kept_as_json() -> None:
    """What was written and read goes on as if nothing had happened; another number of classes is refused."""
    home = Identities(CLASSES)
    home.add(windows(*((PLUG, place) for place in range(30))), chances(*[0.97] * 30))
    home.tell(BULB, "bulb", 5)
    content = json.loads(json.dumps(home.to_json()))
    again = Identities.from_json(content)
    later = (windows(*((PLUG, place) for place in range(30, 60))), chances(*[0.03] * 30))
    assert [(event.kind, event.time) for event in again.add(*later)] == [(event.kind, event.time) for event in home.add(*later)]
    assert again.devices.keys() == home.devices.keys()
    with pytest.raises(ValueError):
        Identities.from_json({**content, "classes": ["bulb"]})


def test_evidence_in_words_names_the_likeliest() -> None:
    """It tells how much there is and the three likeliest labels, likeliest first."""
    home = Identities(CLASSES)
    home.add(windows((PLUG, 1)), chances(0.97))
    assert list(in_words(home.posterior(PLUG))) == ["0.9 independent windows' worth of traffic: plug 96%, bulb 4%"]
