"""A simulated home of 43 devices, each a product of its own: what a model of 43 classes costs is asked, not how right it would be."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measuring import run

CHECKOUT = Path(__file__).resolve().parents[1]
DEVICES = 43
SIMULATED = f"simulated-{DEVICES}"
HOME = CHECKOUT / "build" / "bench" / SIMULATED
UNTIL, DAY = "2026-01-02", HOME / "captures" / "home-2026-01-02.pcap"
"""Where training days end, and the day after them."""
HEADWISE = [str(Path(sys.executable).with_name("headwise"))]


def simulate() -> None:
    """Make the home, where it is not there yet."""
    if (HOME / "SHA256SUMS").exists():
        return
    run([*HEADWISE, "simulate", "-o", str(HOME), "--devices", str(DEVICES), "--days", "2"])
    table = HOME / "devices.csv"
    heading, *rows = (line.split(",") for line in table.read_text().splitlines())
    own = [[mac, device, product if kind in ("router", "computer") else device, kind, notes] for mac, device, product, kind, notes in rows]
    table.write_text("\n".join(",".join(row) for row in (heading, *own)) + "\n")
