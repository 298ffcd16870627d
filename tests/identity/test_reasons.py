"""What spoke for a name, in words."""

from __future__ import annotations

import numpy as np

from headwise.identity.reasons import MOST, PHRASES, Shown, alike, kind_reason, reasons, vendor_reason
from headwise.identity.vendor_categories import RANDOM
from headwise.models.knowledge import TELLING, Knowledge

KNOWLEDGE = Knowledge(
    {},
    {
        "plug": {"syn_window_sent": 5840.0, "dns_max_sent": 40.0, "to_kasa_sent": 1.0, "to_tuya_sent": 0.0, "ttl_initial_sent": 64.0},
        "bulb": {"syn_window_sent": 1452.0, "dns_max_sent": 40.0, "to_kasa_sent": 0.0, "to_tuya_sent": 0.0, "ttl_initial_sent": 64.0},
        "lock": {"syn_window_sent": 8192.0, "dns_max_sent": 55.0, "to_kasa_sent": 0.0, "to_tuya_sent": 0.0, "ttl_initial_sent": 64.0},
    },
)


def shown(**values: float) -> Shown:
    """Return what a device showed; what is not given was undefined."""
    found = Shown()
    found.add(np.array([values.get(name, np.nan) for name in TELLING]))
    return found


def test_every_telling_feature_can_be_said() -> None:
    """There is a phrase for each, with the value in it but for kinds of ports."""
    assert set(PHRASES) == set(TELLING)
    assert all(("{" in phrase) != name.startswith("to_") for name, phrase in PHRASES.items())


def test_what_few_others_do_is_said_rarest_first() -> None:
    """What all products do is no reason, nor is a port that was not talked to."""
    told = reasons(shown(syn_window_sent=5840, dns_max_sent=40, to_kasa_sent=1, to_tuya_sent=0, ttl_initial_sent=64), "plug", KNOWLEDGE)
    assert told == [
        "opens TCP connections with a window of 5840 bytes, as no other known product does",
        "talks to TP-Link Kasa's port, as no other known product does",
    ]
    assert len(told) <= MOST


def test_one_length_is_one_reason() -> None:
    """The first query is mostly as long as others are; another length, and another thing of the same number, is told too."""
    typical = {"dns_first_sent": 40.0, "dns_mode_sent": 40.0, "dns_max_sent": 62.0, "syn_scale_sent": 7.0, "syn_options_sent": 7.0}
    knowledge = Knowledge({}, {"plug": typical, "bulb": {}})
    same = reasons(shown(dns_first_sent=40, dns_mode_sent=40, dns_max_sent=62), "plug", knowledge)
    assert same == [
        "first asks for a DNS name in a query of 40 bytes, as no other known product does",
        "sends DNS queries of up to 62 bytes, as no other known product does",
    ]
    assert len(reasons(shown(syn_scale_sent=7, syn_options_sent=7), "plug", knowledge)) == 2


def test_what_is_unlike_the_product_is_no_reason() -> None:
    """Another window size, or one never shown, says nothing for it."""
    assert reasons(shown(syn_window_sent=1452), "plug", KNOWLEDGE) == []
    assert reasons(shown(), "plug", KNOWLEDGE) == []
    assert reasons(shown(syn_window_sent=5840), "stranger", KNOWLEDGE) == []


def test_the_last_value_counts_and_a_port_stays_talked_to() -> None:
    """A later window that shows nothing takes nothing away."""
    found = shown(syn_window_sent=1, to_kasa_sent=1)
    found.add(shown(syn_window_sent=2, to_kasa_sent=0).values)
    found.add(shown().values)
    assert found.values[TELLING.index("syn_window_sent")] == 2
    assert found.values[TELLING.index("to_kasa_sent")] == 1


def test_alike_is_within_three_percent() -> None:
    """Undefined is like nothing."""
    assert alike(100, 102)
    assert not alike(100, 104)
    assert not alike(np.nan, np.nan)


def test_the_vendor_is_a_reason_where_it_is_the_products() -> None:
    """Another vendor is none."""
    assert vendor_reason("Ring LLC", "chime", {"chime": {"Ring LLC": 1}}) == ["its network card is of Ring LLC, as the product's"]
    assert vendor_reason("Ring LLC", "plug", {"chime": {"Ring LLC": 1}}) == []


def test_the_vendor_is_a_reason_for_what_it_is_known_for() -> None:
    """A random MAC is one for a computer; a maker of modules, or of other kinds, is none."""
    assert kind_reason("Ring LLC", "surveillance") == ["its network card is of Ring LLC, which is known for the kind surveillance"]
    assert kind_reason(RANDOM, "computer") == ["its MAC is random, as those of phones and laptops are"]
    nothing = (("Ring LLC", "media"), (RANDOM, "media"), ("Espressif Inc.", "home-automation"), (None, "computer"), ("Ring LLC", "unknown"))
    assert [kind_reason(vendor, category) for vendor, category in nothing] == [[]] * len(nothing)
