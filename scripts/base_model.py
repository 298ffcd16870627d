"""Train the model that comes with headwise, from every test-bed of a folder.

    .venv/bin/python scripts/base_model.py [--data FOLDER] [-o FILE]

Only the model is kept in the repository, never a capture.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from headwise.models.base import PATH
from headwise.study.base_model import train_base_model

CHECKOUT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CHECKOUT.parent / "shared" / "data", help="folder of the test-beds")
    parser.add_argument("-o", "--output", type=Path, default=PATH, help="model file to write")
    arguments = parser.parse_args()
    trained = train_base_model(arguments.data, lambda text: print(text, flush=True))
    trained.save(arguments.output)
    scores = ", ".join(f"{name} {value}" for name, value in trained.manifest.scores["days_set_aside"].items())
    print(f"{arguments.output.name}: {arguments.output.stat().st_size} bytes; on days set aside: {scores}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
