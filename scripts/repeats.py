"""Print how many packets are taken for repeats, for docs/headers.md: a row a folder of captures.

.venv/bin/python scripts/repeats.py [--everywhere] FOLDER...
"""

from __future__ import annotations

import argparse
from pathlib import Path

from headwise.headers import HeaderReader
from headwise.headers.repeats import EVERYWHERE, rule_for


def main() -> None:
    """Read each folder and print its row."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--everywhere", action="store_true", help="search captures that can hold no repeats as well, to see what the rule mistakes"
    )
    arguments = parser.parse_args()
    print("| captures | packets | repeats | share |\n| --- | ---: | ---: | ---: |")
    for folder in arguments.folders:
        reader = HeaderReader(folder, merge=False, repeats=(lambda _: EVERYWHERE) if arguments.everywhere else rule_for)
        for _ in reader:
            pass
        repeats = reader.counted.get("repeat", 0)
        print(f"| {folder.name} | {reader.packets:,} | {repeats:,} | {repeats / reader.packets:.2%} |")


if __name__ == "__main__":
    main()
