"""Print how names do over time: rows 4, 14 and 15 of the table of accuracy, with what is behind them.

    .venv/bin/python scripts/over_time.py [--data FOLDER] [--row 4] [--row 14] [--row 15]

Row 4: minutes to a right and stable name. Row 14: nightly retraining without a label. Row 15: new MACs linked to their devices.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from headwise.study.accuracy import linking, nightly, time_to_name
from headwise.study.accuracy.row import Row, table

CHECKOUT = Path(__file__).resolve().parent.parent
ROWS = {4: time_to_name, 14: nightly, 15: linking}


def lines_of(row: Row) -> list[str]:
    """Return a row with its notes and details in Markdown."""
    head = table(["#", "measure", "where", "found", "reach"], [[str(row.number), row.measure, row.where, row.found, row.reach]])
    return [*head, "", *(f"- {note}" for note in row.notes), "", *row.details, ""]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CHECKOUT.parent / "shared" / "data", help="folder of the test-beds")
    parser.add_argument("--row", type=int, action="append", choices=sorted(ROWS), help="only this one; all by default")
    arguments = parser.parse_args()
    for number in arguments.row or sorted(ROWS):
        for row in ROWS[number].rows(arguments.data, lambda words: print(words, file=sys.stderr, flush=True)):
            print("\n".join(lines_of(row)), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
