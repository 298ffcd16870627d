"""Which part of an address tells its class, and stays when the rest becomes a pseudonym."""

from __future__ import annotations

from ipaddress import ip_network

import numpy as np

# Network, and how many bits stay. A class says nothing of whose address it is; 32 or 128 means that the address is everybody's.
# The first match counts; public IPv4 addresses are those of no class.
IPV4_KEPT = (
    ("0.0.0.0/8", 32),  # unspecified
    ("127.0.0.0/8", 32),  # this host
    ("255.255.255.255/32", 32),  # broadcast
    ("224.0.0.0/4", 32),  # multicast groups
    ("240.0.0.0/4", 4),  # reserved
    ("10.0.0.0/8", 8),  # private
    ("172.16.0.0/12", 12),  # private
    ("192.168.0.0/16", 16),  # private
    ("169.254.0.0/16", 16),  # link-local
    ("100.64.0.0/10", 10),  # carriers' shared addresses
)
IPV6_KEPT = (
    ("::/128", 128),  # unspecified
    ("::1/128", 128),  # this host
    ("ff02::1:ff00:0/104", 104),  # solicited-node groups: the rest is the end of somebody's address
    ("ff30::/12", 16),  # groups made of somebody's prefix
    ("ff00::/8", 128),  # multicast groups
    ("fe80::/10", 64),  # link-local
    ("fc00::/7", 8),  # private
    ("e000::/3", 16),  # reserved
    ("::/0", 3),  # global, by the first three bits
)


def kept_bits_ipv4(addresses: np.ndarray) -> np.ndarray:
    """Return how many bits of each address stay (0: public); shape ``(n, 4)`` to ``(n,)``."""
    return _kept(addresses, IPV4_KEPT)


def kept_bits_ipv6(addresses: np.ndarray) -> np.ndarray:
    """Return how many bits of each address stay; shape ``(n, 16)`` to ``(n,)``."""
    return _kept(addresses, IPV6_KEPT)


def is_public(addresses: np.ndarray) -> np.ndarray:
    """Return which IPv4 addresses are of no class."""
    public: np.ndarray = kept_bits_ipv4(addresses) == 0
    return public


def _kept(addresses: np.ndarray, classes: tuple[tuple[str, int], ...]) -> np.ndarray:
    kept = np.zeros(len(addresses), np.int64)
    for text, bits in reversed(classes):
        network = ip_network(text)
        mask = np.frombuffer(network.netmask.packed, np.uint8)
        kept[((addresses & mask) == np.frombuffer(network.network_address.packed, np.uint8)).all(axis=1)] = bits
    return kept
