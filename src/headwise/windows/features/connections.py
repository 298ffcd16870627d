"""TCP connections that the device opens, and the first thing said on them."""

from __future__ import annotations

from headwise.windows._raw import MESSAGES
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import SENT, Group, share, way, where

_SENT, _RECEIVED = MESSAGES.index("hello_sent"), MESSAGES.index("hello_received")


def definitions() -> list[Definition]:
    """Return the group ``connections``."""
    group = Group("connections")

    def add(name: str, unit: str, direction: str, meaning: str, formula) -> None:  # type: ignore[no-untyped-def]
        group.add(name, unit, direction, meaning, formula)

    none = "NaN where none was opened"
    add(
        "connections_sent",
        "count",
        "sent",
        "Connections that the device opens (distinct SYNs), at most 192",
        lambda raw: raw["connections"],
    )
    add(
        "connections_unanswered_sent",
        "share",
        "both",
        f"Connections whose SYN no SYN/ACK answers; {none}",
        lambda raw: share(raw["connections"] - raw["answered"], raw["connections"]),
    )
    add(
        "connections_refused_sent",
        "share",
        "both",
        f"Connections reset before a SYN/ACK; {none}",
        lambda raw: share(raw["refused"], raw["connections"]),
    )
    add(
        "connections_syns_sent",
        "count",
        "sent",
        f"SYNs sent a connection, 1 where none is repeated; {none}",
        lambda raw: share(way(raw, SENT)["flag_syn"], raw["connections"]),
    )
    rhythm = "between the starts of connections; NaN where less than two were opened"
    add(
        "connection_period_sent",
        "s",
        "sent",
        f"Median time {rhythm}",
        lambda raw: where(raw["connection"]["gaps"], raw["connection"]["median"]),
    )
    add(
        "connection_period_mode_sent",
        "s",
        "sent",
        f"Most common time, in steps, {rhythm}",
        lambda raw: where(raw["connection"]["gaps"], raw["connection"]["mode"]),
    )
    _add_first(group)
    return group.found


def _add_first(group: Group) -> None:
    for start, meaning in {"first": "of the first connection that has one", "least": "smallest", "mean": "mean", "most": "largest"}.items():
        name = {"least": "min", "most": "max"}.get(start, start)
        for index, way_name in ((_SENT, "sent"), (_RECEIVED, "received")):
            text = f"Length of the first payload {way_name} on a connection (of TLS, a hello): {meaning}; NaN where there is none"
            group.add(f"hello_{name}_{way_name}", "bytes", way_name, text, lambda raw, i=index, f=start: _value(raw["message"][:, i], f))
    text = "Distinct lengths of the first payload sent on a connection; NaN where there is none"
    group.add("hello_distinct_sent", "count", "sent", text, lambda raw: _value(raw["message"][:, _SENT], "distinct"))
    text = "Most common length of the first payload sent on a connection; of equals the smallest, NaN where there is none"
    group.add("hello_mode_sent", "bytes", "sent", text, lambda raw: _value(raw["message"][:, _SENT], "mode"))


def _value(lengths, field: str):  # type: ignore[no-untyped-def]
    if field == "mean":
        return share(lengths["sum"], lengths["count"])
    return where(lengths["count"], lengths[field])
