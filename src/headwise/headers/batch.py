"""A batch of header rows in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from headwise import native
from headwise.headers.schema import PRESENT
from headwise.headers.survey import Survey, survey


@dataclass
class HeaderBatch:
    """Header rows of one read, in order of time.

    Attributes
    ----------
    rows : int
        Number of rows; arrays may be longer, rows past it are scratch.
    columns : dict of str to numpy.ndarray
        C-contiguous arrays named and typed as in `headwise.headers.schema` (table columns and internal ones). They are reused by
        the next batch of the same reader: copy what must outlive it.
    capture : int
        Index of the file the rows came from in the reader's ``paths``; -1 where the batch mixes several.
    """

    rows: int
    columns: dict[str, np.ndarray]
    capture: int = 0
    reused: native.HwColumns | None = field(default=None, repr=False, compare=False)
    seen: Survey | None = field(default=None, repr=False, compare=False)

    @property
    def survey(self) -> Survey:
        """What `headwise.headers.survey` says of the rows; `seen` where whoever made the batch has asked already."""
        return self.seen or survey(self.pointers, self.rows)

    @cached_property
    def pointers(self) -> native.HwColumns:
        """The core's view of the columns; `reused` where whoever made the batch has one already."""
        return self.reused or native.pointers(self.columns)

    def has(self, name: str) -> np.ndarray:
        """Return which rows have a value in column `name` (bool, shape ``(rows,)``)."""
        has: np.ndarray = (self.columns["present"][: self.rows] & PRESENT[name]) != 0
        return has

    def __getitem__(self, name: str) -> np.ndarray:
        """Return column `name`, shape ``(rows,)`` or ``(rows, 16)``; absent values are zero."""
        return self.columns[name][: self.rows]
