"""Fail where two outputs of `headwise identify --json` do not name the same devices alike."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TOLERANCE = 1e-3


def main(one: str, other: str) -> int:
    """Compare two files; print how many devices are named alike, or the first that is not."""
    found = [json.loads(Path(name).read_text())["devices"] for name in (one, other)]
    if len(found[0]) != len(found[1]) or not any(device["product"]["probability"] for device in found[0]):
        print(f"{one} and {other} hold other devices, or no names", file=sys.stderr)
        return 1
    for pair in zip(*found, strict=True):
        if not _alike(*pair):
            print(f"named otherwise: {pair[0]['mac']}: {pair[0]['product']} and {pair[1]['product']}", file=sys.stderr)
            return 1
    print(f"{len(found[0])} devices named alike in {Path(one).name} and {Path(other).name}")
    return 0


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    same = all(one[name] == other[name] for name in ("mac", "packets", "bytes_sent", "bytes_received", "windows"))
    pairs = [(one[name], other[name]) for name in ("product", "category")]
    return same and all(a["label"] == b["label"] and abs((a["probability"] or 0) - (b["probability"] or 0)) <= TOLERANCE for a, b in pairs)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
