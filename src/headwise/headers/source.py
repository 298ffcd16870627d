"""One capture from its bytes to its rows in order of time."""

from __future__ import annotations

from pathlib import Path

from headwise.capture import open_capture
from headwise.headers.capture_rows import CaptureRows
from headwise.headers.chunk import Chunk, Pool
from headwise.headers.ordering import Ordered
from headwise.headers.repeats import Repeats, rule_for


class OpenCapture:
    """Reads one capture: its rows in order of time, without repeats.

    Parameters
    ----------
    path : Path
        The capture; ``-`` is standard input.
    pool : Pool
        Where chunks come from.
    """

    def __init__(self, path: Path, pool: Pool) -> None:
        self.path, self.pool = path, pool
        self.blocks = open_capture(path)
        self.rows = CaptureRows(self.blocks)
        self.ordered = Ordered(self.rows, pool)
        self.repeats = Repeats()

    @property
    def name(self) -> str:
        """How to call it in messages."""
        return self.blocks.name

    @property
    def packets(self) -> int:
        """Packets walked so far."""
        return self.rows.packets

    @property
    def counted(self) -> dict[str, int]:
        """Packets that are no rows, by reason."""
        counted = self.rows.counted
        if self.repeats.found:
            counted["repeat"] = self.repeats.found
        return counted

    @property
    def out_of_order(self) -> int:
        """Rows that are earlier than the row before them."""
        return self.ordered.out_of_order

    @property
    def warning(self) -> str:
        """Why reading ended early; empty where it did not."""
        return self.rows.warning

    def next(self) -> Chunk | None:
        """Return the next chunk, or None at the end. Give it back by `release`."""
        while (chunk := self.ordered.next()) is not None:
            rule = rule_for(self.rows.link_types())
            if rule is None or self.repeats.remove(chunk, rule):
                return chunk
            self.release(chunk)
        self.close()
        return None

    def release(self, chunk: Chunk) -> None:
        """Let the chunk's arrays be used again."""
        self.pool.give(chunk)

    def close(self) -> None:
        """Let go of the file."""
        self.blocks.close()
