"""What the device's network stack shows in IP headers."""

from __future__ import annotations

import numpy as np

from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import SENT, Group, share, way, where

_INITIAL = np.array([32, 64, 128, 255])


def definitions() -> list[Definition]:
    """Return the group ``stack``."""
    group = Group("stack")

    def add(name: str, unit: str, meaning: str, formula) -> None:  # type: ignore[no-untyped-def]
        group.add(name, unit, "sent", meaning, formula)

    one = "of packets to single receivers; NaN where there is none"
    add(
        "ttl_mode_sent",
        "hops",
        f"Most common TTL or hop limit {one}; of equals the lowest",
        lambda raw: where(raw["ttl_known"], raw["ttl_mode"]),
    )
    add(
        "ttl_initial_sent",
        "hops",
        "The same, rounded up to 32, 64, 128 or 255",
        lambda raw: where(raw["ttl_known"], _initial(raw["ttl_mode"])),
    )
    add("ttl_min_sent", "hops", f"Lowest TTL {one}", lambda raw: where(raw["ttl_known"], raw["ttl_least"]))
    add("ttl_max_sent", "hops", f"Highest TTL {one}", lambda raw: where(raw["ttl_known"], raw["ttl_most"]))
    many = "of packets to groups and to everyone; NaN where there is none"
    add("ttl_group_min_sent", "hops", f"Lowest TTL {many}", lambda raw: where(raw["group_ttl_known"], raw["group_ttl_least"]))
    add("ttl_group_max_sent", "hops", f"Highest TTL {many}", lambda raw: where(raw["group_ttl_known"], raw["group_ttl_most"]))
    add("dscp_max_sent", "DSCP", "Highest DSCP of IP packets; NaN where there is none", lambda raw: where(_ip(raw), raw["dscp_most"]))
    add(
        "dscp_marked_sent",
        "share",
        "IP packets with a DSCP that is not 0; NaN where there is none",
        lambda raw: share(raw["dscp_marked"], _ip(raw)),
    )
    return group.found


def _ip(raw: np.ndarray) -> np.ndarray:
    by = way(raw, SENT)
    total: np.ndarray = by["ip4"] + by["ip6"]
    return total


def _initial(ttl: np.ndarray) -> np.ndarray:
    return _INITIAL[np.searchsorted(_INITIAL, np.minimum(ttl, 255))]
