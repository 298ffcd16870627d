"""What the device's network stack shows in IP headers."""

from __future__ import annotations

import numpy as np

from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import SENT, Group, count, derived, known, share, total

_INITIAL = np.array([32.0, 64.0, 128.0, 255.0])


def definitions() -> list[Definition]:
    """Return the group ``stack``."""
    group = Group("stack")
    add = group.adder("ttl_{}_sent", "sent", "{} of packets to single receivers; NaN where there is none")
    ttls, groups, packets = count("ttl_known"), count("group_ttl_known"), total(count("by", SENT, "ip4"), count("by", SENT, "ip6"))
    add("mode", "hops", "Most common TTL or hop limit, of equals the lowest,", known(ttls, count("ttl_mode")))
    add("initial", "hops", "Most common TTL, rounded up to 32, 64, 128 or 255,", known(ttls, derived(_initial)))
    add("min", "hops", "Lowest TTL", known(ttls, count("ttl_least")))
    add("max", "hops", "Highest TTL", known(ttls, count("ttl_most")))
    add = group.adder("ttl_group_{}_sent", "sent", "{} of packets to groups and to everyone; NaN where there is none")
    add("min", "hops", "Lowest TTL", known(groups, count("group_ttl_least")))
    add("max", "hops", "Highest TTL", known(groups, count("group_ttl_most")))
    add = group.adder("dscp_{}_sent", "sent", "{} of IP packets; NaN where there is none")
    add("max", "DSCP", "Highest DSCP", known(packets, count("dscp_most")))
    add("marked", "share", "Share with a DSCP that is not 0,", share(count("dscp_marked"), packets))
    return group.found


def _initial(raw: np.ndarray) -> np.ndarray:
    return _INITIAL[np.searchsorted(_INITIAL, raw["ttl_mode"])]
