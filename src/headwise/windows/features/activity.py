"""When in the window something happened, and what came first."""

from __future__ import annotations

import numpy as np

from headwise.windows._raw import EVENTS, KINDS
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import Group, where

_FIRST = ("arp", "eapol", "igmp", "icmpv6", "dhcp", "dns", "mdns", "ssdp", "ntp")
_TCP = ("https", "http", "tcp")
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
    tenths = "Tenths of the window that hold a packet; NaN where a window is a whole capture"
    group.add("active_tenths", "count", "both", tenths, lambda raw: where(raw["tenths"], np.bitwise_count(raw["tenths"])))
    group.add("span", "s", "both", "Time from the first to the last packet", lambda raw: (raw["last"] - raw["first"]) * 1e-9)
    for kind in _FIRST:
        meaning = f"1 where the first packet sent is {kind.upper()}, else 0"
        group.add(f"first_{kind}_sent", "0 or 1", "sent", meaning, lambda raw, k=KINDS.index(kind): raw["first_kind"] == k)
    tcp = [KINDS.index(kind) for kind in _TCP]
    group.add(
        "first_tcp_sent", "0 or 1", "sent", "1 where the first packet sent is TCP, else 0", lambda raw: np.isin(raw["first_kind"], tcp)
    )
    for index, event in enumerate(EVENTS):
        meaning = f"Rank of the first {_EVENTS[event]} sent among the first ones of the kinds in this group; NaN where there is none"
        group.add(f"rank_{event}_sent", "rank", "sent", meaning, lambda raw, i=index: where(raw["event"][:, i], raw["event"][:, i]))
    return group.found
