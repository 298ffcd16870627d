"""What the packets were, by header alone."""

from __future__ import annotations

from headwise.windows._raw import KINDS
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import SENT, WAYS, Group, share, way

_KINDS = {
    "arp": "ARP",
    "eapol": "EAPOL",
    "icmp": "ICMP",
    "icmpv6": "ICMPv6",
    "igmp": "IGMP",
    "other": "of another protocol",
}
_CONTROL = {
    "arp_requests": ("arp", "ARP requests"),
    "arp_replies": ("arp", "ARP replies"),
    "arp_own": ("arp", "ARP packets that ask for or announce the sender's own address"),
    "echo_requests": ("icmp", "ICMP and ICMPv6 echo requests"),
    "unreachables": ("icmp", "ICMP and ICMPv6 messages that a destination is unreachable"),
}


def definitions() -> list[Definition]:
    """Return the group ``protocols``."""
    group = Group("protocols")
    for direction, name in WAYS:
        _add(group, direction, name)
    for field, (_, meaning) in _CONTROL.items():
        group.add(
            f"{field}_sent",
            "share",
            "sent",
            f"{meaning}, of the packets sent",
            lambda raw, f=field: share(raw[f], way(raw, SENT)["packets"]),
        )
    return group.found


def _add(group: Group, d: int, name: str) -> None:
    def add(start: str, meaning: str, count) -> None:  # type: ignore[no-untyped-def]
        text = f"Packets {meaning}, of those {name}; NaN where none was {name}"
        group.add(f"{start}_{name}", "share", name, text, lambda raw: share(count(way(raw, d)), way(raw, d)["packets"]))

    add("tcp", "with TCP ports", lambda by: by["tcp"])
    add("udp", "with UDP ports", lambda by: by["udp"])
    for kind, meaning in _KINDS.items():
        text = meaning if kind == "other" else f"of {meaning}"
        add(kind, text, lambda by, i=KINDS.index(kind): by["kind"][:, i])
    add("ipv4", "of IPv4", lambda by: by["ip4"])
    add("ipv6", "of IPv6", lambda by: by["ip6"])
    add("fragments", "that are fragments", lambda by: by["fragments"])
