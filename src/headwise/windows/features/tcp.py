"""TCP flags and windows of what flows."""

from __future__ import annotations

from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import SENT, WAYS, Group, share, way, where

_FLAGS = {
    "syn": ("flag_syn", "SYN without ACK"),
    "syn_ack": ("flag_syn_ack", "SYN and ACK"),
    "fin": ("flag_fin", "FIN"),
    "rst": ("flag_rst", "RST"),
    "psh": ("flag_psh", "PSH"),
    "bare_ack": ("bare_ack", "ACK alone and no payload"),
}


def definitions() -> list[Definition]:
    """Return the group ``tcp``."""
    group = Group("tcp")
    for direction, name in WAYS:
        _add_flags(group, direction, name)
        _add_windows(group, direction, name)
    group.add(
        "tcp_timestamps_sent",
        "share",
        "sent",
        "TCP packets with a timestamps option, of those sent whose options were captured whole; NaN where there is none",
        lambda raw: share(raw["timestamps"], raw["options_known"]),
    )
    return group.found


def _add_flags(group: Group, d: int, name: str) -> None:
    for flag, (field, meaning) in _FLAGS.items():
        text = f"TCP packets with {meaning}, of TCP packets {name}; NaN where there is none"
        group.add(f"tcp_{flag}_{name}", "share", name, text, lambda raw, f=field: share(way(raw, d)[f], way(raw, d)["tcp"]))


def _add_windows(group: Group, d: int, name: str) -> None:
    def add(start: str, unit: str, meaning: str, formula) -> None:  # type: ignore[no-untyped-def]
        text = f"{meaning} of TCP packets {name} without SYN and RST, as in the header (not scaled); NaN where there is none"
        group.add(f"tcp_window_{start}_{name}", unit, name, text, lambda raw: formula(way(raw, d)))

    add("min", "bytes", "Smallest window", lambda by: where(by["tcp_windows"], by["tcp_window_least"]))
    add("mean", "bytes", "Mean window", lambda by: share(by["tcp_window_sum"], by["tcp_windows"]))
    add("max", "bytes", "Largest window", lambda by: where(by["tcp_windows"], by["tcp_window_most"]))
    if d == SENT:
        add("zero", "share", "Windows of zero,", lambda by: share(by["zero_window"], by["tcp_windows"]))
