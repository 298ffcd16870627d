"""What `headwise watch` shows: a table that is drawn anew in its place, or JSON lines."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import IO, TYPE_CHECKING, Protocol

from headwise.cli.naming import kind, told
from headwise.cli.output import write_json, write_table
from headwise.cli.progress import duration, quantity

if TYPE_CHECKING:
    from rich.table import Table

    from headwise.cli.live_state import LiveState
    from headwise.identity.answer import Answer
    from headwise.windows import WindowTable

HEADINGS = ("MAC", "vendor", "product", "category", "packets", "sent", "received", "windows", "last seen (UTC)")
RIGHT = frozenset(HEADINGS[4:])


class LiveOutput(Protocol):
    """What is told of a live capture as it goes on."""

    def windows(self, table: WindowTable, *, complete: bool) -> None:
        """Tell of windows that ended; `complete` says that their time was over."""

    def devices(self) -> None:
        """Tell of the devices as they are now."""

    def end(self) -> None:
        """Tell of the devices for the last time."""

    def __enter__(self) -> LiveOutput:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave the terminal as it was."""


class _Plain:
    """Says nothing until the end; then the table."""

    def __init__(self, state: LiveState) -> None:
        self.state = state

    def windows(self, table: WindowTable, *, complete: bool) -> None:
        pass

    def devices(self) -> None:
        pass

    def end(self) -> None:
        write_table(HEADINGS, rows(self.state), right=RIGHT)
        print(caption(self.state), file=sys.stderr)

    def __enter__(self) -> _Plain:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass


class JsonLines(_Plain):
    """Writes an object a line; `docs/watch.md` has its fields."""

    def windows(self, table: WindowTable, *, complete: bool) -> None:
        """Write an object a window."""
        for window in self.state.windows_to_json(table):
            self._write({"event": "window", **window, "complete": complete})

    def devices(self) -> None:
        """Write one object with all devices."""
        self._write({"event": "devices", **self.state.to_json()})

    def end(self) -> None:
        """Write the last one."""
        self._write({"event": "end", **self.state.to_json()})

    def _write(self, value: dict[str, object]) -> None:
        write_json(value)
        sys.stdout.flush()


class _Terminal(_Plain):
    """Draws the table in place."""

    def __enter__(self) -> _Terminal:
        from rich.live import Live

        self._live = Live(self._table(), auto_refresh=False, transient=True)
        self._live.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._live.__exit__(kind, error, trace)

    def devices(self) -> None:
        self._live.update(self._table(), refresh=True)

    def end(self) -> None:
        self._live.stop()
        super().end()

    def _table(self) -> Table:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, pad_edge=False, caption=caption(self.state), caption_justify="left")
        for heading in HEADINGS:
            # On a narrow terminal words are cut short, MACs and numbers are not.
            least = 17 if heading == "MAC" else 7 if heading in RIGHT else 4
            table.add_column(heading, justify="right" if heading in RIGHT else "left", no_wrap=True, min_width=least)
        for row in rows(self.state):
            table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
        return table


def table_on(stream: IO[str], state: LiveState) -> LiveOutput:
    """Return the table for a terminal, or for a pipe or file: that gets it once, at the end."""
    return _Terminal(state) if stream.isatty() else _Plain(state)


def rows(state: LiveState) -> list[tuple[object, ...]]:
    """Return the table's cells, a row a device."""
    return [
        (
            each.mac,
            each.vendor,
            "" if each.role == "router" else " ".join(told(each.answer)),
            each.role if each.role == "router" else _shown(each.answer),
            each.packets,
            quantity(each.bytes_sent, "B"),
            quantity(each.bytes_received, "B"),
            each.windows,
            each.last_seen[11:19],
        )
        for each in state.devices()
    ]


def caption(state: LiveState) -> str:
    """Return the line under the table."""
    reader = state.live.reader
    elapsed = duration(time.monotonic() - state.begun)
    others = "".join(f", {count} {reason.replace('_', ' ')}" for reason, count in reader.counted.items())
    return f"{state.ring.interface}: {reader.packets} packets in {elapsed}{others}, {state.dropped} dropped by the kernel"


def _shown(answer: Answer) -> str:
    probability = answer.category.probability
    return kind(answer) if probability is None else f"{kind(answer)} {probability:.0%}"
