"""Every file of the parser corpus through the whole reader: rows and reasons for all packets, or one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest

from headwise.errors import CaptureError
from headwise.headers import HeaderReader
from tests.corpus import capture_bytes, index
from tests.reference.capture import walk


def refusal(path: Path) -> tuple[HeaderReader | None, str]:
    """Return the reader of a file after its last row, or what it says against it."""
    try:
        reader = HeaderReader([path])
        rows = sum(batch.rows for batch in reader)
    except CaptureError as error:
        return None, str(error)
    assert rows == reader.rows
    return reader, ""


@pytest.mark.parametrize("part", range(4))
def test_reader_reads_every_file_or_says_why_not(data: Path, part: int) -> None:
    """Rows and counted are all packets, which are as many as the twin's; what is refused has no packets, and the error names the file."""
    read, refused = 0, 0
    for entry in index(data)[part::4]:
        path = data / "parser-corpus" / entry["file"]
        twin = walk(capture_bytes(path))
        reader, error = refusal(path)
        if reader is None:
            refused += 1
            assert (twin.frames, twin.status != "ok", str(path) in error) == ([], True, True), path
        else:
            read += 1
            assert reader.rows + sum(reader.counted.values()) == reader.packets == len(twin.frames), path
            assert bool(reader.warnings) == (twin.status != "ok"), path
    assert read > 110
    assert refused > 0
