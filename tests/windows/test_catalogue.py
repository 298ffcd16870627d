"""The feature catalogue and what it is made from."""

from __future__ import annotations

import re
from pathlib import Path

from headwise import native
from headwise.windows import FEATURES_VERSION, catalogue, delays_among, names
from headwise.windows._kernel import WINDOW, State
from headwise.windows._raw import EVENTS, KINDS, MESSAGES, PEERS, PORT_CLASSES
from headwise.windows.ports import NAMES, port_table
from headwise.windows.table import PACKET_KINDS

HEADER = Path(__file__).resolve().parents[2] / "native" / "windows.h"


def _enum(prefix: str, stop: str = "") -> list[str]:
    """Return the members of the enum in native/windows.h whose names start so, without what counts them."""
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)
    body = next(body for body in re.findall(r"enum[^{;]*\{([^}]*)\}", text) if f"{prefix}_" in body)
    members = [member.split("=")[0].strip() for member in body.split(",") if member.strip()]
    return [member.removeprefix(f"{prefix}_").lower() for member in members if member.startswith(f"{prefix}_") and member != stop]


def test_every_feature_has_a_name_of_its_own_and_a_meaning() -> None:
    """Names are unique, tell their direction, and each feature says its unit, meaning, direction and version."""
    assert len(set(names())) == len(names())
    for feature in catalogue():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", feature.name)
        assert feature.unit
        assert feature.meaning[0].isupper() or feature.meaning[0].isdigit()
        assert "{" not in feature.meaning
        assert feature.direction in ("sent", "received", "both")
        assert 1 <= feature.since <= FEATURES_VERSION
        if feature.direction == "received":
            assert feature.name.endswith("_received")


def test_delays_are_what_is_measured_in_seconds() -> None:
    """Gaps, periods and durations are found in whatever order; sizes, shares and counts are none, nor what another set has."""
    mixed = ("size_max_sent", "gap_q50_sent", "flow_duration", "span", "packets_sent", "ntp_period_sent")
    assert delays_among(mixed) == (1, 3, 5)
    assert {feature.unit for feature in catalogue() if feature.name in {names()[place] for place in delays_among(names())}} == {"s"}


def test_no_feature_is_or_encodes_an_identifier() -> None:
    """No address, MAC, host name, or port number is a feature; ports are seen by class and count."""
    for feature in catalogue():
        assert feature.unit not in ("address", "port", "name")
        assert not re.search(r"(^|_)(mac|ip|address|port)(_|$)", feature.name)


def test_port_classes_stand_where_the_core_expects_them() -> None:
    """The classes that the core knows by name have its numbers, and no class is beyond its room."""
    known = _enum("HW_PORT", stop="HW_PORT_NAMED")
    assert list(NAMES[: len(known)]) == known
    assert len(NAMES) <= PORT_CLASSES


def test_every_port_has_the_class_that_names_it() -> None:
    """A port's class is the most special one; what no class names is told by its range."""
    table = port_table()
    wanted = {
        53: "dns",
        443: "https",
        8883: "mqtts",
        22: "shell",
        1: "low",
        2000: "registered",
        49153: "upnp",
        65535: "dynamic",
        68: "dhcp",
    }
    assert {port: NAMES[table[port]] for port in wanted} == wanted


def test_kinds_events_messages_and_peers_are_the_cores() -> None:
    """Lists in Python name the core's numbers in order."""
    assert _enum("HW_KIND") == list(KINDS)
    assert len(PACKET_KINDS) == len(KINDS)
    assert _enum("HW_EVENT", stop="HW_EVENTS") == list(EVENTS)
    assert _enum("HW_MESSAGE", stop="HW_MESSAGES") == list(MESSAGES)
    assert _enum("HW_PEER", stop="HW_PEERS") == list(PEERS)


def test_structs_are_the_cores() -> None:
    """A raw window has the size of the core's struct, and a state the size of its fields."""
    assert native.library().hw_windows_window_size() == WINDOW.itemsize
    assert State.watermark.offset == 13 * 8
