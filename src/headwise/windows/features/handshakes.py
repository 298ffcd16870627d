"""The first SYN and SYN/ACK that the device sent: how its TCP introduces itself."""

from __future__ import annotations

import numpy as np

from headwise.windows.catalogue import Definition, Quantity
from headwise.windows.features._formulas import Group, count, derived, known, share

# Kinds of TCP options by IANA's registry.
_OPTIONS = {"mss": 2, "scale": 3, "sack": 4, "timestamps": 8}
_NO_OPERATION = 1


def definitions() -> list[Definition]:
    """Return the group ``handshakes``."""
    group = Group("handshakes")
    for field, name in (("syn", "SYN"), ("syn_ack", "SYN/ACK")):
        _add_headers(group, field, name)
        _add_options(group, field, name)
    return group.found


def _add_headers(group: Group, field: str, name: str) -> None:
    add = group.adder(f"{field}_{{}}_sent", "sent", "{}; NaN where there is none")
    packets = count(field, "count")
    add("size", "bytes", f"Size of the first {name} sent", known(packets, count(field, "size")))
    add("window", "bytes", f"TCP window of the first {name} sent", known(packets, count(field, "window")))
    add("window_mean", "bytes", f"Mean TCP window of {name}s sent", share(count(field, "window_sum"), packets))
    add("window_max", "bytes", f"Largest TCP window of {name}s sent", known(packets, count(field, "window_most")))
    add("congestion", "share", f"{name}s sent with ECE or CWR, of {name}s", share(count(field, "congestion"), packets))
    add("mss", "bytes", f"Maximum segment size of the first {name} sent", known(count(field, "mss_known"), count(field, "mss")))


def _add_options(group: Group, field: str, name: str) -> None:
    add = group.adder(f"{field}_{{}}_sent", "sent", f"{{}} of the first {name} sent; NaN where there is none or its options were cut off")
    whole = count(field, "options_known")
    add("scale", "shift", "Window scale, NaN too where it has none,", known(count(field, "scale_known"), count(field, "scale")))
    add("options", "count", "TCP options", known(whole, _options(field)))
    add("padding", "count", "No-operation options", known(whole, _options(field, _NO_OPERATION)))
    for option, kind in _OPTIONS.items():
        meaning = f"Position of the {option} option among the options, from 1, 0 where it is not there,"
        add(f"{option}_position", "position", meaning, known(whole, _position(field, kind)))


def _kinds(raw: np.ndarray, field: str) -> np.ndarray:
    shifts = np.arange(0, 64, 4, dtype=np.uint64)
    return np.asarray((raw[field]["options"][:, None] >> shifts) & np.uint64(15))


def _options(field: str, kind: int | None = None) -> Quantity:
    def number(raw: np.ndarray) -> np.ndarray:
        kinds = _kinds(raw, field)
        return np.asarray(np.sum(kinds > 0 if kind is None else kinds == kind, axis=1), np.float64)

    return derived(number)


def _position(field: str, kind: int) -> Quantity:
    def number(raw: np.ndarray) -> np.ndarray:
        found = _kinds(raw, field) == kind
        return np.where(found.any(axis=1), found.argmax(axis=1) + 1.0, 0.0)

    return derived(number)
