"""What is asked of all rows of a batch at once, and the plain way to ask it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from headwise import native
from headwise.headers.schema import PRESENT, allocate
from headwise.headers.survey import survey

ROWS = st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**32 - 1)), max_size=40)


@given(rows=ROWS, ordered=st.booleans())
def test_survey_says_what_numpy_says(rows: list[tuple[int, int]], ordered: bool) -> None:
    """Order, bounds of the rows that have a time, and the bits that any and all have."""
    columns = allocate(len(rows) + 3)
    rows = sorted(rows) if ordered else rows
    for row, (time, present) in enumerate(rows):
        columns["time"][row], columns["present"][row] = time, present
    found = survey(native.pointers(columns), len(rows))
    times, bits = [time for time, _ in rows], [present for _, present in rows]
    assert bool(found.ordered) == (times == sorted(times))
    assert found.some == int(np.bitwise_or.reduce(np.array(bits, np.uint32)))
    assert found.all == (int(np.bitwise_and.reduce(np.array(bits, np.uint32))) if rows else 0)
    timed = [time for time, present in rows if present & PRESENT["time"]]
    assert (found.lowest, found.highest) == (min(timed, default=2**63 - 1), max(timed, default=-(2**63)))
