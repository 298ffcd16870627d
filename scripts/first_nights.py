"""What devices of a home are called that begins with a model of other places, night by night.

    .venv/bin/python scripts/first_nights.py stevens-2019 [--told 3] [--draws 3] [--nights 6] [--data FOLDER]

The model is trained on all other test-beds; after the first night a person names one unit of some products.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

from headwise.errors import HeadwiseError
from headwise.study.first_nights import measure

CHECKOUT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("testbed", help="name of the test-bed that is the home")
    parser.add_argument("--data", type=Path, default=CHECKOUT.parent / "shared" / "data", help="folder of the test-beds")
    parser.add_argument("--told", type=int, default=3, help="products of which a person names one unit (3)")
    parser.add_argument("--draws", type=int, default=3, help="how often they are drawn anew (3)")
    parser.add_argument("--nights", type=int, default=6, help="days that the home lives (6)")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    try:
        lines = measure(
            arguments.data, arguments.testbed, arguments.told, arguments.draws, arguments.nights, lambda text: print(text, file=sys.stderr)
        )
    except HeadwiseError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
