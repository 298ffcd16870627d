"""The header table on disk: writing it, and reading it back as a capture."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from headwise.durable import replacing
from headwise.errors import CaptureError
from headwise.headers.arrow import arrow_schema, from_arrow, to_arrow
from headwise.headers.batch import HeaderBatch

if TYPE_CHECKING:
    from headwise.headers.chunk import Chunk
    from headwise.headers.reader import HeaderReader

SCHEMA_VERSION = 1
# Rows of a row group: 10 MB in memory.
GROUP_ROWS = 1 << 16

_KEY = b"headwise.headers"
# Columns whose values differ nearly always: a dictionary would only be given up again.
_NO_DICTIONARY = ("time", "tcp_sequence", "tcp_acknowledgment")


class HeaderWriter:
    """Writes batches to a Parquet file, which appears whole when the block ends without an error.

    Parameters
    ----------
    path : path
        The file.

    Examples
    --------
    ::

        reader = HeaderReader("home.pcap")
        with HeaderWriter("home.parquet") as writer:
            for batch in reader:
                writer.write(batch)
            writer.describe(reader)
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._facts: dict[str, Any] = {}
        self._waiting: list[Any] = []
        self._rows = 0

    def __enter__(self) -> Self:
        self._replacing = replacing(self.path)
        self._writer = pq.ParquetWriter(
            self._replacing.__enter__(),
            arrow_schema(),
            compression="zstd",
            use_dictionary=[name for name in arrow_schema().names if name not in _NO_DICTIONARY],
            column_encoding=dict.fromkeys(_NO_DICTIONARY[:1], "DELTA_BINARY_PACKED"),
            write_statistics=True,
        )
        return self

    def write(self, batch: HeaderBatch) -> None:
        """Write the rows of a batch."""
        self._waiting.append(to_arrow(batch))
        self._rows += batch.rows
        if self._rows >= GROUP_ROWS:
            self._flush()

    def describe(self, reader: HeaderReader, *, anonymized: bool = False) -> None:
        """Keep with the rows how they came about: counts, and the names of the captures unless they are to be anonymous."""
        self._facts = {
            "schema": SCHEMA_VERSION,
            "packets": reader.packets,
            "rows": reader.rows,
            "counted": reader.counted,
            "remarks": reader.remarks,
            "captures": len(reader.paths) if anonymized else [path.name for path in reader.paths],
            "anonymized": anonymized or reader.anonymized,
        }

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if error is None:
                self._flush()
                self._writer.add_key_value_metadata({_KEY.decode(): json.dumps(self._facts)})
            self._writer.close()
        except BaseException as failure:
            self._replacing.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._replacing.__exit__(kind, error, trace)

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting), row_group_size=2 * GROUP_ROWS)
        self._waiting, self._rows = [], 0


def write_headers(reader: HeaderReader, path: str | os.PathLike[str]) -> None:
    """Read all of `reader` into a Parquet file."""
    with HeaderWriter(path) as writer:
        for batch in reader:
            writer.write(batch)
        writer.describe(reader)


class StoredRows:
    """Reads a header table that was written by `HeaderWriter`, as `CaptureRows` reads a capture.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CaptureError
        Where it is damaged, or another Parquet file.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.warning, self.ended = path, "", False
        self.parsed = 0
        self._file = _open(path)
        self.facts = _facts(self._file, path)
        self._batches: Iterator[Any] | None = None
        self._before = 0

    @property
    def packets(self) -> int:
        """Rows read so far, and the packets that were counted when the table was written."""
        return self.parsed + sum(self.counted.values())

    @property
    def counted(self) -> dict[str, int]:
        """Packets that were no rows when the table was written."""
        return {str(reason): int(count) for reason, count in self.facts["counted"].items()}

    @property
    def format(self) -> str:
        """What the file is."""
        return "headers"

    def link_types(self) -> list[int]:
        """Return nothing: the table's repeats are removed already."""
        return []

    def fill(self, chunk: Chunk) -> None:
        """Fill `chunk` from its first row."""
        if self._batches is None:
            self._batches = self._file.iter_batches(batch_size=chunk.room, columns=arrow_schema().names)
        try:
            batch = next(self._batches, None)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged(self.path) from error
        chunk.rows = 0
        if batch is None:
            self.ended = True
            self._file.close()
            return
        from_arrow(batch, chunk.columns, self._before)
        chunk.rows = batch.num_rows
        self._before = int(chunk.time[-1])
        self.parsed += chunk.rows


def first_time(path: Path) -> int | None:
    """Return the first time in a stored header table, ns UTC."""
    file = _open(path)
    _facts(file, path)
    for batch in file.iter_batches(batch_size=64, columns=["time"]):
        times = batch.column(0).drop_null()
        return int(times[0].value) if len(times) else None
    return None


def read_parquet_headers(path: str | os.PathLike[str]) -> Any:
    """Return a stored header table as a `pyarrow.Table`, its counts in the metadata of the schema.

    Raises
    ------
    CaptureError
        Where it is damaged, or another Parquet file.
    """
    file = _open(Path(path))
    _facts(file, Path(path))
    return file.read()


def _open(path: Path) -> Any:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> CaptureError:
    return CaptureError("is a damaged Parquet file", where=str(path), do="write it again with headwise headers")


def _facts(file: Any, path: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads((file.metadata.metadata or {})[_KEY])
        version = facts["schema"]
        facts["counted"] = dict(facts["counted"])
        known = version == SCHEMA_VERSION and file.schema_arrow.equals(arrow_schema())
    except (KeyError, ValueError, TypeError) as error:
        what = "is a Parquet file, but no header table"
        raise CaptureError(what, where=str(path), do="give captures, or what headwise headers wrote") from error
    if not known:
        what = f"is a header table of version {version}; this reads {SCHEMA_VERSION}"
        raise CaptureError(what, where=str(path), do="write it again from the captures")
    return facts
