"""Repeats: copies of a packet that one capture took on several interfaces."""

from __future__ import annotations

from headwise.headers.capture_rows import CaptureRows
from headwise.headers.chunk import Chunk


class Repeats:
    """Removes copies of packets from the chunks of one capture."""

    def __init__(self) -> None:
        self.found = 0

    def remove(self, chunk: Chunk, rows: CaptureRows) -> int:
        """Remove repeats from `chunk`; return the rows that are left."""
        return chunk.rows
