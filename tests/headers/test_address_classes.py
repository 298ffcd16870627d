"""Classes of addresses."""

from __future__ import annotations

import ipaddress

import numpy as np
import pytest

from headwise.headers.address_classes import is_public, kept_bits_ipv4, kept_bits_ipv6


def packed(address: str) -> np.ndarray:
    """Return an address as one row of bytes."""
    return np.frombuffer(ipaddress.ip_address(address).packed, np.uint8)[None]


@pytest.mark.parametrize(
    ("address", "bits"),
    [
        *[("0.0.0.0", 32), ("127.0.0.1", 32), ("255.255.255.255", 32), ("224.0.0.251", 32), ("239.255.255.250", 32), ("240.0.0.1", 4)],
        *[("10.1.2.3", 8), ("172.16.0.1", 12), ("172.31.255.1", 12), ("172.32.0.1", 0), ("192.168.1.1", 16), ("169.254.9.9", 16)],
        *[("100.64.0.1", 10), ("8.8.8.8", 0), ("198.51.100.1", 0)],
    ],
)
def test_class_of_ipv4(address: str, bits: int) -> None:
    """Private, special and public addresses keep the bits of their class."""
    assert kept_bits_ipv4(packed(address)).tolist() == [bits]
    assert is_public(packed(address)).tolist() == [bits == 0]


@pytest.mark.parametrize(
    ("address", "bits"),
    [
        *[("::", 128), ("::1", 128), ("ff02::fb", 128), ("ff02::1:ff12:3456", 104), ("ff3e:40:2001:db8::1", 16)],
        *[("fe80::1", 64), ("fd00::1", 8), ("fc00::1", 8), ("2001:db8::1", 3), ("64:ff9b::1", 3), ("f000::1", 16)],
    ],
)
def test_class_of_ipv6(address: str, bits: int) -> None:
    """Groups, link-local, private and global addresses keep the bits of their class."""
    assert kept_bits_ipv6(packed(address)).tolist() == [bits]
