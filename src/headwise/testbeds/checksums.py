"""What a test-bed was when a model learned from it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from headwise.errors import InputError
from headwise.testbeds.loading import Testbed
from headwise.testbeds.units import FILE


def checksums(testbed: Testbed) -> dict[str, object]:
    """Return the number and bytes of a test-bed's captures and one checksum over them and its table.

    It is the SHA-256 of the lines that ``sha256sum`` prints for the table and the captures, sorted by path within the test-bed,
    so that anyone can check it.
    """
    files = {path.relative_to(testbed.folder).as_posix(): path for path in (testbed.folder / FILE, *testbed.captures)}
    lines = [f"{_sha256(path)}  {name}\n" for name, path in sorted(files.items())]
    return {
        "captures": len(testbed.captures),
        "bytes": sum(path.stat().st_size for path in testbed.captures),
        "sha256": hashlib.sha256("".join(lines).encode()).hexdigest(),
    }


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error
