"""Packets to flows and their features, by the rules of docs/models.md: the plain twin of `headwise.windows.flows`."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

from tests.reference.windows import Packet

INACTIVE, ACTIVE = 10 * 10**9, 30 * 10**9


@dataclass
class Flow:
    """Packets of one device with one other end."""

    device: int
    packets: list[Packet] = field(default_factory=list)

    def takes(self, packet: Packet) -> bool:
        """Whether a packet is still of it."""
        return packet.time - self.packets[-1].time <= INACTIVE and packet.time - self.packets[0].time <= ACTIVE


def flows(packets: list[Packet]) -> list[Flow]:
    """Return the flows of packets, by device and start."""
    latest: dict[tuple[object, ...], Flow] = {}
    found: list[Flow] = []
    with_address = [packet for packet in packets if packet.ip_version is not None and packet.time is not None]
    for packet in sorted(with_address, key=lambda each: each.time):
        own = packet.source_ip if packet.sent else packet.destination_ip
        key = (packet.device, own, packet.remote, packet.own_port or 0, packet.remote_port or 0, packet.protocol or 0)
        if key not in latest or not latest[key].takes(packet):
            latest[key] = Flow(packet.device)
            found.append(latest[key])
        latest[key].packets.append(packet)
    return sorted(found, key=lambda flow: (flow.device, flow.packets[0].time))


def features(flow: Flow) -> list[float]:
    """Return the nineteen features."""
    first = flow.packets[0]
    out = [packet for packet in flow.packets if packet.direction == first.direction]
    back = [packet for packet in flow.packets if packet.direction != first.direction]
    carrying = [packet for packet in flow.packets if packet.payload_length]
    gaps = [(later.time - earlier.time) / 1e9 for earlier, later in itertools.pairwise(carrying)]
    return [
        first.source_port or 0,
        first.destination_port or 0,
        sum(packet.payload_length or 0 for packet in out),
        sum(packet.payload_length or 0 for packet in back),
        len(out),
        len(back),
        *moments(gaps),
        *moments([packet.payload_length for packet in carrying]),
        (flow.packets[-1].time - first.time) / 1e9,
        first.protocol or 0,
        0,
    ]


def moments(values: list[float]) -> list[float]:
    """Return mean, standard deviation, variance, skew and excess kurtosis; 0 where there is nothing or no spread."""
    if not values:
        return [0, 0, 0, 0, 0]
    mean = math.fsum(values) / len(values)
    if max(values) == min(values):
        return [mean, 0, 0, 0, 0]
    second, third, fourth = (math.fsum((value - mean) ** power for value in values) / len(values) for power in (2, 3, 4))
    return [mean, math.sqrt(second), second, third / second**1.5, fourth / second**2 - 3]
