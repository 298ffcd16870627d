"""What a device does that tells its kind."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.identity.habit_categories import KINDS, TABLE, WORDS, habit_logarithms, telling_habit
from headwise.identity.habits import ALONE, MOST_WINDOWS, NAMES, Habits, signs_of
from headwise.windows.catalogue import catalogue

FEATURES = tuple(feature.name for feature in catalogue())


def signs(**values: float) -> set[str]:
    """Return the signs of a window that has these features; what is not given is undefined."""
    row = np.full((1, len(FEATURES)), np.nan, np.float32)
    for name, value in values.items():
        row[0, FEATURES.index(name)] = value
    return {name for name, shown in zip(NAMES, signs_of(row, FEATURES)[0].tolist(), strict=True) if shown}


def habits(*windows: set[str]) -> set[str]:
    """Return the habits of a device whose windows show these signs."""
    found = Habits()
    for shown in windows:
        found.add(np.isin(NAMES, list(shown)))
    return set(found.found())


def test_an_empty_window_shows_nothing() -> None:
    """What is undefined is no sign."""
    assert signs() == set()


def test_signs_are_read_off_features() -> None:
    """Bulk, breadth, stack, announcements and ports."""
    assert signs(bytes_sent=500e3, bytes_received=50e3) == {"uploads"}
    assert signs(bytes_sent=500e3, bytes_received=400e3) == set()
    assert signs(bytes_sent=100e3, bytes_received=2e6) == {"downloads"}
    assert signs(dns_distinct_sent=9, remotes_sent=20, hello_distinct_sent=7) == {"many names", "many servers", "many hellos"}
    assert signs(syn_options_sent=4, syn_scale_position_sent=3, syn_scale_sent=7) == {"connects", "scales", "scales far"}
    assert signs(ttl_initial_sent=255) == {"starts at 255"}
    assert signs(from_mdns_sent=0.1, to_ssdp_sent=0.1) == {"mdns", "ssdp"}
    assert signs(to_rtsp_sent=0.1, to_stun_sent=0.2, to_mqtts_sent=0.1) == {"camera ports", "stun", "mqtt"}


def test_signs_begin_where_the_documents_say() -> None:
    """At 8 lengths of names, 15 addresses, 6 first payloads and 5 bits; of bulk, above what is named."""
    assert signs(dns_distinct_sent=8, remotes_sent=15, hello_distinct_sent=6) == {"many names", "many servers", "many hellos"}
    assert signs(dns_distinct_sent=7, remotes_sent=14, hello_distinct_sent=5) == set()
    assert signs(syn_scale_sent=5) == {"scales far"}
    assert signs(syn_scale_sent=4) == set()
    assert signs(bytes_sent=300e3, bytes_received=0) == signs(bytes_sent=0, bytes_received=800e3) == set()
    assert signs(bytes_sent=900e3, bytes_received=450e3) == signs(bytes_sent=450e3, bytes_received=900e3) == set()


@pytest.mark.parametrize(
    ("sign", "features"),
    [
        ("mdns", "to_mdns from_mdns"),
        ("ssdp", "to_ssdp from_ssdp"),
        ("tuya", "to_tuya from_tuya"),
        ("kasa", "from_kasa accepts_kasa"),
        ("push", "to_push"),
        ("camera ports", "to_ws_discovery from_ws_discovery to_rtsp to_rtmp"),
        ("mqtt", "to_mqtt to_mqtts"),
        ("stun", "to_stun from_stun"),
        ("serves web", "accepts_http"),
        ("xmpp", "to_xmpp"),
        ("plays", "to_airplay to_sonos"),
    ],
)
def test_each_port_is_a_sign_of_its_own(sign: str, features: str) -> None:
    """Any share of what is sent is, and nothing else is the same sign."""
    assert [signs(**{f"{name}_sent": 0.01}) for name in features.split()] == [{sign}] * len(features.split())
    others = [
        name for name in FEATURES if name.startswith(("to_", "from_", "accepts_")) and name.removesuffix("_sent") not in features.split()
    ]
    assert not [name for name in others if sign in signs(**{name: 0.01})]


def test_a_way_kept_open_is_datagrams_of_its_own_to_the_internet() -> None:
    """Those to name servers, to everyone and to hosts of the home are none."""
    assert "relays" in signs(packets_sent=100, udp_sent=0.5, peer_internet_packets_sent=0.5)
    assert "relays" not in signs(packets_sent=100, udp_sent=0.5, to_dns_sent=0.5, peer_internet_packets_sent=0.5)
    assert "relays" not in signs(packets_sent=100, udp_sent=0.5, peer_local_packets_sent=0.5, peer_internet_packets_sent=0.5)
    assert "relays" not in signs(packets_sent=100, udp_sent=0.5, broadcast_count_sent=50, peer_internet_packets_sent=0.5)
    assert "relays" not in signs(packets_sent=100, udp_sent=0.5, peer_internet_packets_sent=0)


def test_a_device_has_one_habit_of_each_group() -> None:
    """How broad, how large a stack, how it announces itself; and of ports those that it talks to."""
    assert habits(set()) == {"turns to few", "announces nothing", "no mqtt"}
    assert habits({"many names", "connects"}, {"mdns"}, {"mqtt"}) == {"turns to some", "small stack", "mdns", "mqtt"}
    assert habits({"many names", "many servers", "scales", "scales far", "mdns", "ssdp", "push"}) == {
        *("turns to many", "large stack", "mdns and ssdp", "no mqtt", "push")
    }


def test_what_turns_to_many_uploads_for_other_reasons() -> None:
    """A device that sends a lot and turns to few is told from one that does everything."""
    assert "uploads" in habits({"uploads"})
    assert "uploads" in habits({"uploads", "many names"})
    assert "uploads" not in habits({"uploads", "many names", "many servers"})


def test_what_uploads_downloads_for_other_reasons() -> None:
    """A camera also fetches its updates."""
    assert habits({"uploads"}, {"downloads"}) & {"uploads", "downloads"} == {"uploads"}
    assert habits({"uploads", "many names", "many servers"}, {"downloads"}) & {"uploads", "downloads"} == {"downloads"}


def test_a_stack_without_connections_is_told_by_where_its_ttl_mostly_begins() -> None:
    """Announcements of any device have a TTL of 255, and are not all that it sends."""
    assert "small stack" in habits({"starts at 255"}, {"starts at 255"}, set())
    assert "small stack" not in habits({"starts at 255"}, set(), set())


def test_once_in_many_windows_is_no_habit() -> None:
    """A source port that happens to be STUN's says nothing; one window of a few does."""
    assert "stun" in habits({"stun"}, *[set()] * 50)
    assert "stun" not in habits({"stun"}, *[set()] * 200)
    assert "relays" not in habits({"relays"}, set(), set())


def test_no_window_and_other_feature_sets_have_no_habits() -> None:
    """Nothing is known of them, not even that they do nothing."""
    found = Habits()
    assert found.found() == ()
    found.add(signs_of(np.zeros((1, 2)), ("some", "others"))[0])
    assert found.found() == ()


def test_earlier_windows_fade() -> None:
    """Counts stay bounded, and what is done now outweighs what was done long ago."""
    found = Habits()
    for _ in range(5 * MOST_WINDOWS):
        found.add(np.isin(NAMES, ["mqtt"]))
    assert found.windows <= MOST_WINDOWS
    assert found.counts.max() <= MOST_WINDOWS


def test_they_are_kept_as_text() -> None:
    """What was written is read again; signs that are not known any more are left out, and what is none is refused."""
    found = Habits()
    found.add(np.isin(NAMES, ["mqtt", "mdns"]))
    content = found.to_json()
    assert Habits.from_json(content).found() == found.found()
    assert Habits.from_json({}).found() == ()
    assert Habits.from_json({"windows": 1, "signs": {**content["signs"], "flies": 3}}).found() == found.found()
    for wrong in ({"windows": -1}, {"windows": float("nan")}, {"windows": 1, "signs": {"mqtt": -1}}):
        with pytest.raises(ValueError, match="habits"):
            Habits.from_json(wrong)


def test_every_habit_has_numbers_and_words() -> None:
    """Of every kind; habits that shut each other out add up to a hundred."""
    assert set(TABLE) == set(WORDS)
    assert set(ALONE) < set(TABLE)
    assert all(len(rates) == len(KINDS) and all(0 < rate <= 100 for rate in rates) for rates in TABLE.values())
    for group in (
        ("turns to few", "turns to some", "turns to many"),
        ("small stack", "middle stack", "large stack"),
        ("announces nothing", "mdns", "ssdp", "mdns and ssdp"),
        ("mqtt", "no mqtt"),
    ):
        assert np.sum([TABLE[name] for name in group], axis=0).tolist() == [100] * len(KINDS)


def test_habits_speak_for_a_kind() -> None:
    """Their logarithms add up; of a kind that is not in the table nothing is known."""
    both = habit_logarithms(["uploads", "relays"], ["surveillance", "appliance", "submarine"])
    assert both[0] > 0 > both[1]
    assert both[2] == 0
    one, other = habit_logarithms(["uploads"], KINDS), habit_logarithms(["relays"], KINDS)
    assert np.allclose(habit_logarithms(["uploads", "relays"], KINDS), one + other)
    assert habit_logarithms([], KINDS).tolist() == [0] * len(KINDS)


def test_the_most_telling_habit_is_said() -> None:
    """None is, where none speaks for the kind."""
    assert telling_habit(["turns to few", "uploads"], "surveillance") == WORDS["uploads"]
    assert telling_habit(["turns to many"], "appliance") is None
    assert telling_habit([], "appliance") is None
    assert telling_habit(["uploads"], "unknown") is None
