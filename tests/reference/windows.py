"""Cutting packets into windows, by the rules of docs/windows.md: the plain twin of the window kernel."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from headwise.windows.ports import PORT_CLASSES

SENT, RECEIVED = 0, 1
ROUTER, LOCAL, INTERNET, MULTICAST, BROADCAST = range(5)
FIN, SYN, RST, PSH, ACK, ECE, CWR = 1, 2, 4, 8, 16, 64, 128
KINDS = ["none", "arp", "eapol", "icmp", "icmpv6", "igmp", "dhcp", "dns", "mdns", "ssdp", "ntp", "udp", "https", "http", "tcp", "other"]
MESSAGES = ("dns", "mdns", "ssdp", "dhcp", "ntp")
AT_MOST = 192


@dataclass
class Packet:
    """What a device saw of one packet: a header row's values (None where absent), with the device, direction and peer."""

    device: int
    direction: int
    peer: int
    row: dict[str, object]
    whole: bool = True  # no header was cut or malformed

    def __getattr__(self, name: str):
        return self.row[name]

    @property
    def sent(self) -> bool:
        """Whether the device sent it."""
        return self.direction == SENT

    @property
    def has_ports(self) -> bool:
        """Whether both ports are known."""
        return self.source_port is not None and self.destination_port is not None

    @property
    def own_port(self) -> int | None:
        """The device's port."""
        return self.source_port if self.sent else self.destination_port

    @property
    def remote_port(self) -> int | None:
        """The other end's port."""
        return self.destination_port if self.sent else self.source_port

    @property
    def remote(self) -> bytes | None:
        """The other end's address."""
        return self.destination_ip if self.sent else self.source_ip

    @property
    def is_arp(self) -> bool:
        """Whether it is ARP."""
        return self.ip_version is None and (self.arp_operation is not None or self.ethertype == 0x0806)

    @property
    def is_tcp(self) -> bool:
        """Whether it is TCP, with ports."""
        return self.protocol == 6 and self.has_ports

    @property
    def is_udp(self) -> bool:
        """Whether it is UDP, with ports."""
        return self.protocol == 17 and self.has_ports

    @property
    def flags(self) -> int:
        """TCP flags, 0 for other packets."""
        return (self.tcp_flags or 0) if self.is_tcp else 0

    @property
    def payload(self) -> int:
        """Bytes after the TCP or UDP header."""
        return (self.payload_length or 0) if self.has_ports else 0

    @property
    def size(self) -> int:
        """Bytes of the network packet, whatever the link layer adds."""
        if self.ip_length:
            return self.ip_length
        if self.arp_operation is not None or self.ethertype == 0x0806:
            return 28
        cooked = 20 if self.row.get("link_type") == 276 else 16
        link = 14 if self.destination_mac is not None else cooked if self.source_mac is not None else 0
        return max(0, self.wire_length - link - (4 if self.vlan is not None else 0))

    @property
    def kind(self) -> str:
        """What the packet is, as one of `KINDS`."""
        if self.ip_version is None:
            return "arp" if self.is_arp else "eapol" if self.ethertype == 0x888E else "other"
        if self.is_tcp:
            return {443: "https", 80: "http"}.get(self.remote_port, "tcp")
        if self.is_udp:
            remote = port_class(self.remote_port)
            service = port_class(self.own_port) if remote in ("dynamic", "registered", "low") else remote
            return service if service in MESSAGES else "udp"
        return {1: "icmp", 58: "icmpv6", 2: "igmp"}.get(self.protocol, "other") if not self.has_ports else "other"


@dataclass
class Window:
    """Packets of one device in one slice of time, in the order in which they came."""

    device: int
    start: int
    length: int  # ns; 0: as long as the capture
    packets: list[Packet]

    def of(self, direction: int) -> list[Packet]:
        """Return the packets of one direction."""
        return [p for p in self.packets if p.direction == direction]


def cut(packets: Iterable[Packet], length: int) -> tuple[list[Window], int]:
    """Return the windows of a stream of packets, and how many packets came too late."""
    windows: dict[int, list[Window]] = {}
    late = 0
    for packet in packets:
        start = packet.time // length * length if length else packet.time
        mine = windows.setdefault(packet.device, [])
        if mine and length and start < mine[-1].start:
            late += 1
        elif not mine or (length and start > mine[-1].start):
            mine.append(Window(packet.device, start, length, [packet]))
        else:
            mine[-1].packets.append(packet)
    return [w for mine in windows.values() for w in mine if w.of(SENT)], late


def sequence(window: Window, length: int) -> list[list[float]]:
    """Return the first packets: size, direction, log gap, kind; zeros behind them."""
    rows, last = [], None
    for packet in window.packets[:length]:
        gap = 0 if last is None else max(0, packet.time - last)
        last = packet.time if last is None else max(last, packet.time)
        rows.append([packet.size, 1 if packet.sent else -1, math.log10(1 + gap / 1000), KINDS.index(packet.kind)])
    return rows + [[0, 0, 0, 0]] * (length - len(rows))


CLASSES = PORT_CLASSES  # the one table of ports, which the core is handed as well


def port_class(port: int) -> str:
    """Return the class of a port: the last that names it."""
    return next(name for name in reversed(CLASSES) if any(port in ports for ports in CLASSES[name]))
