"""What the plain twin of attribution looks at of a header row."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

from headwise.headers.batch import HeaderBatch
from headwise.headers.schema import PRESENT

PRIVATE_NETWORKS = [ipaddress.ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")]
NOWHERE = [ipaddress.ip_network(n) for n in ("0.0.0.0/8", "127.0.0.0/8", "240.0.0.0/4", "::/127")]


@lru_cache(100_000)
def parse(packed: bytes) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the address of 16 bytes, IPv4-mapped ones as IPv4."""
    whole = ipaddress.IPv6Address(packed)
    return whole.ipv4_mapped or whole


@lru_cache(100_000)
def scope(packed: bytes) -> str:
    """Return how far an address reaches."""
    address = parse(packed)
    if address == ipaddress.IPv4Address("255.255.255.255"):
        return "broadcast"
    if address.is_multicast:
        return "multicast"
    if any(address in network for network in NOWHERE if network.version == address.version):
        return "none"
    if address.is_link_local:
        return "link"
    private = any(address in network for network in PRIVATE_NETWORKS if network.version == address.version)
    return "private" if private else "global"


@lru_cache(100_000)
def network(packed: bytes, ipv4_bits: int, ipv6_bits: int) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Return the network around an address."""
    address = parse(packed)
    return ipaddress.ip_network((address, ipv4_bits if address.version == 4 else ipv6_bits), strict=False)


@dataclass
class Packet:
    """What attribution looks at of a row."""

    now: int
    length: int
    source_mac: int | None
    destination_mac: int | None
    vlan: int | None
    source: bytes | None
    destination: bytes | None
    ip_version: int
    protocol: int
    ttl: int
    source_port: int | None
    destination_port: int | None
    icmp_type: int
    arp_operation: int | None

    @property
    def cooked(self) -> bool:
        """Whether the link has no destination MACs."""
        return self.destination_mac is None

    @property
    def source_scope(self) -> str:
        """Reach of the source address."""
        return scope(self.source) if self.source is not None else "none"

    @property
    def destination_scope(self) -> str:
        """Reach of the destination address."""
        return scope(self.destination) if self.destination is not None else "none"

    @property
    def group(self) -> bool:
        """Whether it has many receivers."""
        if self.cooked:
            return self.destination_scope in ("multicast", "broadcast")
        return bool(self.destination_mac >> 40 & 1)

    @property
    def first_hop(self) -> bool:
        """Whether no router has lowered the TTL."""
        return self.group or self.ttl in (32, 64, 128, 255)

    @property
    def neighbour(self) -> bool:
        """Whether it is neighbour discovery that nobody forwarded."""
        return self.ip_version == 6 and self.protocol == 58 and self.ttl == 255 and 133 <= self.icmp_type <= 137

    @property
    def near(self) -> bool:
        """Whether both addresses are of one home-sized network."""
        if self.source is None or self.destination is None:
            return False
        return network(self.source, 24, 64) == network(self.destination, 24, 64)


def service(p: Packet) -> str | None:
    """Return what the sender does for others by this packet."""
    if p.neighbour and p.icmp_type == 134:
        return "prefixes"
    if p.source_port == 67 and p.destination_port == 68 and p.protocol == 17:
        return "addresses"
    return "names" if p.source_port == 53 else None


def packets(batch: HeaderBatch) -> list[Packet]:
    """Return the rows of a batch as packets."""

    def optional(name: str) -> list:
        if name.endswith("_ip"):
            values = [row.tobytes() for row in batch[name]]
        else:
            values = batch[name].tolist()
        return [value if there else None for value, there in zip(values, ((batch["present"] & PRESENT[name]) != 0).tolist(), strict=True)]

    columns = [
        batch["time"].tolist(),
        batch["wire_length"].tolist(),
        optional("source_mac"),
        optional("destination_mac"),
        optional("vlan"),
        optional("source_ip"),
        optional("destination_ip"),
        batch["ip_version"].tolist(),
        batch["protocol"].tolist(),
        batch["ttl"].tolist(),
        optional("source_port"),
        optional("destination_port"),
        batch["icmp_type"].tolist(),
        optional("arp_operation"),
    ]
    return [Packet(*values) for values in zip(*columns, strict=True)]
