"""The files that the repository holds."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.machine import CHECKOUT, lacking


def tracked() -> list[Path]:
    """Return the files under version control that exist, or end the test where the tree is no checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False)
    if listed.returncode:
        lacking("the tree is no git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := CHECKOUT / name).is_file()]


def texts() -> dict[str, str]:
    """Return the text of each tracked text file, by its path in the checkout."""
    found = {}
    for path in tracked():
        try:
            found[str(path.relative_to(CHECKOUT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found
