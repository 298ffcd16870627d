"""Window tables as Parquet files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from headwise import durable
from headwise.errors import InputError
from headwise.windows.catalogue import FEATURES_VERSION
from headwise.windows.table import WindowTable

METADATA = b"headwise.windows"


def write_window_table(table: WindowTable, path: str | Path) -> None:
    """Write windows to a Parquet file, which appears whole or not at all.

    Columns are ``device`` (int64: the MAC's 48 bits), ``start`` (timestamp), ``length_s``, ``capture``, every feature by name, and
    ``sequence`` (a fixed-size list of packets x 4 values, packet by packet). The file's metadata holds the features' version.
    """
    import pyarrow.parquet as parquet

    about = {"features_version": table.version, "features": table.names, "sequence": table.sequence.shape[1]}
    arrow = _to_arrow(table).replace_schema_metadata({METADATA: json.dumps(about).encode()})
    with durable.replacing(path) as file:
        parquet.write_table(arrow, file, compression="zstd")


def read_window_table(path: str | Path) -> WindowTable:
    """Read windows that `write_window_table` wrote.

    Raises
    ------
    InputError
        Where the file holds no windows, or windows of another version of the features.
    """
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        arrow = parquet.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError("cannot be read as Parquet", where=str(path), do="make it with `headwise windows`") from error
    about = json.loads((arrow.schema.metadata or {}).get(METADATA, b"{}"))
    version = about.get("features_version")
    if version != FEATURES_VERSION:
        found = "holds no windows" if version is None else f"holds windows with features of version {version}, not {FEATURES_VERSION}"
        raise InputError(found, where=str(path), do="make it again with `headwise windows`")
    return _from_arrow(arrow, tuple(about["features"]), about["sequence"])


def _to_arrow(table: WindowTable) -> Any:
    import pyarrow as pa

    columns = {
        "device": pa.array(table.device.astype(np.int64)),
        "start": pa.array(table.start).cast(pa.timestamp("ns", "UTC")),
        "length_s": pa.array(table.length_s),
        "capture": pa.array(table.capture),
    }
    features = {name: pa.array(np.ascontiguousarray(table.features[:, i])) for i, name in enumerate(table.names)}
    values = table.sequence.shape[1] * 4
    sequence = pa.FixedSizeListArray.from_arrays(pa.array(table.sequence.reshape(-1)), values)
    return pa.table(columns | features | {"sequence": sequence})


def _from_arrow(arrow: Any, names: tuple[str, ...], packets: int) -> WindowTable:
    rows = arrow.num_rows
    sequence = arrow["sequence"].combine_chunks().flatten().to_numpy(zero_copy_only=False) if rows else np.zeros(0)
    features = np.empty((rows, len(names)), np.float32)
    for i, name in enumerate(names):
        features[:, i] = arrow[name].to_numpy()
    return WindowTable(
        device=arrow["device"].to_numpy().astype(np.uint64),
        start=arrow["start"].cast("int64").to_numpy(),
        length_s=arrow["length_s"].to_numpy(),
        features=features,
        sequence=sequence.astype(np.float32).reshape(rows, packets, 4),
        capture=arrow["capture"].to_numpy(),
        names=names,
    )
