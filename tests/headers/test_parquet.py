"""The header table on disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from headwise.errors import CaptureError, SystemFailure
from headwise.headers import HeaderReader, parquet
from headwise.headers.arrow import arrow_schema, to_arrow
from headwise.headers.parquet import HeaderWriter, read_parquet_headers, write_headers
from headwise.headers.schema import COLUMNS, CUT, IP_ID, MALFORMED
from tests.headers.files import COOKED, SECOND, START, arp, cooked, ethernet, ip_tcp, ip_udp, numbered, pcap, pcapng, read, write

MS = 1_000_000


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Return a capture of every kind of row, with repeats and a packet without time."""
    kinds = [(ip_udp(), 0x800), (ip_tcp(flags=2), 0x800), (arp(), 0x806), (b"lldp", 0x88CC)]
    packets = [(n % 2, START + n * SECOND, (cooked if n % 2 else ethernet)(packet, kind=kind)) for n, (packet, kind) in enumerate(kinds)]
    packets += [(1, START + 9 * SECOND, cooked(ip_udp())), (1, START + 9 * SECOND + MS, cooked(ip_udp())), (0, None, ethernet(ip_udp()))]
    return write(tmp_path / "home.pcapng", pcapng(packets, [1, COOKED]))


def test_table_holds_every_column_and_null(capture: Path, tmp_path: Path) -> None:
    """Values are the reader's, and what a packet does not have is a null."""
    write_headers(HeaderReader(capture), tmp_path / "headers.parquet")
    table = read_parquet_headers(tmp_path / "headers.parquet")
    _, columns = read(capture)
    assert table.schema.names == [column.name for column in COLUMNS]
    for column in COLUMNS:
        stored = table.column(column.name)
        values = (stored.cast(pa.int64()) if column.name == "time" else stored).to_pylist()
        has = [True] * 6 if column.bit is None else ((columns["present"] >> column.bit) & 1 != 0).tolist()
        assert [value is not None for value in values] == has, column.name
        if column.arrow.startswith("fixed"):
            assert [value for value in values if value is not None] == [row.tobytes() for row in columns[column.name][has]]
        else:
            assert [value for value in values if value is not None] == columns[column.name][has].tolist(), column.name


def test_table_is_read_back_as_it_was(capture: Path, tmp_path: Path) -> None:
    """A stored table gives the rows of the captures it was made of, with their counts."""
    write_headers(HeaderReader(capture), tmp_path / "headers.parquet")
    first, columns = read(capture)
    again, stored = read(tmp_path / "headers.parquet", batch_rows=4)
    assert (again.packets, again.rows, again.counted) == (first.packets, first.rows, first.counted) == (7, 6, {"repeat": 1})
    for name, values in columns.items():
        expected = values & ~np.uint32(CUT | MALFORMED | IP_ID) if name == "present" else values
        timed = slice(5) if name == "time" else slice(None)  # the last row has no time
        np.testing.assert_array_equal(stored[name][timed], expected[timed], name)


def test_rows_of_an_arrow_batch_are_its_own(tmp_path: Path) -> None:
    """What became Arrow does not change when the reader goes on."""
    reader = HeaderReader(write(tmp_path / "a", pcap(numbered([n * SECOND for n in range(30)]))), batch_rows=10)
    tables = [to_arrow(batch) for batch in reader]
    assert pa.Table.from_batches(tables).column("source_port").to_pylist() == list(range(1, 31))


def test_row_groups_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are written as they come, in groups of a fixed size, so that memory stays small."""
    monkeypatch.setattr(parquet, "GROUP_ROWS", 100)
    path = write(tmp_path / "a", pcap(numbered([n * SECOND for n in range(1000)])))
    write_headers(HeaderReader(path, batch_rows=50), tmp_path / "out")
    metadata = pq.ParquetFile(tmp_path / "out").metadata
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [100] * 10


def facts(path: Path) -> dict[str, object]:
    """Return what is kept of how a table came about."""
    kept: dict[str, object] = json.loads(pq.ParquetFile(path).metadata.metadata[b"headwise.headers"])
    return kept


def test_table_says_how_it_came_about(capture: Path, tmp_path: Path) -> None:
    """Counts and the captures' names are kept, and no folder of anybody's machine."""
    write_headers(HeaderReader(capture), tmp_path / "out")
    assert facts(tmp_path / "out") == {
        "schema": 1,
        "packets": 7,
        "rows": 6,
        "counted": {"repeat": 1},
        "remarks": {"no_time": 1},
        "captures": ["home.pcapng"],
        "anonymized": False,
    }
    assert str(tmp_path).encode() not in (tmp_path / "out").read_bytes()


def test_anonymous_table_names_no_captures(capture: Path, tmp_path: Path) -> None:
    """File names may name people: of an anonymous table only their number is kept, also when it is written again."""
    reader = HeaderReader(capture)
    with HeaderWriter(tmp_path / "out") as writer:
        for batch in reader:
            writer.write(batch)
        writer.describe(reader, anonymized=True)
    assert (facts(tmp_path / "out")["captures"], facts(tmp_path / "out")["anonymized"]) == (1, True)
    write_headers(HeaderReader(tmp_path / "out"), tmp_path / "again")
    assert facts(tmp_path / "again")["anonymized"] is True


def write_and_fail(capture: Path, target: Path) -> None:
    """Write the first rows, then be interrupted."""
    with HeaderWriter(target) as writer:
        for batch in HeaderReader(capture):
            writer.write(batch)
            raise KeyboardInterrupt


def test_writing_that_fails_leaves_nothing(capture: Path, tmp_path: Path) -> None:
    """After an error neither the file nor a part of it is there, and an older file is whole."""
    (tmp_path / "out").write_bytes(b"older")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        write_and_fail(capture, tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "out").read_bytes() == b"older"


def test_rows_without_a_time_keep_their_place(tmp_path: Path) -> None:
    """A stored row without a time stays behind the row before it, also at the start of a batch and of the table."""
    packets = [
        (0, time and START + time, ethernet(ip_udp(port=port))) for port, time in enumerate([None, None, 5, 6, None, None, None, 9], 1)
    ]
    write_headers(HeaderReader(write(tmp_path / "a", pcapng(packets))), tmp_path / "out")
    for rows in (1, 2, 3, 100):
        reader, columns = read(tmp_path / "out", "source_port", batch_rows=rows)
        assert columns["source_port"].tolist() == list(range(1, 9))
        assert reader.remarks == {"no_time": 5}


def test_table_without_rows_is_a_table(tmp_path: Path) -> None:
    """A capture without packets makes a table of no rows that can be read."""
    write_headers(HeaderReader(write(tmp_path / "a", pcap([]))), tmp_path / "out")
    assert read(tmp_path / "out")[0].rows == 0


def test_folder_that_is_missing_is_told(capture: Path, tmp_path: Path) -> None:
    """Where the file cannot be made, that is the error."""
    with pytest.raises(SystemFailure, match="cannot write"):
        write_headers(HeaderReader(capture), tmp_path / "nowhere" / "out")


def test_other_parquet_files_are_refused(capture: Path, tmp_path: Path) -> None:
    """A Parquet file of something else, of another version, or damaged, is refused with what it is."""
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other")
    with pytest.raises(CaptureError, match="no header table"):
        HeaderReader(tmp_path / "other")
    write_headers(HeaderReader(capture), tmp_path / "out")
    newer = {b"headwise.headers": json.dumps(facts(tmp_path / "out") | {"schema": 2}).encode()}
    pq.write_table(arrow_schema().with_metadata(newer).empty_table(), tmp_path / "newer")
    with pytest.raises(CaptureError, match="version 2"):
        HeaderReader(tmp_path / "newer")
    whole = (tmp_path / "out").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CaptureError, match="damaged Parquet file"):
        HeaderReader(tmp_path / "cut")


def test_damage_inside_a_table_is_told(capture: Path, tmp_path: Path) -> None:
    """A table whose pages are damaged is refused when they are read."""
    path = write(tmp_path / "a", pcap(numbered([n * SECOND for n in range(3000)])))
    write_headers(HeaderReader(path), tmp_path / "out")
    data = bytearray((tmp_path / "out").read_bytes())
    data[2000:40_000] = bytes(len(data[2000:40_000]))
    (tmp_path / "out").write_bytes(data)
    with pytest.raises(CaptureError, match="damaged Parquet file"):
        read(tmp_path / "out")
