"""TCP flags, and windows of what flows."""

from __future__ import annotations

from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import SENT, WAYS, Group, count, known, share

_FLAGS = {
    "syn": ("flag_syn", "SYN without ACK"),
    "syn_ack": ("flag_syn_ack", "SYN and ACK"),
    "fin": ("flag_fin", "FIN"),
    "rst": ("flag_rst", "RST"),
    "psh": ("flag_psh", "PSH"),
    "bare_ack": ("bare_ack", "ACK but no SYN, FIN, RST or payload"),
}


def definitions() -> list[Definition]:
    """Return the group ``tcp``."""
    group = Group("tcp")
    for way, name in WAYS:
        add = group.adder(f"tcp_{{}}_{name}", name, f"TCP packets with {{}}, of the TCP packets {name}; NaN where there is none")
        for flag, (field, meaning) in _FLAGS.items():
            add(flag, "share", meaning, share(count("by", way, field), count("by", way, "tcp")))
        _add_windows(group, way, name)
    timestamps = "TCP packets with a timestamps option, of those sent whose options were captured whole; NaN where there is none"
    group.add("tcp_timestamps_sent", "share", "sent", timestamps, share(count("timestamps"), count("options_known")))
    return group.found


def _add_windows(group: Group, way: int, name: str) -> None:
    meaning = f"{{}} of TCP packets {name} without SYN and RST, as in the header (not scaled); NaN where there is none"
    add = group.adder(f"tcp_window_{{}}_{name}", name, meaning)
    windows = count("by", way, "tcp_windows")
    add("min", "bytes", "Smallest window", known(windows, count("by", way, "tcp_window_least")))
    add("mean", "bytes", "Mean window", share(count("by", way, "tcp_window_sum"), windows))
    add("max", "bytes", "Largest window", known(windows, count("by", way, "tcp_window_most")))
    if way == SENT:
        add("zero", "share", "Windows of zero, of those", share(count("by", way, "zero_window"), windows))
