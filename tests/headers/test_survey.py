"""What is asked of all rows of a batch at once, and the plain way to ask it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwise import native
from headwise.capture import mapped
from headwise.headers import HeaderBatch, HeaderReader
from headwise.headers.schema import PRESENT, allocate
from headwise.headers.survey import survey
from tests.generated.captures import capture
from tests.headers.files import COOKED, SECOND, START, cooked, ip_udp, numbered, pcap, write

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


def told(batch: HeaderBatch) -> tuple[list[int], list[int]]:
    """Return what a batch says of its rows, and what asking them anew does."""
    again = survey(native.pointers(batch.columns), batch.rows)
    fields = ("lowest", "highest", "some", "all", "ordered")
    return [getattr(batch.survey, name) for name in fields], [getattr(again, name) for name in fields]


@pytest.fixture(params=["mapped", "read"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read files of any size in one way."""
    monkeypatch.setattr(mapped, "LEAST", 1 if request.param == "mapped" else 1 << 40)
    return str(request.param)


def agreeing(reader: HeaderReader) -> list[int]:
    """Return the rows of each batch; all must be what they are said to be."""
    rows = []
    for batch in reader:
        said, asked = told(batch)
        assert said == asked
        rows.append(batch.rows)
    return rows


@pytest.mark.usefixtures("way")
def test_what_is_said_of_a_batch_holds_after_sorting_and_removing(tmp_path: Path) -> None:
    """Rows that were moved within and between batches, and batches that lost repeats, are not what was read."""
    late = [n * SECOND // 50 - (SECOND // 4 if n % 40 in (7, 20) else 0) for n in range(200)]
    assert sum(agreeing(HeaderReader(write(tmp_path / "late", pcap(numbered(late))), batch_rows=16))) == 200
    times = sorted(n // 2 * SECOND + n % 2 for n in range(200))
    copies = [(START + time, cooked(ip_udp(number=1 + n // 2, ttl=64 - n % 2))) for n, time in enumerate(times)]
    reader = HeaderReader(write(tmp_path / "copies", pcap(copies, COOKED)), batch_rows=15)
    assert (sum(agreeing(reader)), reader.counted) == (100, {"repeat": 100})


@pytest.mark.usefixtures("way")
def test_what_is_said_of_a_batch_holds_of_any_capture(tmp_path: Path) -> None:
    """Of generated captures of both formats, alone and merged."""
    paths = [write(tmp_path / f"{seed}.pcap", capture(Random(seed), 60)) for seed in range(20)]
    for path in paths:
        agreeing(HeaderReader(path, batch_rows=16))
    agreeing(HeaderReader(paths, batch_rows=16))


@pytest.mark.usefixtures("way")
def test_what_is_said_of_a_batch_holds_where_the_file_grows(tmp_path: Path) -> None:
    """A batch that begins with the mapped part of a file ends with what was added, here earlier by half a second."""
    rows = numbered([n * SECOND // 50 for n in range(400)])
    path = write(tmp_path / "grows", pcap(rows))
    batches = iter(HeaderReader(path, batch_rows=64))
    first = next(batches)
    said, asked = told(first)
    assert said == asked
    with path.open("ab") as file:
        file.write(pcap(numbered([8 * SECOND - SECOND // 2 + n for n in range(20)], 401))[24:])
    ports = first["source_port"].tolist()
    for batch in batches:
        said, asked = told(batch)
        assert said == asked
        ports += batch["source_port"].tolist()
    assert len(ports) == 420
    assert ports.index(401) < ports.index(400)
