"""Lengths of messages of a few protocols: the UDP payload length, never what is in it."""

from __future__ import annotations

import numpy as np

from headwise.windows._raw import FIRST_LENGTHS, MESSAGES
from headwise.windows.catalogue import Definition, Formula, Quantity
from headwise.windows.features._formulas import Group, count, derived, known, share

_WHAT = {
    "dns_sent": ("DNS queries sent", "count first min mean max distinct q50 mode mode_share mode2"),
    "dns_received": ("DNS replies received", "count min mean max distinct"),
    "ntp_sent": ("NTP requests sent", "count mean"),
    "ntp_received": ("NTP replies received", "count mean"),
    "dhcp_sent": ("DHCP messages sent", "count first mean max"),
    "mdns_sent": ("mDNS messages sent", "count first min mean max distinct"),
    "ssdp_sent": ("SSDP messages sent", "count first min mean max distinct"),
    "broadcast_sent": ("other UDP messages sent to everyone", "count first mean max distinct"),
}
# Statistic: unit, meaning, how it is made.
_STATISTICS = {
    "count": ("count", "Number of {}", ""),
    "first": ("bytes", "Length of the first of the {}", "first"),
    "min": ("bytes", "Smallest length of {}", "least"),
    "mean": ("bytes", "Mean length of {}", "sum"),
    "max": ("bytes", "Largest length of {}", "most"),
    "distinct": ("count", "Distinct lengths of {}", "distinct"),
    "mode": ("bytes", "Most common length (of equals the smallest, at most 511) of {}", "mode"),
    "mode2": ("bytes", "Second most common length (at most 511) of {}", "second"),
    "q50": ("bytes", "Median length (at most 511) of {}", "median"),
    "mode_share": ("share", "Share of the most common length of {}", "mode_count"),
}
_RATIOS = ("mean", "mode_share")


def definitions() -> list[Definition]:
    """Return the group ``messages``."""
    group = Group("messages")
    for message, (what, statistics) in _WHAT.items():
        for statistic in statistics.split():
            _add(group, message, what, statistic)
    for position in range(FIRST_LENGTHS):
        text = f"Length of DNS query number {position + 1} of the window; NaN where there are less"
        group.add(f"dns_length{position + 1}_sent", "bytes", "sent", text, _first_query(position))
    return group.found


def _add(group: Group, message: str, what: str, statistic: str) -> None:
    protocol, direction = message.rsplit("_", 1)
    unit, meaning, field = _STATISTICS[statistic]
    index = MESSAGES.index(message)
    messages = count("message", index, "count")
    formula: Formula | Quantity = messages
    if field:
        value = count("message", index, field)
        where = count("message", index, "second_count") if statistic == "mode2" else messages
        formula = share(value, messages) if statistic in _RATIOS else known(where, value)
        meaning += "; NaN where there is none"
    group.add(f"{protocol}_{statistic}_{direction}", unit, direction, meaning.format(what), formula)


def _first_query(position: int) -> Quantity:
    queries, length = count("message", MESSAGES.index("dns_sent"), "count"), count("first_queries", position)
    return derived(lambda raw: np.where(queries.values(raw) > position, length.values(raw), np.nan))
