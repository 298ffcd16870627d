"""How much went each way, and to whom."""

from __future__ import annotations

from headwise.windows._raw import PEERS
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import RECEIVED, SENT, WAYS, Group, share, way

_PEER_MEANINGS = {
    "router": "the router itself",
    "local": "another host of the network",
    "internet": "hosts beyond the router",
    "multicast": "a multicast group",
    "broadcast": "everyone",
}


def definitions() -> list[Definition]:
    """Return the group ``traffic``."""
    group = Group("traffic")
    for direction, name in WAYS:
        group.add(f"packets_{name}", "count", name, f"Packets {name}", lambda raw, d=direction: way(raw, d)["packets"])
        group.add(f"bytes_{name}", "bytes", name, f"Sum of the sizes {name}", lambda raw, d=direction: way(raw, d)["bytes"])
    group.add("packets_share_sent", "share", "both", "Packets sent, of all packets", lambda raw: _share_sent(raw, "packets"))
    group.add("bytes_share_sent", "share", "both", "Bytes sent, of all bytes", lambda raw: _share_sent(raw, "bytes"))
    for direction, name in WAYS:
        _add_peers(group, direction, name)
    return group.found


def _share_sent(raw, what):  # type: ignore[no-untyped-def]
    sent, received = way(raw, SENT)[what], way(raw, RECEIVED)[what]
    return share(sent, sent + received)


def _add_peers(group: Group, direction: int, name: str) -> None:
    for index, peer in enumerate(PEERS):
        # What is sent to many is nobody's to receive.
        if direction == RECEIVED and peer in ("multicast", "broadcast"):
            continue
        verb = "to" if direction == SENT else "from"
        meaning = f"of those {name}, {verb} {_PEER_MEANINGS[peer]}; NaN where none was {name}"
        group.add(
            f"peer_{peer}_packets_{name}",
            "share",
            name,
            f"Packets, {meaning}",
            lambda raw, d=direction, i=index: share(way(raw, d)["peer_packets"][:, i], way(raw, d)["packets"]),
        )
        group.add(
            f"peer_{peer}_bytes_{name}",
            "share",
            name,
            f"Bytes, {meaning}",
            lambda raw, d=direction, i=index: share(way(raw, d)["peer_bytes"][:, i], way(raw, d)["bytes"]),
        )
