"""Whose packet is it: devices, directions and peers of header rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from headwise.devices._kernel import Rows, Tables
from headwise.devices.batch import AttributedBatch
from headwise.devices.device import ROLES, Address, Device, address_of
from headwise.headers.batch import HeaderBatch

REASONS = ("no_hardware_address", "group_source", "too_many_devices", "forwarded", "receiver_unknown")

_ARRAYS = {"row": np.uint32, "device": np.uint64, "device_index": np.uint32, "direction": np.uint8, "peer": np.uint8}


class Attribution:
    """Learns which address is whose from packets in order, and says of each packet whose it is.

    What is decided of a packet rests on the packets before it, never on how they are cut into batches: a file and the wire give
    the same. The rules are in ``docs/devices.md``.

    Parameters
    ----------
    devices, addresses : int
        Most MACs and addresses that are kept. Packets of MACs that no longer fit are counted as ``too_many_devices``; of the addresses
        those least recently used are forgotten.
    """

    def __init__(self, *, devices: int = 4096, addresses: int = 16384) -> None:
        if devices < 1 or addresses < 32:
            raise ValueError(f"devices must be at least 1 and addresses at least 32 (got {devices} and {addresses})")
        self._tables = Tables(devices, addresses)
        self._out: dict[str, np.ndarray] = {}
        self._rows = Rows()

    def update(self, batch: HeaderBatch) -> AttributedBatch:
        """Attribute the rows of `batch`, which follow those of the batch before."""
        if not self._out or len(self._out["row"]) < 2 * batch.rows:
            self._out = {name: np.empty(2 * batch.rows, dtype) for name, dtype in _ARRAYS.items()}
            self._rows = Rows.of(self._out)
        rows = self._tables.attribute(batch.pointers, batch.rows, self._rows)
        return AttributedBatch(batch, rows, **{name: array[:rows] for name, array in self._out.items()})

    @property
    def headers(self) -> int:
        """Header rows seen so far: ``attributed`` and all of ``unattributed``."""
        return int(self._tables.state.headers)

    @property
    def attributed(self) -> int:
        """Header rows that at least one device got."""
        return int(self._tables.state.attributed)

    @property
    def unattributed(self) -> dict[str, int]:
        """Header rows that no device got, by reason."""
        return dict(zip(REASONS, map(int, self._tables.state.unattributed), strict=True))

    @property
    def addresses_forgotten(self) -> int:
        """Addresses that were dropped for want of room."""
        return int(self._tables.state.addresses_forgotten)

    @property
    def devices(self) -> list[Device]:
        """The MACs that have sent something, in the order of their numbers."""
        known = self._tables.devices[: self._tables.state.device_count]
        return [self._device(index, known[index]) for index in np.flatnonzero(known["packets_sent"]).tolist()]

    def _device(self, index: int, entry: Any) -> Device:
        counts = {name: int(entry[name]) for name in ("packets_sent", "packets_received", "bytes_sent", "bytes_received")}
        return Device(
            mac=int(entry["mac"]),
            index=index,
            role=ROLES[entry["role"]],
            first_seen=int(entry["first_seen"]),
            last_seen=int(entry["last_seen"]),
            addresses=self._addresses(int(entry["addresses"])),
            vlans=tuple(entry["vlans"][: entry["vlan_count"]].tolist()),
            **counts,
        )

    def _addresses(self, first: int) -> tuple[Address, ...]:
        found = []
        while first:
            entry = self._tables.addresses[first - 1]
            address = address_of(int(entry["high"]), int(entry["low"]))
            found.append(Address(address, int(entry["first_seen"]), int(entry["last_seen"])))
            first = int(entry["next_of_device"])
        return tuple(sorted(found, key=lambda a: a.last_seen, reverse=True))
