"""TCP flags, and windows of what flows."""

from __future__ import annotations

import numpy as np

from headwise.windows.catalogue import Definition, Formula, Quantity
from headwise.windows.features._formulas import SENT, WAYS, Group, count, derived, known, share

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
            add(flag, "share", meaning, share(count("by", way, field), count("by", way, "flagged")))
        _add_windows(group, way, name)
    packets = count("by", SENT, "tcp")
    formula = Formula(count("timestamps"), divisor=packets, where=_where_whole(packets, count("options_cut")))
    meaning = "TCP packets with a timestamps option, of those sent; NaN where there is none or the options of one were cut off"
    group.add("tcp_timestamps_sent", "share", "sent", meaning, formula)
    return group.found


def _where_whole(packets: Quantity, cut: Quantity) -> Quantity:
    """Return the number of packets, 0 where one of them was cut: what is left of them would not stand for all."""
    return derived(lambda raw: np.where(cut.values(raw) > 0, 0, packets.values(raw)))


def _add_windows(group: Group, way: int, name: str) -> None:
    meaning = f"{{}} of TCP packets {name} without SYN and RST, as in the header (not scaled); NaN where there is none"
    add = group.adder(f"tcp_window_{{}}_{name}", name, meaning)
    windows = count("by", way, "tcp_windows")
    add("min", "bytes", "Smallest window", known(windows, count("by", way, "tcp_window_least")))
    add("mean", "bytes", "Mean window", share(count("by", way, "tcp_window_sum"), windows))
    add("max", "bytes", "Largest window", known(windows, count("by", way, "tcp_window_most")))
    if way == SENT:
        add("zero", "share", "Windows of zero, of those", share(count("by", way, "zero_window"), windows))
