"""Measure the table of docs/accuracy.md.

.venv/bin/python scripts/accuracy.py [--data FOLDER] [--rows 8,9] [--quick] [--jobs N] [--write]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from headwise.study.accuracy.command import main

CHECKOUT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    data = Path(os.environ.get("HEADWISE_DATA") or CHECKOUT.parent / "shared" / "data")
    raise SystemExit(main(sys.argv[1:], data=data, docs=CHECKOUT / "docs"))
