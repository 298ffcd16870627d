"""Crypto-PAn: pseudonyms of addresses that keep prefixes.

Two addresses that share their first n bits get pseudonyms that share their first n bits, and no more: J. Xu, J. Fan, M. H. Ammar,
S. B. Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002.
"""

from __future__ import annotations

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_BYTES = 32
# Addresses that are ciphered at a time: 128 blocks of 16 bytes each.
_AT_ONCE = 1024


class CryptoPan:
    """The pseudonym function of one key.

    Parameters
    ----------
    key : bytes
        32 bytes: an AES key and what the padding is made of.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key has {len(key)} bytes, not {KEY_BYTES}")
        # One block at a time, by intent: Crypto-PAn is built of the bare cipher.
        self._cipher = Cipher(algorithms.AES(key[:16]), modes.ECB())
        self._pad = np.frombuffer(self._encrypt(key[16:]), np.uint8)

    def pseudonyms(self, addresses: np.ndarray) -> np.ndarray:
        """Return pseudonyms.

        Parameters
        ----------
        addresses : numpy.ndarray
            uint8 of shape ``(n, 4)`` or ``(n, 16)``.
        """
        parts = [self._some(addresses[at : at + _AT_ONCE]) for at in range(0, len(addresses), _AT_ONCE)]
        return np.concatenate(parts) if parts else addresses.copy()

    def _some(self, addresses: np.ndarray) -> np.ndarray:
        count, size = addresses.shape
        bits = 8 * size
        prefix = np.packbits(np.tri(bits, bits, -1, np.uint8), axis=1)  # row i: the first i bits
        blocks = np.broadcast_to(self._pad, (count, bits, 16)).copy()
        blocks[:, :, :size] = (addresses[:, None, :] & prefix) | (self._pad[:size] & ~prefix)
        first = np.frombuffer(self._encrypt(blocks.tobytes()), np.uint8).reshape(count, bits, 16)[:, :, 0] >> 7
        return addresses ^ np.packbits(first, axis=1)

    def _encrypt(self, data: bytes) -> bytes:
        encryptor = self._cipher.encryptor()
        return encryptor.update(data) + encryptor.finalize()
