"""Attributed packets made by chance, and the same packets as the plain twin takes them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np

from headwise.devices import AttributedBatch
from headwise.headers.batch import HeaderBatch
from headwise.headers.schema import COLUMNS, CUT, PRESENT, allocate
from headwise.windows.ports import PORT_CLASSES
from tests.reference.windows import SENT, Packet

SECOND = 10**9
START = 1_560_000_000 * SECOND
COMMON = (53, 53, 123, 67, 5353, 1900, 80, 443, 8883)
SERVICES = COMMON + COMMON + tuple(ranges[0].start + len(ranges[0]) // 2 for ranges in PORT_CLASSES.values())
OPTIONS = (0x0, 0x2, 0x811342, 0x1131842, 0x83142, 0x811, 0xF2)


def packets(chance: Random, number: int, *, devices: int = 3, disorder: float = 0.05) -> list[Packet]:
    """Return packets of a few devices in order of time, but for a share that comes seconds or minutes late."""
    made, time = [], START + chance.randrange(600 * SECOND)
    for _ in range(number):
        time += int(10 ** chance.choice((chance.uniform(3, 9), chance.uniform(3, 9), chance.uniform(9, 10.6))))
        late = chance.randrange(chance.choice((2, 2, 700)) * SECOND) if chance.random() < disorder else 0
        made.append(packet(chance, chance.randrange(devices), time - late))
    return made


def packet(chance: Random, device: int, time: int) -> Packet:
    """Return one packet of a device."""
    maker = chance.choice((_tcp, _tcp, _tcp, _udp, _udp, _arp, _icmp, _icmpv6, _other))
    direction = chance.randrange(2)
    row: dict[str, Any] = {column.name: None for column in COLUMNS}
    remote = bytes(15) + bytes((chance.choice((1, 1, 1, chance.randrange(3, 12))),))
    own = bytes(13) + bytes((1,)) + device.to_bytes(2, "big")
    row |= {
        "time": time,
        "wire_length": chance.choice((60, 100, 1514, chance.randrange(60, 1600), chance.randrange(60, 70000))),
        "captured_length": 60,
        "interface": 0,
        "source_mac": chance.choice((1, 1, None)),
        "destination_mac": chance.choice((2, 2, None)),
        "vlan": chance.choice((None, None, 7)),
        "source_ip": own if direction == SENT else remote,
        "destination_ip": remote if direction == SENT else own,
    }
    peer = chance.randrange(5) if direction == SENT else chance.randrange(3)
    made = Packet(device, direction, peer, row | {"ethertype": 0x0800}, whole=chance.random() < 0.8)
    maker(chance, made)
    return made


def _ip(chance: Random, packet: Packet, protocol: int) -> None:
    length = chance.choice((0, 40, 60, 1500, 1500, chance.randrange(20, 1500), chance.randrange(1500, 66000)))
    fragment = chance.random() < 0.05
    packet.row |= {
        "ip_version": chance.choice((4, 4, 4, 6)),
        "ttl": chance.choice((64, 64, 255, 1, 128, chance.randrange(256))),
        "dscp": chance.choice((0, 0, 46)),
        "protocol": protocol,
        "ip_length": length,
        "fragment_offset": 1480 if fragment else 0,
        "more_fragments": chance.choice((None, 0, 0, 1)),
    }


def _ports(chance: Random, packet: Packet) -> None:
    own = chance.choice(
        (chance.randrange(65536), 50000, 50001, 50001, 50001, chance.choice(SERVICES), chance.choice((80, 554, 49153, 9999)))
    )
    remote = chance.choice((443, 443, 8883, 123, chance.choice(SERVICES)))
    sent = packet.direction == SENT
    packet.row |= {"source_port": own if sent else remote, "destination_port": remote if sent else own}
    packet.row["payload_length"] = chance.choice((0, 0, 48, 517, chance.randrange(1600), chance.randrange(66000)))


def _tcp(chance: Random, packet: Packet) -> None:
    _ip(chance, packet, 6)
    if chance.random() < 0.05:
        return
    _ports(chance, packet)
    options = chance.choice(OPTIONS)
    packet.row |= {
        "tcp_flags": chance.choice((2, 2, 18, 18, 16, 24, 17, 4, 20, 0x0C2, None, chance.randrange(512))),
        "tcp_window": chance.choice((0, 5840, 29200, chance.randrange(65536))),
        "tcp_options": options or None,
        "tcp_mss": chance.choice((None, 1460, 1400)),
        "tcp_window_scale": chance.choice((None, 0, 7)),
    }


def _udp(chance: Random, packet: Packet) -> None:
    _ip(chance, packet, 17)
    if chance.random() < 0.95:
        _ports(chance, packet)
    if packet.row["source_port"] is not None and chance.random() < 0.6:
        packet.row["destination_port" if packet.direction == SENT else "source_port"] = chance.choice(COMMON)


def _arp(chance: Random, packet: Packet) -> None:
    packet.row |= {"ethertype": 0x0806, "arp_operation": chance.choice((1, 2, 3, None))}
    if chance.random() < 0.3:
        packet.row["destination_ip"] = packet.row["source_ip"]


def _icmp(chance: Random, packet: Packet) -> None:
    _ip(chance, packet, 1)
    packet.row |= {"ip_version": 4, "icmp_type": chance.choice((8, 0, 3, None)), "icmp_code": 0}


def _icmpv6(chance: Random, packet: Packet) -> None:
    _ip(chance, packet, 58)
    packet.row |= {"ip_version": 6, "ethertype": 0x86DD, "icmp_type": chance.choice((128, 133, 1, 135)), "icmp_code": 0}


def _other(chance: Random, packet: Packet) -> None:
    if chance.random() < 0.5:
        packet.row |= {"ethertype": chance.choice((0x888E, 0x88CC, None)), "source_ip": None, "destination_ip": None}
    else:
        _ip(chance, packet, chance.choice((2, 2, 47)))


def batches(made: Sequence[Packet], ends: Sequence[int] = ()) -> list[AttributedBatch]:
    """Return packets as attributed batches that end at `ends`."""
    bounds = [0, *ends, len(made)]
    return [_batch(made[start:end]) for start, end in itertools.pairwise(bounds)]


def _batch(made: Sequence[Packet]) -> AttributedBatch:
    columns = allocate(max(1, len(made)))
    for position, packet in enumerate(made):
        for name, value in packet.row.items():
            if value is None:
                continue
            columns[name][position] = np.frombuffer(value, np.uint8) if isinstance(value, bytes) else value
            columns["present"][position] |= PRESENT.get(name, 0)
        if not packet.whole:
            columns["present"][position] |= CUT
    devices = np.array([packet.device for packet in made], np.uint32)
    return AttributedBatch(
        HeaderBatch(len(made), columns),
        len(made),
        np.arange(len(made), dtype=np.uint32),
        devices.astype(np.uint64) + 100,
        devices,
        np.array([packet.direction for packet in made], np.uint8),
        np.array([packet.peer for packet in made], np.uint8),
    )
