"""How much went each way, and to whom."""

from __future__ import annotations

from headwise.windows._raw import PEERS
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import RECEIVED, SENT, WAYS, Group, count, share, total

_PEERS = {
    "router": "the router itself",
    "local": "another host of the network",
    "internet": "hosts beyond the router",
    "multicast": "a multicast group",
    "broadcast": "everyone",
}


def definitions() -> list[Definition]:
    """Return the group ``traffic``."""
    group = Group("traffic")
    for way, name in WAYS:
        group.add(f"packets_{name}", "count", name, f"Packets {name}", count("by", way, "packets"))
        group.add(f"bytes_{name}", "bytes", name, f"Sum of the sizes {name}", count("by", way, "bytes"))
    for what in ("packets", "bytes"):
        sent, received = count("by", SENT, what), count("by", RECEIVED, what)
        group.add(f"{what}_share_sent", "share", "both", f"{what.capitalize()} sent, of all {what}", share(sent, total(sent, received)))
    for way, name in WAYS:
        _add_peers(group, way, name)
    return group.found


def _add_peers(group: Group, way: int, name: str) -> None:
    for index, peer in enumerate(PEERS):
        # What is sent to many is nobody's to receive.
        if way == RECEIVED and peer in ("multicast", "broadcast"):
            continue
        towards = "to" if way == SENT else "from"
        add = group.adder(f"peer_{peer}_{{}}_{name}", name, f"{{}}, of those {name}, {towards} {_PEERS[peer]}; NaN where none was {name}")
        add("packets", "share", "Packets", share(count("by", way, "peer_packets", index), count("by", way, "packets")))
        add("bytes", "share", "Bytes", share(count("by", way, "peer_bytes", index), count("by", way, "bytes")))
