"""Plain twin of native/devices.c: whose packet is it, row by row, with dictionaries.

The tables' order of slots is kept as in the kernel, because which address is forgotten when they are full depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from headwise.headers.batch import HeaderBatch
from tests.reference.devices_packet import Packet, network, packets, parse, scope, service

SENT, RECEIVED = 0, 1
ROUTER, LOCAL, INTERNET, MULTICAST, BROADCAST = range(5)
WEAK, FIRM = 1, 2
NO_HARDWARE_ADDRESS, GROUP_SOURCE, TOO_MANY_DEVICES, FORWARDED, RECEIVER_UNKNOWN = range(5)
TAKEOVER = 60 * 10**9
NETWORKS, VLANS, MAC_ADDRESSES, HAND_STEPS = 3, 4, 32, 8


@dataclass
class Bound:
    """A bound address."""

    address: bytes
    owner: int
    strength: int
    first_seen: int
    last_seen: int


@dataclass
class Known:
    """A MAC."""

    mac: int
    role: str = "device"
    proven: bool = False
    serves: set = field(default_factory=set)
    cooked: bool = False
    behind: list = field(default_factory=list)
    beyond: list = field(default_factory=list)
    slots: list = field(default_factory=list)
    recent: dict = field(default_factory=dict)
    vlans: list = field(default_factory=list)
    packets: list = field(default_factory=lambda: [0, 0])
    bytes: list = field(default_factory=lambda: [0, 0])
    first_seen: int = 0
    last_seen: int = 0


class PlainAttribution:
    """Twin of `headwise.devices.Attribution`."""

    def __init__(self, *, devices: int = 4096, addresses: int = 16384) -> None:
        self.devices_room, self.addresses_room = devices, addresses
        self.known: list[Known] = []
        self.index: dict[int, int] = {}
        self.slots: list[Bound | None] = []
        self.by_address: dict[bytes, int] = {}
        self.free: list[int] = []
        self.hand = 0
        self.headers = self.attributed = self.forgotten = 0
        self.unattributed = [0] * 5
        self.out: list[tuple[int, int, int, int, int]] = []

    def update(self, batch: HeaderBatch) -> np.ndarray:
        """Return rows of (row, device, device_index, direction, peer)."""
        self.out = []
        for row, packet in enumerate(packets(batch)):
            self._take(row, packet)
        self.headers += batch.rows
        return np.array(self.out, dtype=np.int64).reshape(-1, 5)

    def _take(self, row: int, p: Packet) -> None:
        before = len(self.out)
        reason = self._attribute(row, p)
        if len(self.out) > before:
            self.attributed += 1
        else:
            self.unattributed[reason] += 1

    def _attribute(self, row: int, p: Packet) -> int:
        if not p.source_mac:
            return NO_HARDWARE_ADDRESS
        if p.source_mac >> 40 & 1:
            return GROUP_SOURCE
        source = self._device(p.source_mac)
        if source is None:
            return TOO_MANY_DEVICES
        known = self.known[source]
        known.cooked |= p.cooked
        if p.vlan is not None and p.vlan not in known.vlans and len(known.vlans) < VLANS:
            known.vlans.append(p.vlan)
        sender = self._sender(p, source)
        if sender == source and service(p):
            known.serves.add(service(p))
            self._weigh(source)
        (self._deliver_cooked if p.cooked else self._deliver_ethernet)(row, p, sender)
        if p.cooked and not p.group and self._owner(p.destination, weak_too=True) is None:
            return RECEIVER_UNKNOWN
        return FORWARDED

    # tables

    def _device(self, mac: int) -> int | None:
        if mac not in self.index:
            if len(self.known) == self.devices_room:
                return None
            self.index[mac] = len(self.known)
            self.known.append(Known(mac))
        return self.index[mac]

    def _forget(self, slot: int) -> None:
        bound = self.slots[slot]
        known = self.known[bound.owner]
        known.slots.remove(slot)
        known.recent = {version: s for version, s in known.recent.items() if s != slot}
        del self.by_address[bound.address]
        self.slots[slot] = None
        self.free.append(slot)

    def _bind(self, p: Packet, owner: int, strength: int) -> None:
        known = self.known[owner]
        if len(known.slots) == MAC_ADDRESSES:
            self._forget(min(reversed(known.slots), key=lambda s: self.slots[s].last_seen))
            self.forgotten += 1
        elif not self.free and len(self.slots) == self.addresses_room:
            passed = [(self.hand + i) % self.addresses_room for i in range(HAND_STEPS)]
            self.hand = (self.hand + HAND_STEPS) % self.addresses_room
            self._forget(min(passed, key=lambda s: self.slots[s].last_seen))
            self.forgotten += 1
        if not self.free:
            self.slots.append(None)
            self.free.append(len(self.slots) - 1)
        slot = self.free.pop()
        self.slots[slot] = Bound(p.source, owner, strength, p.now, p.now)
        self.by_address[p.source] = slot
        known.slots.append(slot)
        known.recent[parse(p.source).version] = slot

    # routers

    def _weigh(self, index: int) -> None:
        k = self.known[index]
        behind, beyond = len(k.behind), len(k.beyond)
        proof = (
            beyond == NETWORKS or (beyond >= 1 and behind >= 1) or (k.serves and (beyond >= 2 or behind >= 1)) or (k.cooked and behind >= 2)
        )
        if proof and not k.proven:
            first = not any(other.proven for other in self.known)
            k.proven = True
            self._become_router(k)
            for other in self.known:
                if first and not other.proven:
                    other.role = "device"
        elif "addresses" in k.serves and not any(other.proven for other in self.known):
            self._become_router(k)

    def _become_router(self, k: Known) -> None:
        if k.role == "device":
            k.role = "router"
            # Newest first, as the kernel's list is: slots are reused in the order in which they are freed.
            for slot in reversed(list(k.slots)):
                if self.slots[slot].strength == WEAK:
                    self._forget(slot)

    def _note(self, index: int, which: str, address: bytes) -> None:
        networks = getattr(self.known[index], which)
        number = network(address, 24, 48)
        if not self.known[index].proven and number not in networks and len(networks) < NETWORKS:
            networks.append(number)
            self._weigh(index)

    def _is_router(self, index: int | None) -> bool:
        return index is not None and self.known[index].role == "router"

    # who sent it

    def _sender(self, p: Packet, source: int) -> int | None:
        if p.source_scope in ("none", "multicast", "broadcast"):
            return source
        firm = p.arp_operation is not None or p.neighbour or p.source_scope == "link"
        slot = self.by_address.get(p.source)
        if slot is None and firm:
            self._bind(p, source, FIRM)
            return source
        if slot is None:
            return self._claim_new(p, source)
        bound = self.slots[slot]
        if bound.owner == source:
            bound.last_seen = max(bound.last_seen, p.now)
            bound.strength = FIRM if firm else bound.strength
            self.known[source].recent[parse(p.source).version] = slot
            return source
        if firm:
            self._forget(slot)
            self._bind(p, source, FIRM)
            return source
        return self._claim_other(p, slot, source)

    def _claim_new(self, p: Packet, source: int) -> int | None:
        router = self._is_router(source)
        if p.source_scope == "private":
            if p.first_hop:
                self._bind(p, source, FIRM)
            elif router:
                return None
            elif parse(p.source).version not in self.known[source].recent:
                self._bind(p, source, WEAK)
            return source
        if not p.first_hop:
            self._note(source, "behind", p.source)
            return None
        if router:
            return None
        self._bind(p, source, WEAK)
        return source

    def _claim_other(self, p: Packet, slot: int, source: int) -> int | None:
        bound = self.slots[slot]
        if self._is_router(source):
            return bound.owner if p.cooked else None
        if not p.first_hop or abs(p.now - bound.last_seen) < TAKEOVER:
            return bound.owner if p.cooked else source
        self._forget(slot)
        self._bind(p, source, FIRM if p.source_scope == "private" else WEAK)
        return source

    # who gets it

    def _owner(self, address: bytes | None, *, weak_too: bool = False) -> int | None:
        if address is None or scope(address) in ("none", "multicast", "broadcast") or address not in self.by_address:
            return None
        bound = self.slots[self.by_address[address]]
        return bound.owner if weak_too or bound.strength == FIRM else None

    def _peer_of_sender(self, p: Packet, other: int | None) -> int:
        kind = p.destination_scope
        through = self._is_router(other)
        if p.arp_operation is not None or kind in ("none", "multicast", "broadcast") or (kind == "link" and other is not None):
            return ROUTER if through else LOCAL
        owner = self._owner(p.destination)
        if owner is not None:
            return ROUTER if self._is_router(owner) else LOCAL
        if through:
            return ROUTER if p.near else INTERNET
        return LOCAL if kind != "global" or p.near else INTERNET

    def _deliver(self, row: int, p: Packet, sender: int | None, receiver: int | None, peer: int) -> None:
        if sender is not None:
            self._emit(row, p, sender, SENT, peer)
        if receiver is None or receiver == sender or peer not in (ROUTER, LOCAL):
            return
        if sender is not None:
            self._emit(row, p, receiver, RECEIVED, ROUTER if self._is_router(sender) else LOCAL)
        elif not self._is_router(receiver):
            owner = self._owner(p.source)
            self._emit(row, p, receiver, RECEIVED, INTERNET if owner is None else ROUTER if self._is_router(owner) else LOCAL)

    def _deliver_ethernet(self, row: int, p: Packet, sender: int | None) -> None:
        if p.group:
            if sender is not None:
                self._emit(row, p, sender, SENT, BROADCAST if p.destination_mac == 0xFFFFFFFFFFFF else MULTICAST)
            return
        other = self._device(p.destination_mac) if p.destination_mac else None
        peer = LOCAL if sender is None else self._peer_of_sender(p, other)
        if peer == INTERNET and other is not None and p.destination_scope == "global" and other != sender:
            self._note(other, "beyond", p.destination)
        self._deliver(row, p, sender, other, peer)

    def _deliver_cooked(self, row: int, p: Packet, sender: int | None) -> None:
        group = self._cooked_group(p)
        if group is not None:
            if sender is not None:
                self._emit(row, p, sender, SENT, group)
            return
        receiver = self._owner(p.destination, weak_too=True)
        peer = LOCAL if sender is None else self._peer_of_sender(p, None)
        if p.arp_operation is not None and self._is_router(receiver):
            peer = ROUTER
        self._deliver(row, p, sender, receiver, peer)

    def _cooked_group(self, p: Packet) -> int | None:
        if p.arp_operation is not None:
            return BROADCAST if p.arp_operation == 1 else None
        kinds = {"multicast": MULTICAST, "broadcast": BROADCAST}
        if p.destination_scope in kinds:
            return kinds[p.destination_scope]
        last = p.destination_scope == "private" and parse(p.destination).version == 4 and p.destination[15] == 255
        return BROADCAST if last and p.near and self._owner(p.destination, weak_too=True) is None else None

    def _emit(self, row: int, p: Packet, index: int, direction: int, peer: int) -> None:
        known = self.known[index]
        self.out.append((row, known.mac, index, direction, peer))
        if direction == SENT:
            known.first_seen = min(known.first_seen, p.now) if known.packets[SENT] else p.now
            known.last_seen = max(known.last_seen, p.now) if known.packets[SENT] else p.now
        known.packets[direction] += 1
        known.bytes[direction] += p.length
