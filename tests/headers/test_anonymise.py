"""Pseudonyms in header rows."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwise.headers import HeaderReader, anonymise
from headwise.headers.address_classes import is_public, kept_bits_ipv4, kept_bits_ipv6
from headwise.headers.anonymise import Anonymiser
from headwise.headers.schema import COLUMNS
from tests.headers.files import SECOND, ethernet, ip_udp, numbered, pcap, write
from tests.headers.test_cryptopan import KEY

BROADCAST = 0xFFFFFFFFFFFF
HIDDEN = ("source_ip", "destination_ip", "source_mac", "destination_mac")


def hidden(*addresses: str) -> list[str]:
    """Return the pseudonyms of addresses, IPv4 as IPv4."""
    parsed = [ipaddress.ip_address(address) for address in addresses]
    packed = [one.packed if one.version == 6 else bytes(10) + b"\xff\xff" + one.packed for one in parsed]
    made = Anonymiser(KEY).addresses(np.frombuffer(b"".join(packed), np.uint8).reshape(-1, 16))
    texts = [ipaddress.IPv6Address(row.tobytes()) for row in made]
    return [str(text.ipv4_mapped or text) for text in texts]


def macs(*given_macs: int, keep_vendor: bool = False) -> list[int]:
    """Return the pseudonyms of MACs."""
    return Anonymiser(KEY, keep_vendor=keep_vendor).macs(np.array(given_macs, np.uint64)).tolist()


def test_public_addresses_have_the_pseudonyms_of_cryptopan() -> None:
    """Outside the classes, IPv4 is Crypto-PAn unchanged; an IPv4-mapped address is IPv4."""
    assert hidden("128.11.68.132", "165.247.96.84") == ["135.242.180.132", "162.9.99.234"]


def test_public_address_never_becomes_a_special_one() -> None:
    """Where Crypto-PAn gives a private, reserved or group address, its pseudonym is taken again: 192.102.249.13 would be 252.138.62.131."""
    assert is_public(np.frombuffer(ipaddress.ip_address(hidden("192.102.249.13")[0]).packed, np.uint8)[None]).all()


def test_everybodys_addresses_stay() -> None:
    """Broadcast, groups, loopback and unspecified addresses say nothing of anybody."""
    addresses = ["255.255.255.255", "224.0.0.251", "239.255.255.250", "127.0.0.1", "0.0.0.0", "::", "::1", "ff02::fb"]
    assert hidden(*addresses) == addresses


def test_groups_made_of_an_address_are_hidden() -> None:
    """The end of a solicited-node group is the end of an address: it is replaced, the kind of group is not."""
    (made,) = hidden("ff02::1:ff12:3456")
    assert made.startswith("ff02::1:ff")
    assert made != "ff02::1:ff12:3456"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, (1 << 32) - 1), min_size=1, max_size=50, unique=True))
def test_ipv4_keeps_its_class_and_stays_distinct(numbers: list[int]) -> None:
    """No address changes its class, and no two get one pseudonym."""
    addresses = np.array(numbers, ">u4").view(np.uint8).reshape(-1, 4)
    made = Anonymiser(KEY)._ipv4(addresses)
    np.testing.assert_array_equal(kept_bits_ipv4(made), kept_bits_ipv4(addresses))
    assert len(np.unique(made, axis=0)) == len(numbers)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(min_size=16, max_size=16), min_size=1, max_size=20, unique=True))
def test_ipv6_keeps_its_class_and_stays_distinct(addresses: list[bytes]) -> None:
    """The same for IPv6."""
    packed = np.frombuffer(b"".join(addresses), np.uint8).reshape(-1, 16)
    made = Anonymiser(KEY)._ipv6(packed)
    np.testing.assert_array_equal(kept_bits_ipv6(made), kept_bits_ipv6(packed))
    assert len(np.unique(made, axis=0)) == len(addresses)


def test_interface_identifier_made_of_a_mac_is_hidden() -> None:
    """An IPv6 address that holds its device's MAC does not afterwards."""
    for made in hidden("fe80::21a:22ff:fe05:2641", "2001:db8::21a:22ff:fe05:2641"):
        assert "ff:fe05" not in made
        assert not made.endswith("2641")


def test_macs_become_random_looking_ones() -> None:
    """A hidden MAC is marked as locally administered, is no group's, and two stay two."""
    made = macs(0x001A22052641, 0x001A22052642)
    assert all(mac >> 40 & 0x03 == 0x02 for mac in made)
    assert len({*made, 0x001A22052641, 0x001A22052642}) == 4


def test_group_macs_stay_but_for_those_made_of_an_address() -> None:
    """Broadcast and groups are everybody's; 33:33:ff and the end of an address is not."""
    assert macs(BROADCAST, 0x01005E0000FB, 0x3333000000FB, 0) == [BROADCAST, 0x01005E0000FB, 0x3333000000FB, 0]
    (made,) = macs(0x3333FF052641)
    assert made >> 24 == 0x3333FF
    assert made != 0x3333FF052641


def test_vendor_is_kept_where_asked() -> None:
    """With `keep_vendor` the first 24 bits stay and the others do not."""
    (made,) = macs(0x001A22052641, keep_vendor=True)
    assert made >> 24 == 0x001A22
    assert made != 0x001A22052641


def test_another_key_gives_other_pseudonyms() -> None:
    """Nobody without the key can make the same pseudonyms."""
    other = Anonymiser(bytes(range(32)))
    assert other.macs(np.array([0x001A22052641], np.uint64))[0] != macs(0x001A22052641)[0]


def test_rows_change_in_their_addresses_alone(tmp_path: Path) -> None:
    """All other columns, and nulls, are as they were; one address has one pseudonym in all batches."""
    packets = [*numbered([n * SECOND for n in range(50)]), (0, ethernet(b"", kind=35020)), (0, ethernet(ip_udp()))]
    path, anonymiser = write(tmp_path / "a", pcap(packets)), Anonymiser(KEY)
    clear, made = HeaderReader(path, batch_rows=8), HeaderReader(path, batch_rows=8)
    sources = set()
    for one, other in zip(clear, made, strict=True):
        anonymiser.apply(other)
        for column in COLUMNS:
            if column.name not in HIDDEN:
                np.testing.assert_array_equal(one[column.name], other[column.name])
        has = one.has("source_ip")
        assert (other["source_ip"][~has] == 0).all()
        sources |= {row.tobytes() for row in other["source_ip"][has]}
    assert len(sources) == 1
    assert ipaddress.IPv6Address(sources.pop()).ipv4_mapped != ipaddress.IPv4Address("192.168.1.5")


def test_pseudonyms_are_forgotten_and_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded; what was forgotten gets the same pseudonym."""
    monkeypatch.setattr(anonymise, "_REMEMBERED", 4)
    anonymiser = Anonymiser(KEY)
    first = anonymiser.macs(np.arange(10, 20, dtype=np.uint64))
    anonymiser.macs(np.arange(100, 120, dtype=np.uint64))
    assert len(anonymiser._macs) <= 4
    np.testing.assert_array_equal(anonymiser.macs(np.arange(10, 20, dtype=np.uint64)), first)
