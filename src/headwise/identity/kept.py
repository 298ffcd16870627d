"""The windows of a home: those that it keeps, and which of a capture's are new."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

import numpy as np

from headwise.clock import DAY_NS, NS, iso_time
from headwise.errors import InputError
from headwise.identity.clocks import believed_until, not_after
from headwise.identity.events import Event
from headwise.identity.home import Home, HomeFolder, Moved, Stored
from headwise.windows import WindowTable, read_window_table, write_window_table


@dataclass
class KeptWindows:
    """The windows of a folder that this process has alone.

    Parameters
    ----------
    folder : HomeFolder
    sequence : int
        Packets of a window's sequence.
    keep_days : int
        For how long windows are kept.
    clock : int
        What this machine's clock says: ns since 1970 UTC.
    tell : callable
        Told in words what is left out.
    """

    folder: HomeFolder
    sequence: int
    keep_days: int
    clock: int
    tell: Callable[[str], None]
    events: list[Event] = field(default_factory=list)

    def take_in(self, home: Home, table: WindowTable, without: Collection[int]) -> tuple[Home, WindowTable, WindowTable]:
        """Return the home without windows that were wrong, the windows that it keeps, and the new ones of a table.

        Parameters
        ----------
        home : Home
        table : WindowTable
        without : collection of int
            MACs that are no devices, such as the router's.
        """
        table = under_new_macs(table.select(~np.isin(table.device, np.array(sorted(without), np.uint64))), home.moved)
        parts = self._read(home)
        stored = np.concatenate([np.zeros(0, np.int64), *(ends_of(part) for _, part in parts)])
        limit, why = believed_until(stored, ends_of(table), self.clock, self.keep_days * DAY_NS)
        home = self._believed(home, parts, limit, why)
        kept = WindowTable.concatenate([part.select(ends_of(part) <= limit) for _, part in parts], self.sequence)
        kept = under_new_macs(kept, home.moved)
        return home, kept, self._new(home, kept, table, limit, why)

    def store(self, home: Home, kept: WindowTable, new: WindowTable, night: int) -> tuple[Home, WindowTable]:
        """Write a night's new windows, and return the home with them, without those that are too old by now, and all that it keeps."""
        if not len(new):
            return home, kept
        stored = Stored(f"{night:06d}.parquet", int(new.start.min()), int(ends_of(new).max()))
        write_window_table(new, self.folder.windows(stored.file))
        windows = (*home.windows, stored)
        oldest = max(each.until for each in windows) - self.keep_days * DAY_NS
        whole = WindowTable.concatenate([kept, new], self.sequence)
        moved = tuple(each for each in home.moved if each.until > oldest)
        noticed = tuple(each for each in home.noticed if each.noticed > oldest)
        # By then nothing is kept of what taught them.
        refused = tuple(each for each in home.refused if each.since > oldest)
        windows = tuple(each for each in windows if each.until > oldest)
        home = replace(home, windows=windows, moved=moved, noticed=noticed, refused=refused)
        return home, whole.select(whole.start >= oldest)

    def _read(self, home: Home) -> list[tuple[Stored, WindowTable]]:
        parts = []
        for each in home.windows:
            try:
                table = read_window_table(self.folder.windows(each.file))
            except InputError as error:
                # What is left is enough to go on; the names of devices do not hang on it.
                self.tell(f"{error.where or each.file}: is not whole; its windows teach nothing any more")
                continue
            parts.append((each, table.select(ends_of(table) <= each.until)))
        return parts

    def _believed(self, home: Home, parts: list[tuple[Stored, WindowTable]], limit: int, why: str) -> Home:
        """Return the home without the windows after a moment, and with no device standing still until then."""
        ends = [(each, ends_of(part)) for each, part in parts]
        doubted = np.concatenate([np.zeros(0, np.int64), *(each[each > limit] for _, each in ends)])
        windows = tuple(replace(each, until=int(part[part <= limit].max())) for each, part in ends if (part <= limit).any())
        home = replace(home, windows=windows)
        if not len(doubted):
            return home
        self._left_out(home.now, f"{_count(doubted)} of earlier nights, the last of {_moment(doubted.max())}: {why}")
        now = home.now or self.clock
        models, refused = (tuple(replace(each, since=min(each.since, now)) for each in of) for of in (home.models, home.refused))
        return replace(home, models=models, refused=refused, identities=not_after(home.identities, now))

    def _new(self, home: Home, kept: WindowTable, table: WindowTable, limit: int, why: str) -> WindowTable:
        seen = set(zip(kept.device.tolist(), kept.start.tolist(), strict=True))
        again = np.array([pair in seen for pair in zip(table.device.tolist(), table.start.tolist(), strict=True)], bool)
        ends = ends_of(table)
        oldest = home.now - self.keep_days * DAY_NS if len(kept) else int(table.start.min(initial=0))
        ahead, old = ends > limit, (table.start < oldest) & ~again
        if ahead.any():
            self._left_out(home.now, f"{_count(ends[ahead])}, the last of {_moment(ends[ahead].max())}: {why}")
        if old.any():
            days = f"{self.keep_days} days before the last one of {_moment(home.now)}"
            self._left_out(home.now, f"{_count(ends[old])}, the first of {_moment(table.start[old].min())}: they are older than {days}")
        if again.any():
            self.tell(f"left out {_count(ends[again])}: an earlier night had them")
        return table.select(~(ahead | old | again))

    def _left_out(self, time: int, words: str) -> None:
        self.tell(f"left out {words}")
        self.events.append(Event(time or self.clock, "left-out", evidence=(words,)))


def ends_of(table: WindowTable) -> np.ndarray:
    """Return when windows end: ns since 1970 UTC."""
    ends: np.ndarray = table.start + np.round(table.length_s * NS).astype(np.int64)
    return ends


def under_new_macs(table: WindowTable, moved: Collection[Moved]) -> WindowTable:
    """Return windows as those of the MACs that their devices have now."""
    device = table.device.copy()
    for each in moved:
        device[(device == each.old) & (table.start < each.until)] = each.new
    return replace(table, device=device)


def _count(rows: np.ndarray) -> str:
    return f"{len(rows)} window{'' if len(rows) == 1 else 's'}"


def _moment(time: int) -> str:
    return f"{iso_time(int(time))[:16]}Z"
