"""The first SYN and SYN/ACK that the device sent: how its TCP introduces itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import Group, share, where

# Kinds of TCP options by IANA's registry.
_OPTIONS = {"mss": 2, "scale": 3, "sack": 4, "timestamps": 8}
_HANDSHAKES = {"syn": "SYN", "syn_ack": "SYN/ACK"}
_SLOTS = 16


def definitions() -> list[Definition]:
    """Return the group ``handshakes``."""
    group = Group("handshakes")
    for field, name in _HANDSHAKES.items():
        _add(group, field, name)
    return group.found


def _add(group: Group, field: str, name: str) -> None:
    def add(start: str, unit: str, meaning: str, formula) -> None:  # type: ignore[no-untyped-def]
        group.add(f"{field}_{start}_sent", unit, "sent", f"{meaning}; NaN where none is known", lambda raw: formula(raw[field]))

    whole = f"of the first {name} sent whose options were captured whole"
    add("size", "bytes", f"Size of the first {name} sent", lambda s: where(s["count"], s["size"]))
    add("window", "bytes", f"TCP window of the first {name} sent", lambda s: where(s["count"], s["window"]))
    add("window_mean", "bytes", f"Mean TCP window of {name}s sent", lambda s: share(s["window_sum"], s["count"]))
    add("window_max", "bytes", f"Largest TCP window of {name}s sent", lambda s: where(s["count"], s["window_most"]))
    add("congestion", "share", f"{name}s sent with ECE or CWR", lambda s: share(s["congestion"], s["count"]))
    add("mss", "bytes", f"Maximum segment size of the first {name} sent that has one", lambda s: where(s["mss_known"], s["mss"]))
    add("scale", "shift", f"Window scale {whole}; NaN too where it has none", lambda s: where(s["scale_known"], s["scale"]))
    add("options", "count", f"TCP options {whole}", lambda s: where(s["options_known"], (_kinds(s) > 0).sum(axis=1)))
    add("padding", "count", f"No-operation options {whole}", lambda s: where(s["options_known"], (_kinds(s) == 1).sum(axis=1)))
    for option, kind in _OPTIONS.items():
        meaning = f"Position of the {option} option among the options, from 1, 0 where it is not there, {whole}"
        add(f"{option}_position", "position", meaning, lambda s, k=kind: where(s["options_known"], _position(s, k)))


def _kinds(shake: Any) -> np.ndarray:
    shifts = np.arange(0, 4 * _SLOTS, 4, dtype=np.uint64)
    kinds: np.ndarray = (shake["options"][:, None] >> shifts) & np.uint64(15)
    return kinds


def _position(shake: Any, kind: int) -> np.ndarray:
    found = _kinds(shake) == kind
    return np.where(found.any(axis=1), found.argmax(axis=1) + 1, 0)
