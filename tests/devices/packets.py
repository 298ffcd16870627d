"""Header batches made from a few words a packet."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from headwise.devices import AttributedBatch, parse_mac
from headwise.headers.batch import HeaderBatch
from headwise.headers.schema import PRESENT, allocate

SECOND = 10**9
EVERYONE = "ff:ff:ff:ff:ff:ff"


def mapped(address: str) -> bytes:
    """Return an address as the header table holds it."""
    parsed = ipaddress.ip_address(address)
    return bytes(10) + b"\xff\xff" + parsed.packed if parsed.version == 4 else parsed.packed


def batch_of(packets: Iterable[Mapping[str, Any]]) -> HeaderBatch:
    """Return a batch of packets given as columns by name; MACs and addresses may be text, None is absent."""
    listed = list(packets)
    columns = allocate(len(listed))
    for row, packet in enumerate(listed):
        for name, value in packet.items():
            if value is None:
                continue
            if name.endswith("_mac"):
                value = parse_mac(value) if isinstance(value, str) else value
            elif name.endswith("_ip"):
                value = np.frombuffer(mapped(value), np.uint8)
            columns[name][row] = value
            columns["present"][row] |= PRESENT.get(name, 0)
    return HeaderBatch(len(listed), columns)


def ip(source_mac: str | int, destination_mac: str | int | None, source: str, destination: str, **more: Any) -> dict[str, Any]:
    """Return an IP packet; UDP with a TTL of 64 unless told otherwise, without a destination MAC a cooked one."""
    version = ipaddress.ip_address(source).version
    packet = {
        "time": 0,
        "wire_length": 100,
        "source_mac": source_mac,
        "destination_mac": destination_mac,
        "ip_version": version,
        "ethertype": 0x0800 if version == 4 else 0x86DD,
        "source_ip": source,
        "destination_ip": destination,
        "protocol": 17,
        "ttl": 64,
    }
    return packet | more


def arp(source_mac: str | int, destination_mac: str | int | None, source: str, destination: str, **more: Any) -> dict[str, Any]:
    """Return an ARP packet, a request unless told otherwise."""
    packet = {
        "time": 0,
        "wire_length": 42,
        "source_mac": source_mac,
        "destination_mac": destination_mac,
        "ethertype": 0x0806,
        "source_ip": source,
        "destination_ip": destination,
        "arp_operation": 1,
    }
    return packet | more


def cut(batch: HeaderBatch, start: int, stop: int) -> HeaderBatch:
    """Return rows start..stop-1 as a batch of their own."""
    return HeaderBatch(
        stop - start, {name: np.ascontiguousarray(array[start:stop]) for name, array in batch.columns.items()}, batch.capture
    )


def table(attributed: AttributedBatch) -> np.ndarray:
    """Return attributed rows as (row, device, device index, direction, peer), copied."""
    names = ("row", "device", "device_index", "direction", "peer")
    return np.stack([getattr(attributed, name).astype(np.int64) for name in names], axis=1)
