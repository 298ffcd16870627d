"""MAC addresses as numbers and as text."""

from __future__ import annotations

import re

from headwise.errors import InputError

_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}|[0-9a-f]{2}(-[0-9a-f]{2}){5}|[0-9a-f]{4}(\.[0-9a-f]{4}){2}|[0-9a-f]{12}", re.IGNORECASE)
_LOCALLY_ADMINISTERED = 0x02 << 40
_GROUP = 0x01 << 40


def format_mac(mac: int) -> str:
    """Return a MAC as text: six octets in lower case with colons.

    Examples
    --------
    >>> format_mac(0x00178824_76FF)
    '00:17:88:24:76:ff'
    """
    return int(mac).to_bytes(6, "big").hex(":")


def parse_mac(text: str) -> int:
    """Return the MAC that is written in `text`, first octet highest.

    Octets may be joined by colons, hyphens, dots between fours, or nothing.

    Raises
    ------
    InputError
        `text` is no MAC.

    Examples
    --------
    >>> parse_mac("00-17-88-24-76-FF") == parse_mac("0017.8824.76ff") == 0x0017882476FF
    True
    """
    stripped = text.strip()
    if not _MAC.fullmatch(stripped):
        raise InputError(f"{text!r} is no MAC address", do="write six octets like 00:17:88:24:76:ff")
    return int(re.sub("[:.-]", "", stripped), 16)


def is_random(mac: int) -> bool:
    """Tell whether a MAC is locally administered: chosen by the device (phones do, anew for each network), not given by its maker."""
    return bool(int(mac) & _LOCALLY_ADMINISTERED)


def is_group(mac: int) -> bool:
    """Tell whether a MAC is a multicast or broadcast address."""
    return bool(int(mac) & _GROUP)
