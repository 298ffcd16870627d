"""One capture from its bytes to its rows in order of time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from headwise.capture import open_capture
from headwise.errors import CaptureError
from headwise.headers.capture_rows import CaptureRows
from headwise.headers.chunk import Chunk, Pool
from headwise.headers.ordering import Ordered
from headwise.headers.repeats import RepeatRule, Repeats, rule_for

if TYPE_CHECKING:
    from headwise.headers.parquet import StoredRows
    from headwise.native import HwInterface


class OpenCapture:
    """Reads one capture: its rows in order of time, without repeats.

    Parameters
    ----------
    path : Path
        The capture; ``-`` is standard input.
    pool : Pool
        Where chunks come from.
    window : int
        Bytes of the capture that are held at a time.
    rule : callable
        Tells by the link types of the interfaces how repeats are searched for.

    Attributes
    ----------
    open : bool
        Whether it has not ended yet.
    """

    def __init__(self, path: Path, pool: Pool, window: int, rule: RepeatRule = rule_for) -> None:
        self.path, self.pool, self.rule = path, pool, rule
        self.open = True
        self.blocks = open_capture(path, window)
        self.rows = self._rows()
        self.ordered = Ordered(self.rows, pool)
        self.repeats = Repeats()

    def _rows(self) -> CaptureRows | StoredRows:
        if self.blocks.kind != "parquet":
            return CaptureRows(self.blocks)
        self.blocks.close()
        if str(self.path) == "-":
            raise CaptureError("a header table cannot be read from a pipe", where=self.blocks.name, do="give its file name")
        from headwise.headers.parquet import StoredRows  # loads a library that captures do not need

        return StoredRows(self.path)

    @property
    def anonymized(self) -> bool:
        """Whether the addresses are pseudonyms already."""
        return not isinstance(self.rows, CaptureRows) and bool(self.rows.facts.get("anonymized"))

    @property
    def name(self) -> str:
        """How to call it in messages."""
        return self.blocks.name

    def interfaces(self) -> list[HwInterface]:
        """Return the interfaces of the capture; none of a stored header table."""
        return self.rows.interfaces() if isinstance(self.rows, CaptureRows) else []

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
            rule = self.rule(self.rows.link_types())
            if rule is None or self.repeats.remove(chunk, rule):
                return chunk
            self.release(chunk)
        self.close()
        return None

    def release(self, chunk: Chunk) -> None:
        """Let the chunk's arrays be used again."""
        self.pool.give(chunk)

    def close(self) -> None:
        """Let go of the file and of what was needed to read it."""
        self.open = False
        if isinstance(self.rows, CaptureRows):
            self.rows.close()
        self.blocks.close()
