"""Which services the device talks to and offers, by classes of ports."""

from __future__ import annotations

from headwise.windows import ports
from headwise.windows.catalogue import Definition, Quantity
from headwise.windows.features._formulas import SENT, Group, count, derived, share

# Ports that the device itself sends UDP from: clients use any port, so only what is no client's habit is told apart.
_OWN = ("low", "dns", "mdns", "ssdp", "dhcp", "ntp", "coap", "tuya", "kasa", "lifx", "netbios", "stun", "ws_discovery")
_ACCEPT = {"http": ("http", "https", "web"), "upnp": ("upnp",), "kasa": ("kasa",), "low": ("low", "shell", "netbios", "rtsp")}
_CONNECT = {"https": ("https",), "http": ("http", "web"), "mqtts": ("mqtts",), "mqtt": ("mqtt",), "high": ("registered", "dynamic")}


def definitions() -> list[Definition]:
    """Return the group ``ports``."""
    group = Group("ports")
    packets = count("by", SENT, "packets")
    for name in ports.NAMES:
        meaning = f"Packets to remote port class {name} (see Ports), of the packets sent"
        group.add(f"to_{name}_sent", "share", "sent", meaning, share(count("remote_class", ports.NAMES.index(name)), packets))
    for name in _OWN:
        meaning = f"UDP packets from own port class {name}, of the packets sent"
        group.add(f"from_{name}_sent", "share", "sent", meaning, share(count("own_class", ports.NAMES.index(name)), packets))
    _add_connections(group)
    _add_distinct(group)
    return group.found


def _of(field: str, *classes: str) -> Quantity:
    positions = [ports.NAMES.index(name) for name in classes]
    return derived(lambda raw: raw[field][:, positions].sum(axis=1))


def _add_connections(group: Group) -> None:
    accepted = "TCP connections that the device accepts (SYN/ACKs sent)"
    group.add("accepts_sent", "count", "sent", accepted, _of("accept_class", *ports.NAMES))
    for name, classes in _ACCEPT.items():
        meaning = f"{accepted} on own port class {' or '.join(classes)}"
        group.add(f"accepts_{name}_sent", "count", "sent", meaning, _of("accept_class", *classes))
    for name, classes in _CONNECT.items():
        meaning = f"Connections opened to port class {' or '.join(classes)}, of connections; NaN where none was opened"
        group.add(f"connects_{name}_sent", "share", "sent", meaning, share(_of("connect_class", *classes), count("connections")))


def _add_distinct(group: Group) -> None:
    add = group.adder("{}_sent", "sent")
    remotes = count("remotes")
    add("remotes", "count", "Distinct addresses sent to, of single receivers, at most 192", remotes)
    meaning = "Distinct addresses beyond the router, of those sent to; NaN where there is none"
    add("remotes_internet", "share", meaning, share(count("internet_remotes"), remotes))
    add("remote_ports", "count", "Distinct remote ports sent to, at most 192", count("remote_ports"))
    add("own_ports", "count", "Distinct own ports sent from, at most 192", count("own_ports"))
