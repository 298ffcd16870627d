"""Plain-Python twin of the repeats kernel: which rows are copies of a row that was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from headwise.headers.schema import IP_ID, PRESENT

COOKED = (113, 276)
FIRST_KNOWN, MOST_KNOWN = 16, 4096
IDENTIFIED_NS, UNIDENTIFIED_NS = 100_000_000, 10_000_000
_LINK = ("vlan", "ethertype", "source_mac", "destination_mac")
_SHARED = (
    *("source_ip", "destination_ip", "protocol", "ip_length", "payload_length", "fragment_offset", "more_fragments"),
    *("source_port", "destination_port", "tcp_flags", "tcp_window", "tcp_sequence", "tcp_acknowledgment"),
    *("icmp_type", "icmp_code", "arp_operation"),
)


def kept_rows(columns: Mapping[str, np.ndarray], rule: int) -> list[int]:
    """Return the rows that are no repeats; `rule` is the kernel's."""
    table: dict[Sequence[object], tuple[int, int, int]] = {}
    kept: list[int] = []
    known, copied = 0, 0  # packets with an identification, the newer ones weighing more
    for row in range(len(columns["time"])):
        cooked = rule == 2 or columns["link_type"][row] in COOKED
        key = _key(columns, row) if cooked or rule == 1 else None
        if key is not None:
            now = (int(columns["time"][row]), int(columns["ttl"][row]), int(columns["interface"][row]))
            identified = _identified(columns, row)
            copy = key in table and _is_copy(table[key], now, identified, cooked)
            if identified:
                known, copied = (known, copied + 1) if copy else (known + 1, copied)
                if known == MOST_KNOWN:
                    known, copied = known // 2, copied // 2
            if copy and (identified or known < FIRST_KNOWN or 4 * copied >= known):
                continue
            table[key] = now
        kept.append(row)
    return kept


def _is_copy(kept: tuple[int, int, int], now: tuple[int, int, int], identified: bool, cooked: bool) -> bool:
    near = 0 <= now[0] - kept[0] <= (IDENTIFIED_NS if identified else UNIDENTIFIED_NS)
    return near and now[1] <= kept[1] and (cooked or now[2] != kept[2])


def _identified(columns: Mapping[str, np.ndarray], row: int) -> bool:
    return bool(int(columns["present"][row]) & IP_ID and columns["ip_id"][row])


def _key(columns: Mapping[str, np.ndarray], row: int) -> Sequence[object] | None:
    present = int(columns["present"][row])
    arp = bool(present & PRESENT["arp_operation"])
    if not present & PRESENT["time"] or not (arp or present & PRESENT["ip_version"]):
        return None
    link = sum(PRESENT[name] for name in _LINK) | 3 << 28
    identified = _identified(columns, row)
    shared = tuple(columns[name][row].tobytes() for name in _SHARED)
    own = int(columns["ip_id"][row]) if identified else int(columns["checksum"][row])
    return (present & ~link, identified, own, int(columns["source_mac"][row]) if arp else None, *shared)
