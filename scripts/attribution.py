"""Print how the packets of test-beds are attributed: a row a test-bed, for docs/devices.md.

.venv/bin/python scripts/attribution.py TESTBED...
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headwise.devices import Attribution, Direction, Peer, format_mac, parse_mac
from headwise.headers import HeaderBatch, HeaderReader


@dataclass
class Found:
    """What attribution says of a test-bed, its captures read as one."""

    rows: int = 0
    attributed: int = 0
    unattributed: dict[str, int] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    peers: np.ndarray = field(default_factory=lambda: np.zeros((len(Direction), len(Peer)), np.int64))
    reconsidered: int = 0


def attribute(testbed: Path) -> Found:
    """Attribute all captures of a test-bed in order of time."""
    found, attribution = Found(), Attribution()
    for batch in HeaderReader(testbed / "captures"):
        out = attribution.update(batch)
        np.add.at(found.peers, (out.direction, out.peer), 1)
    found.rows, found.attributed = attribution.headers, attribution.attributed
    found.unattributed = {reason: count for reason, count in attribution.unattributed.items() if count}
    found.roles = {device.mac: device.role for device in attribution.devices}
    return found


def reconsidered(testbed: Path) -> int:
    """Count the rows that a second reading of each capture by itself, knowing all of the first, decides otherwise."""
    paths = sorted(path for path in (testbed / "captures").rglob("*") if path.is_file())
    return sum(_otherwise(list(_copies(path))) for path in paths)


def _copies(path: Path) -> Iterator[HeaderBatch]:
    for batch in HeaderReader(path):
        yield HeaderBatch(batch.rows, {name: array[: batch.rows].copy() for name, array in batch.columns.items()})


def _otherwise(batches: list[HeaderBatch]) -> int:
    attribution = Attribution()
    first, second = ([_decisions(attribution, batch) for batch in batches] for _ in range(2))
    return sum(int(np.count_nonzero((a != b).any(axis=1))) for a, b in zip(list(first), list(second), strict=True))


def _decisions(attribution: Attribution, batch: HeaderBatch) -> np.ndarray:
    """Return for each header row a number for its sent and one for its received row, 0 for none."""
    out = attribution.update(batch)
    decided = np.zeros((batch.rows, 2), np.int64)
    decided[out.row, out.direction] = (out.device_index.astype(np.int64) + 1) * len(Peer) + out.peer
    return decided


def wrong_roles(testbed: Path, roles: dict[int, str]) -> list[str]:
    """Return the MACs whose role is not that of `devices.csv`."""
    with (testbed / "devices.csv").open(encoding="utf-8") as file:
        listed = {parse_mac(row["mac"]): row["category"] == "router" for row in csv.DictReader(file)}
    return [format_mac(mac) for mac, role in roles.items() if mac in listed and (role == "router") != listed[mac]]


def main(testbeds: list[Path]) -> None:
    """Print the table."""
    peers = ", ".join(peer.name.lower() for peer in Peer)
    print(f"| test-bed | rows | attributed | sent to {peers} | MACs | routers | wrong roles | reconsidered |")
    print("|---|---|---|---|---|---|---|---|")
    for testbed in testbeds:
        found = attribute(testbed)
        sent = ", ".join(map(str, found.peers[Direction.SENT].tolist()))
        routers = ", ".join(format_mac(mac) for mac, role in found.roles.items() if role == "router")
        wrong = ", ".join(wrong_roles(testbed, found.roles)) or "none"
        left = "".join(f", {reason} {count}" for reason, count in found.unattributed.items())
        share = f"{100 * found.attributed / max(found.rows, 1):.2f} %{left}"
        again = f"{100 * reconsidered(testbed) / max(found.rows, 1):.2f} %"
        print(f"| {testbed.name} | {found.rows} | {share} | {sent} | {len(found.roles)} | {routers} | {wrong} | {again} |", flush=True)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
