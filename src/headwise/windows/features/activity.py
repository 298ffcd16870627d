"""When in the window something happened, and what came first."""

from __future__ import annotations

import numpy as np

from headwise.windows._raw import EVENTS, KINDS
from headwise.windows.catalogue import Definition, Quantity
from headwise.windows.features._formulas import Group, count, derived, known

_FIRST: dict[str, tuple[str, ...]] = {
    "arp": ("arp",),
    "eapol": ("eapol",),
    "igmp": ("igmp",),
    "icmpv6": ("icmpv6",),
    "dhcp": ("dhcp",),
    "dns": ("dns",),
    "mdns": ("mdns",),
    "ssdp": ("ssdp",),
    "ntp": ("ntp",),
    "tcp": ("https", "http", "tcp"),
}
_EVENTS = {
    "arp": "ARP packet",
    "dhcp": "DHCP message",
    "dns": "DNS message",
    "mdns": "mDNS message",
    "ssdp": "SSDP message",
    "ntp": "NTP message",
    "connection": "SYN without ACK",
    "router_solicitation": "router solicitation",
    "igmp": "IGMP message",
    "eapol": "EAPOL frame",
}


def definitions() -> list[Definition]:
    """Return the group ``activity``."""
    group = Group("activity")
    meaning = "Tenths of the window that hold a packet; NaN where a window is a whole capture"
    group.add("active_tenths", "count", "both", meaning, known(count("tenths"), derived(_tenths)))
    group.add("span", "s", "both", "Time from the first to the last packet", derived(_span))
    add = group.adder("first_{}_sent", "sent", "1 where the first packet sent is {}, else 0")
    for name, kinds in _FIRST.items():
        add(name, "0 or 1", name.upper(), _first_is(kinds))
    add = group.adder(
        "rank_{}_sent", "sent", "Rank, in time, of the first {} sent among the first of each kind that has a rank; NaN where there is none"
    )
    for index, event in enumerate(EVENTS):
        add(event, "rank", _EVENTS[event], known(count("event", index), count("event", index)))
    return group.found


def _tenths(raw: np.ndarray) -> np.ndarray:
    return np.asarray(np.bitwise_count(raw["tenths"]), np.float64)


def _span(raw: np.ndarray) -> np.ndarray:
    return np.asarray((raw["last"] - raw["first"]) * 1e-9)


def _first_is(kinds: tuple[str, ...]) -> Quantity:
    numbers = [KINDS.index(kind) for kind in kinds]
    return derived(lambda raw: np.isin(raw["first_kind"], numbers).astype(np.float64))
