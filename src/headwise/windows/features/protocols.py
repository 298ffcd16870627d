"""What the packets were, by header alone."""

from __future__ import annotations

from headwise.windows._raw import KINDS
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import SENT, WAYS, Group, count, share

_KINDS = {
    "arp": "of ARP",
    "eapol": "of EAPOL",
    "icmp": "of ICMP",
    "icmpv6": "of ICMPv6",
    "igmp": "of IGMP",
    "other": "of protocols that have no feature of their own",
}
_FIELDS = {
    "tcp": ("tcp", "with TCP ports"),
    "udp": ("udp", "with UDP ports"),
    "ipv4": ("ip4", "of IPv4"),
    "ipv6": ("ip6", "of IPv6"),
    "fragments": ("fragments", "that are fragments"),
}
_CONTROL = {
    "arp_requests": "ARP requests",
    "arp_replies": "ARP replies",
    "arp_own": "ARP packets that ask for or announce the sender's own address",
    "echo_requests": "ICMP and ICMPv6 echo requests",
    "unreachables": "ICMP and ICMPv6 messages that a destination is unreachable",
}


def definitions() -> list[Definition]:
    """Return the group ``protocols``."""
    group = Group("protocols")
    for way, name in WAYS:
        add = group.adder(f"{{}}_{name}", name, f"Packets {{}}, of those {name}; NaN where none was {name}")
        packets = count("by", way, "packets")
        for kind, meaning in _KINDS.items():
            add(kind, "share", meaning, share(count("by", way, "kind", KINDS.index(kind)), packets))
        for feature, (field, meaning) in _FIELDS.items():
            add(feature, "share", meaning, share(count("by", way, field), packets))
    for field, meaning in _CONTROL.items():
        formula = share(count(field), count("by", SENT, "packets"))
        group.add(f"{field}_sent", "share", "sent", f"{meaning}, of the packets sent", formula)
    return group.found
