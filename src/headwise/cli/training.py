"""What the commands that train have in common."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headwise.testbeds import Selection, Testbed

MOST_SEED = 2**32 - 1


def check_folder(output: Path) -> None:
    """Refuse an output that could not be written: said before the work, not after it."""
    from headwise.errors import InputError

    if not output.parent.is_dir():
        raise InputError("there is no such folder", where=str(output.parent), do="make it, or choose another")


def origin(testbeds: list[Testbed], selection: Selection, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what is trained on, for the manifest: captures with their checksums, and what was taken of them."""
    from headwise.testbeds import checksums

    bounds = {"from": arguments.since, "until": arguments.until, "phase": selection.phase}
    chosen = {**bounds, "only": list(selection.only), "without": list(selection.without)}
    return {
        "testbeds": [{"name": testbed.name, **checksums(testbed)} for testbed in testbeds],
        "selection": {name: value for name, value in chosen.items() if value},
    }


def seed(text: str) -> int:
    """Return the seed that an option gives."""
    return whole(text, 0, MOST_SEED)


def jobs(text: str) -> int:
    """Return the number of threads that an option gives."""
    return whole(text, 1, 1024)


def replay(text: str) -> int:
    """Return the windows of each product that an option gives."""
    return whole(text, 0, 1000)


def epochs(text: str) -> int:
    """Return the passes over the data that an option gives."""
    return whole(text, 1, 10_000)


def whole(text: str, least: int, most: int) -> int:
    """Return a whole number from `least` to `most`."""
    if not text.isdecimal() or not least <= int(text[:20]) <= most:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from {least} to {most}")
    return int(text)
