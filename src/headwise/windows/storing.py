"""Window tables as Parquet files."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from headwise import durable
from headwise.errors import InputError
from headwise.windows.catalogue import FEATURES_VERSION, names
from headwise.windows.table import WindowTable

METADATA = b"headwise.windows"
ROW_GROUP = 4096
"""Windows of a row group, which bounds what a writer holds in memory."""


class WindowWriter:
    """Writes windows to a Parquet file, table by table; the file appears whole when the writer is left, or not at all.

    Columns are ``device`` (int64: the MAC's 48 bits), ``start`` (timestamp), ``length_s``, ``capture``, every feature by name (null
    where undefined), and ``sequence`` (a fixed-size list of packets x 4 values, packet by packet). The file's metadata holds the
    features' version.

    Parameters
    ----------
    path : path
    sequence : int
        Packets of the sequence of every table.
    """

    def __init__(self, path: str | Path, sequence: int) -> None:
        self.path, self.sequence, self.windows = path, sequence, 0
        self._waiting: list[WindowTable] = []
        self._rows = 0

    def __enter__(self) -> WindowWriter:
        import pyarrow.parquet as parquet

        self._stack = contextlib.ExitStack()
        file = self._stack.enter_context(durable.replacing(self.path))
        schema = _to_arrow(WindowTable.empty(self.sequence)).schema
        # Numbers that seldom repeat: a dictionary or statistics of hundreds of them would double the time of writing.
        options = {"compression": "zstd", "use_dictionary": ["device"], "write_statistics": ["device", "start"]}
        self._writer = self._stack.enter_context(parquet.ParquetWriter(file, schema, **options))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._stack:
            if kind is None:
                self._flush()
            else:
                self._stack.__exit__(kind, error, trace)

    def write(self, table: WindowTable) -> None:
        """Add windows."""
        if not len(table):
            return
        self._waiting.append(table)
        self.windows += len(table)
        self._rows += len(table)
        if self._rows >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        # All at once: hundreds of columns cost more each than the few windows of a table.
        table = WindowTable.concatenate(self._waiting, self.sequence)
        self._waiting.clear()
        self._rows = 0
        self._writer.write_table(_to_arrow(table), row_group_size=2 * ROW_GROUP)


def write_window_table(table: WindowTable, path: str | Path) -> None:
    """Write windows to a Parquet file, as `WindowWriter` does."""
    with WindowWriter(path, table.sequence.shape[1]) as writer:
        writer.write(table)


def read_window_table(path: str | Path) -> WindowTable:
    """Read windows that `WindowWriter` wrote.

    Raises
    ------
    InputError
        Where the file holds no windows, or windows of another version of the features.
    """
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        about = _about(parquet.read_schema(path).metadata, str(path))
        arrow = parquet.ParquetFile(path).read()
    except (OSError, pa.ArrowException) as error:
        raise InputError("cannot be read as Parquet", where=str(path), do="make it with `headwise windows`") from error
    return _from_arrow(arrow, about["sequence"])


def _about(metadata: dict[bytes, bytes] | None, where: str) -> dict[str, Any]:
    try:
        about = json.loads((metadata or {})[METADATA])
        version, sequence = int(about["features_version"]), int(about["sequence"])
    except (KeyError, TypeError, ValueError):
        raise InputError("holds no windows", where=where, do="make it with `headwise windows`") from None
    if version != FEATURES_VERSION or tuple(about.get("features", ())) != names():
        what = f"holds windows with features of version {version}, not {FEATURES_VERSION}"
        raise InputError(what, where=where, do="make it again with `headwise windows`")
    return {"sequence": sequence}


def _to_arrow(table: WindowTable) -> Any:
    import pyarrow as pa

    columns = {
        "device": pa.array(table.device.astype(np.int64)),
        "start": pa.array(table.start.view("M8[ns]"), pa.timestamp("ns", "UTC")),
        "length_s": pa.array(table.length_s),
        "capture": pa.array(table.capture),
    }
    turned = np.ascontiguousarray(table.features.T)
    features = {name: pa.array(values, from_pandas=True) for name, values in zip(table.names, turned, strict=True)}
    size = table.sequence.shape[1] * 4
    flat = pa.array(table.sequence.reshape(-1), pa.float32())
    sequence = pa.FixedSizeListArray.from_arrays(flat, size) if size else pa.nulls(len(table), pa.list_(pa.float32(), 0))
    about = {"features_version": table.version, "features": table.names, "sequence": table.sequence.shape[1]}
    return pa.table(columns | features | {"sequence": sequence}).replace_schema_metadata({METADATA: json.dumps(about).encode()})


def _from_arrow(arrow: Any, packets: int) -> WindowTable:
    rows = arrow.num_rows
    features = np.empty((rows, len(names())), np.float32)
    for i, name in enumerate(names()):
        features[:, i] = arrow[name].to_numpy()
    sequence = np.zeros(0, np.float32)
    if rows and packets:
        sequence = arrow["sequence"].combine_chunks().flatten().to_numpy()
    return WindowTable(
        device=arrow["device"].to_numpy().astype(np.uint64),
        start=arrow["start"].cast("int64").to_numpy(),
        length_s=arrow["length_s"].to_numpy(),
        features=features,
        sequence=sequence.reshape(rows, packets, 4),
        capture=arrow["capture"].to_numpy(),
    )
