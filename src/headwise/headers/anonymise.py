"""Replacing addresses by pseudonyms that only the holder of a key can link to them.

Addresses become Crypto-PAn pseudonyms of the same class: private stays private, public stays public. MACs become keyed hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from headwise.headers.address_classes import is_public, kept_bits_ipv4, kept_bits_ipv6
from headwise.headers.batch import HeaderBatch
from headwise.headers.cryptopan import CryptoPan

# Pseudonyms remembered; more addresses than a home sees in a day.
_REMEMBERED = 1 << 16
_MAPPED = bytes(10) + b"\xff\xff"
_LOCAL, _GROUP = 0x02 << 40, 0x01 << 40
_SOLICITING = 0x3333FF


class Anonymiser:
    """Pseudonyms of addresses and MACs under one key.

    Parameters
    ----------
    key : bytes
        32 bytes. IP pseudonyms are Crypto-PAn's under this key; MACs are hashed under a key derived from it.
    keep_vendor : bool
        Whether the first 24 bits of a MAC, its vendor's, are kept.
    """

    def __init__(self, key: bytes, *, keep_vendor: bool = False) -> None:
        self.keep_vendor = keep_vendor
        self._pan = CryptoPan(key)
        self._mac_key = hashlib.blake2b(key=key, person=b"headwise mac key", digest_size=32).digest()
        self._addresses: dict[bytes, bytes] = {}
        self._macs: dict[int, int] = {}

    def apply(self, batch: HeaderBatch) -> None:
        """Replace the addresses and MACs of a batch, in place."""
        both = np.concatenate([batch["source_ip"], batch["destination_ip"]])
        has = np.concatenate([batch.has("source_ip"), batch.has("destination_ip")])
        if has.any():
            both[has] = self._mapped(both[has])
            batch["source_ip"][:], batch["destination_ip"][:] = both[: batch.rows], both[batch.rows :]
        for name in ("source_mac", "destination_mac"):
            has = batch.has(name)
            batch[name][has] = self.macs(batch[name][has])

    def macs(self, macs: np.ndarray) -> np.ndarray:
        """Return pseudonyms of MACs (uint64, 48 bits)."""
        unique, places = np.unique(macs, return_inverse=True)
        made = np.fromiter((_remembered(self._macs, int(mac), self._mac) for mac in unique), np.uint64, len(unique))
        return np.take(made, places)

    def addresses(self, addresses: np.ndarray) -> np.ndarray:
        """Return pseudonyms of addresses (uint8, shape ``(n, 16)``; IPv4 as IPv4-mapped IPv6)."""
        mapped = (addresses[:, :12] == np.frombuffer(_MAPPED, np.uint8)).all(axis=1)
        out = addresses.copy()
        out[mapped, 12:] = self._ipv4(addresses[mapped, 12:])
        out[~mapped] = self._ipv6(addresses[~mapped])
        return out

    def _mapped(self, addresses: np.ndarray) -> np.ndarray:
        first, places = _unique_rows(addresses)
        unique = addresses[first]
        names = [row.tobytes() for row in unique]
        unknown = [number for number, name in enumerate(names) if name not in self._addresses]
        if unknown:
            if len(self._addresses) + len(unknown) > _REMEMBERED:
                self._addresses.clear()
                unknown = list(range(len(names)))
            made = self.addresses(unique[unknown])
            self._addresses.update((names[number], row.tobytes()) for number, row in zip(unknown, made, strict=True))
        table = np.frombuffer(b"".join(self._addresses[name] for name in names), np.uint8).reshape(-1, 16)
        return np.take(table, places, axis=0)

    def _ipv4(self, addresses: np.ndarray) -> np.ndarray:
        kept = kept_bits_ipv4(addresses)
        out = _keep(addresses, self._pan.pseudonyms(addresses), kept)
        walking = np.flatnonzero((kept == 0) & ~is_public(out))
        while len(walking):
            # A public address must not become a private or multicast one: the pseudonym's pseudonym is taken.
            out[walking] = self._pan.pseudonyms(out[walking])
            walking = walking[~is_public(out[walking])]
        return out

    def _ipv6(self, addresses: np.ndarray) -> np.ndarray:
        return _keep(addresses, self._pan.pseudonyms(addresses), kept_bits_ipv6(addresses))

    def _mac(self, mac: int) -> int:
        if mac in (0, 0xFFFFFFFFFFFF):
            return mac
        digest = hashlib.blake2b(mac.to_bytes(6, "big"), key=self._mac_key, person=b"headwise mac", digest_size=6).digest()
        hashed = int.from_bytes(digest, "big")
        if mac & _GROUP and mac >> 24 != _SOLICITING:
            return mac
        if self.keep_vendor or mac & _GROUP:
            return mac & ~0xFFFFFF | hashed & 0xFFFFFF
        return hashed & ~_GROUP | _LOCAL


def _remembered(memory: dict[int, int], value: int, make: Callable[[int], int]) -> int:
    if value not in memory:
        if len(memory) >= _REMEMBERED:
            memory.clear()
        memory[value] = make(value)
    return memory[value]


def _keep(addresses: np.ndarray, pseudonyms: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Take the first `kept` bits of each address and the rest of its pseudonym."""
    mask = np.packbits(np.arange(8 * addresses.shape[1]) < kept[:, None], axis=1)
    return (addresses & mask) | (pseudonyms & ~mask)


def _unique_rows(addresses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the index of each distinct row, and each row's place among them."""
    words = np.ascontiguousarray(addresses).view(np.uint64)
    hashed = words[:, 0] * np.uint64(0x9E3779B97F4A7C15) ^ words[:, 1] * np.uint64(0xC2B2AE3D27D4EB4F)
    _, first, places = np.unique(hashed, return_index=True, return_inverse=True)
    if (words[first[places]] == words).all():
        return first, places
    _, first, places = np.unique(addresses, axis=0, return_index=True, return_inverse=True)
    return first, places.reshape(-1)
