"""Which services the device talks to and offers, by classes of ports."""

from __future__ import annotations

import numpy as np

from headwise.windows import ports
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import SENT, Group, share, way

# Ports that the device itself sends UDP from: clients use any port, so only what is no client's habit is told apart.
_OWN = ("low", "dns", "mdns", "ssdp", "dhcp", "ntp", "coap", "tuya", "kasa", "lifx", "netbios", "stun", "ws_discovery")
_ACCEPT = {"http": ("http", "https", "web"), "upnp": ("upnp",), "kasa": ("kasa",), "low": ("low", "shell", "netbios", "rtsp")}
_CONNECT = {"https": ("https",), "http": ("http", "web"), "mqtts": ("mqtts",), "mqtt": ("mqtt",), "high": ("registered", "dynamic")}


def definitions() -> list[Definition]:
    """Return the group ``ports``."""
    group = Group("ports")
    for index, name in enumerate(ports.NAMES):
        meaning = f"Packets to remote port class {name} (see Ports), of the packets sent"
        group.add(
            f"to_{name}_sent", "share", "sent", meaning, lambda raw, i=index: share(raw["remote_class"][:, i], way(raw, SENT)["packets"])
        )
    for name in _OWN:
        meaning = f"UDP packets from own port class {name}, of the packets sent"
        index = ports.NAMES.index(name)
        group.add(
            f"from_{name}_sent", "share", "sent", meaning, lambda raw, i=index: share(raw["own_class"][:, i], way(raw, SENT)["packets"])
        )
    for name, classes in _ACCEPT.items():
        meaning = f"TCP connections that the device accepts (SYN/ACKs sent) on own port class {' or '.join(classes)}"
        group.add(f"accepts_{name}_sent", "count", "sent", meaning, lambda raw, c=classes: _total(raw["accept_class"], c))
    group.add(
        "accepts_sent",
        "count",
        "sent",
        "TCP connections that the device accepts (SYN/ACKs sent)",
        lambda raw: raw["accept_class"].sum(axis=1),
    )
    for name, classes in _CONNECT.items():
        meaning = f"Connections opened to port class {' or '.join(classes)}, of connections; NaN where none was opened"
        group.add(
            f"connects_{name}_sent",
            "share",
            "sent",
            meaning,
            lambda raw, c=classes: share(_total(raw["connect_class"], c), raw["connections"]),
        )
    _add_distinct(group)
    return group.found


def _total(counts: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    return counts[:, [ports.NAMES.index(name) for name in classes]].sum(axis=1)


def _add_distinct(group: Group) -> None:
    group.add("remotes_sent", "count", "sent", "Distinct addresses sent to, of single receivers, at most 192", lambda raw: raw["remotes"])
    group.add(
        "remotes_internet_sent",
        "share",
        "sent",
        "Of these, beyond the router; NaN where there is none",
        lambda raw: share(raw["internet_remotes"], raw["remotes"]),
    )
    group.add("remote_ports_sent", "count", "sent", "Distinct remote ports sent to, at most 192", lambda raw: raw["remote_ports"])
    group.add("own_ports_sent", "count", "sent", "Distinct own ports sent from, at most 192", lambda raw: raw["own_ports"])
