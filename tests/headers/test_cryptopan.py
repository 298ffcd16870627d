"""Crypto-PAn against published and independent pseudonyms."""

from __future__ import annotations

import ipaddress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwise.headers.cryptopan import CryptoPan

# Key and addresses of the sample trace that comes with the authors' program.
KEY = bytes([21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16]) + bytes(
    [216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2]
)
PUBLISHED = {
    "128.11.68.132": "135.242.180.132",
    "129.118.74.4": "134.136.186.123",
    "130.132.252.244": "133.68.164.234",
    "141.223.7.43": "141.167.8.160",
    "141.233.145.108": "141.129.237.235",
    "152.163.225.39": "151.140.114.167",
    "156.29.3.236": "147.225.12.42",
    "165.247.96.84": "162.9.99.234",
    "166.107.77.190": "160.132.178.185",
    "192.102.249.13": "252.138.62.131",
}
# As the independent package yacryptopan 1.0.2 gives them.
INDEPENDENT = {
    "2001:db8::1": "4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e",
    "fe80::1234": "cf7f:c0e:1fc3:da1c:70:b18e:f7f3:32cb",
    "2a02:8109:1:2:3:4:5:6": "4a32:1f2:2:2501:7f8d:200a:f8fc:c117",
}


def pseudonyms(*addresses: str) -> list[str]:
    """Return the pseudonyms of addresses of one version."""
    packed = [ipaddress.ip_address(address).packed for address in addresses]
    made = CryptoPan(KEY).pseudonyms(np.frombuffer(b"".join(packed), np.uint8).reshape(len(packed), -1))
    return [str(ipaddress.ip_address(row.tobytes())) for row in made]


def test_pseudonyms_are_the_published_ones() -> None:
    """The authors' sample trace comes out as they print it."""
    assert pseudonyms(*PUBLISHED) == list(PUBLISHED.values())


def test_pseudonyms_of_ipv6_are_those_of_another_program() -> None:
    """IPv6 addresses come out as an independent implementation gives them."""
    assert pseudonyms(*INDEPENDENT) == list(INDEPENDENT.values())


def shared_bits(one: np.ndarray, other: np.ndarray) -> int:
    """Return how many first bits two addresses share."""
    different = np.unpackbits(one ^ other)
    return int(np.argmax(different)) if different.any() else len(different)


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=16, max_size=16), st.integers(0, 128), st.binary(min_size=16, max_size=16), st.sampled_from([4, 16]))
def test_prefixes_are_kept_exactly(address: bytes, common: int, rest: bytes, size: int) -> None:
    """Pseudonyms share as many first bits as their addresses do."""
    mask = int.from_bytes(b"\xff" * 16, "big") << (128 - common) & ((1 << 128) - 1)
    first = int.from_bytes(address, "big")
    mixed = (first & mask) | (int.from_bytes(rest, "big") & ~mask)
    both = np.frombuffer(address + mixed.to_bytes(16, "big"), np.uint8).reshape(2, 16)[:, :size]
    made = CryptoPan(KEY).pseudonyms(np.ascontiguousarray(both))
    assert shared_bits(*made) == shared_bits(*both)


def test_many_addresses_are_the_same_as_one_by_one() -> None:
    """The number ciphered at a time makes no difference."""
    addresses = np.random.default_rng(1).integers(0, 256, (2500, 4)).astype(np.uint8)
    whole = CryptoPan(KEY).pseudonyms(addresses)
    np.testing.assert_array_equal(whole[[0, 1023, 1024, 2499]], CryptoPan(KEY).pseudonyms(addresses[[0, 1023, 1024, 2499]]))
    assert CryptoPan(KEY).pseudonyms(addresses[:0]).shape == (0, 4)


def test_key_of_another_length_is_refused() -> None:
    """Only 32 bytes are a key."""
    with pytest.raises(ValueError, match="16 bytes"):
        CryptoPan(bytes(16))
