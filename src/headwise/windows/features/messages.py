"""Lengths of messages of a few protocols: the UDP payload length, never what is in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from headwise.windows._raw import FIRST_LENGTHS, MESSAGES
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import Group, share, where

_WHAT = {
    "dns_sent": ("DNS queries sent", "count first min mean max distinct mode mode_share"),
    "dns_received": ("DNS replies received", "count min mean max distinct"),
    "ntp_sent": ("NTP requests sent", "count mean"),
    "ntp_received": ("NTP replies received", "count mean"),
    "dhcp_sent": ("DHCP messages sent", "count first mean max"),
    "mdns_sent": ("mDNS messages sent", "count first min mean max distinct"),
    "ssdp_sent": ("SSDP messages sent", "count first min mean max distinct"),
    "broadcast_sent": ("other UDP messages broadcast", "count first mean max distinct"),
}
_STATISTICS = {
    "first": ("first", "Length of the first of the"),
    "min": ("least", "Smallest length of"),
    "max": ("most", "Largest length of"),
    "distinct": ("distinct", "Distinct lengths of"),
    "mode": ("mode", "Most common length (of equals the smallest, at most 511) of"),
}


def definitions() -> list[Definition]:
    """Return the group ``messages``."""
    group = Group("messages")
    for message, (what, statistics) in _WHAT.items():
        for statistic in statistics.split():
            _add(group, message, what, statistic)
    for position in range(FIRST_LENGTHS):
        text = f"Length of DNS query number {position + 1} of the window; NaN where there are less"
        group.add(f"dns_length{position + 1}_sent", "bytes", "sent", text, lambda raw, p=position: _first_query(raw, p))
    return group.found


def _add(group: Group, message: str, what: str, statistic: str) -> None:
    protocol, direction = message.rsplit("_", 1)
    index = MESSAGES.index(message)
    name = f"{protocol}_{statistic}_{direction}"
    none = "NaN where there is none"
    if statistic == "count":
        group.add(name, "count", direction, f"{what[:1].upper()}{what[1:]}", lambda raw: raw["message"][:, index]["count"])
    elif statistic == "mean":
        group.add(name, "bytes", direction, f"Mean length of {what}; {none}", lambda raw: _ratio(raw, index, "sum"))
    elif statistic == "mode_share":
        group.add(
            name, "share", direction, f"Share of the most common length of {what}; {none}", lambda raw: _ratio(raw, index, "mode_count")
        )
    else:
        field, meaning = _STATISTICS[statistic]
        unit = "count" if statistic == "distinct" else "bytes"
        group.add(name, unit, direction, f"{meaning} {what}; {none}", lambda raw: _value(raw, index, field))


def _ratio(raw: np.ndarray, index: int, field: str) -> np.ndarray:
    lengths: Any = raw["message"][:, index]
    return share(lengths[field], lengths["count"])


def _value(raw: np.ndarray, index: int, field: str) -> np.ndarray:
    lengths: Any = raw["message"][:, index]
    return where(lengths["count"], lengths[field])


def _first_query(raw: np.ndarray, position: int) -> np.ndarray:
    count = raw["message"][:, MESSAGES.index("dns_sent")]["count"]
    return np.where(count > position, raw["first_queries"][:, position].astype(np.float64), np.nan)
