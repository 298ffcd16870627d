"""What is asked of all rows of a batch at once: are they in order, from when to when, what have they."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

from headwise import native


class Survey(ctypes.Structure):
    """Mirrors hw_survey.

    Attributes
    ----------
    lowest, highest : int
        Times of the earliest and latest row that has one, ns; `lowest` is above `highest` where none has.
    some, all : int
        Bits of the column ``present`` that any row has, and that every row has.
    ordered : int
        1 where no time is before the one above it.
    """

    _fields_ = (
        ("lowest", ctypes.c_int64),
        ("highest", ctypes.c_int64),
        ("some", ctypes.c_uint32),
        ("all", ctypes.c_uint32),
        ("ordered", ctypes.c_uint32),
    )


def survey(columns: native.HwColumns, rows: int) -> Survey:
    """Survey the first `rows` rows of header columns."""
    found = Survey()
    _kernel()(columns, rows, found)
    return found


@functools.cache
def _kernel() -> Any:
    function = native.library().hw_survey_rows
    function.restype = None
    function.argtypes = [ctypes.POINTER(native.HwColumns), ctypes.c_uint64, ctypes.POINTER(Survey)]
    return function
