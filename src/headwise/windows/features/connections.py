"""TCP connections that the device opens, and the first thing said on them."""

from __future__ import annotations

from headwise.windows._raw import MESSAGES
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import SENT, WAYS, Group, count, difference, known, share

_STATISTICS = {"first": ("first", "of the first"), "min": ("least", "smallest"), "max": ("most", "largest")}


def definitions() -> list[Definition]:
    """Return the group ``connections``."""
    group = Group("connections")
    _add_connections(group)
    for _, name in WAYS:
        _add_hellos(group, name)
    message = MESSAGES.index("hello_sent")
    hellos = count("message", message, "count")
    add = group.adder("hello_{}_sent", "sent", "{} of the first payload sent on a connection; NaN where there is none")
    add("distinct", "count", "Distinct lengths", known(hellos, count("message", message, "distinct")))
    add("mode", "bytes", "Most common length (of equals the smallest)", known(hellos, count("message", message, "mode")))
    add(
        "mode2", "bytes", "Second most common length", known(count("message", message, "second_count"), count("message", message, "second"))
    )
    return group.found


def _add_connections(group: Group) -> None:
    connections, gaps = count("connections"), count("connection", "gaps")
    meaning = "Connections that the device opens (its first SYN with these addresses and ports), at most 192"
    group.add("connections_sent", "count", "sent", meaning, connections)
    add = group.adder("connections_{}_sent", "both", "{}, of connections; NaN where none was opened")
    add("unanswered", "share", "Connections without a SYN/ACK", share(difference(connections, count("answered")), connections))
    add("refused", "share", "Connections that were reset before a SYN/ACK", share(count("refused"), connections))
    add("syns", "count", "SYNs sent (over 1 where they are repeated)", share(count("by", SENT, "flag_syn"), connections))
    add = group.adder("connection_{}_sent", "sent", "{} between the starts of connections; NaN where there are less than two")
    add("period", "s", "Median time, in steps,", known(gaps, count("connection", "median")))
    add("mode", "s", "Most common time (of equals the shortest), in steps,", known(gaps, count("connection", "mode")))


def _add_hellos(group: Group, name: str) -> None:
    message = MESSAGES.index(f"hello_{name}")
    hellos = count("message", message, "count")
    add = group.adder(
        f"hello_{{}}_{name}", name, f"Length of the first payload {name} on a connection (a TLS hello): {{}}; NaN where there is none"
    )
    add("mean", "bytes", "mean", share(count("message", message, "sum"), hellos))
    for statistic, (field, meaning) in _STATISTICS.items():
        add(statistic, "bytes", meaning, known(hellos, count("message", message, field)))
