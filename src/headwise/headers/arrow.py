"""Header rows as Arrow."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from headwise.headers.batch import HeaderBatch
from headwise.headers.schema import COLUMNS, Column

_TYPES = {
    "timestamp[ns, UTC]": pa.timestamp("ns", "UTC"),
    "fixed_size_binary[16]": pa.binary(16),
    "bool": pa.bool_(),
    "uint8": pa.uint8(),
    "uint16": pa.uint16(),
    "uint32": pa.uint32(),
    "uint64": pa.uint64(),
}


@cache
def arrow_schema() -> Any:
    """Return the Arrow schema of the header table; units and sources are metadata of its fields."""
    return pa.schema([_field(column) for column in COLUMNS])


def to_arrow(batch: HeaderBatch) -> Any:
    """Return a batch as a `pyarrow.RecordBatch` of its own memory; absent values are nulls.

    Parameters
    ----------
    batch : HeaderBatch
        Rows of a reader; they are copied.
    """
    return pa.RecordBatch.from_arrays([_array(batch, column) for column in COLUMNS], schema=arrow_schema())


def from_arrow(table: Any, columns: dict[str, np.ndarray], before: int = 0) -> None:
    """Write the rows of a `pyarrow.RecordBatch` with the header table's schema into the first rows of `columns`.

    As the core does, a row without a time gets that of the row before it; `before` is the time before the first row.
    """
    rows = table.num_rows
    present = np.zeros(rows, np.uint32)
    for column in COLUMNS:
        stored = table.column(column.name)
        if column.bit is not None:
            present |= _valid(stored).astype(np.uint32) << np.uint32(column.bit)
        columns[column.name][:rows] = _values(stored, column)
    for name, values in columns.items():
        if name not in table.schema.names:
            values[:rows] = 0
    columns["present"][:rows] = present
    _fill_times(columns["time"][:rows], present, before)


def _field(column: Column) -> Any:
    facts = {"unit": column.unit, "source": column.source}
    return pa.field(column.name, _TYPES[column.arrow], nullable=column.bit is not None, metadata=facts)


def _array(batch: HeaderBatch, column: Column) -> Any:
    values, rows = batch[column.name], batch.rows
    bitmap, absent = None, 0
    if column.bit is not None:
        has = batch.has(column.name)
        absent = rows - int(np.count_nonzero(has))
        if absent:
            bitmap = pa.py_buffer(np.packbits(has, bitorder="little"))
    if column.arrow == "bool":
        values = np.packbits(values, bitorder="little")
    elif column.name == "time" and absent:
        values = np.where(has, values, 0)
    else:
        values = values.copy()
    return pa.Array.from_buffers(_TYPES[column.arrow], rows, [bitmap, pa.py_buffer(values)], absent)


def _valid(stored: Any) -> np.ndarray:
    if not stored.null_count:
        return np.ones(len(stored), bool)
    return np.asarray(stored.is_valid().to_numpy(zero_copy_only=False))


def _values(stored: Any, column: Column) -> np.ndarray:
    if column.arrow == "fixed_size_binary[16]":
        filled = stored.fill_null(bytes(16)) if stored.null_count else stored
        data = np.frombuffer(filled.buffers()[1], np.uint8)
        return data[16 * filled.offset : 16 * (filled.offset + len(filled))].reshape(-1, 16)
    if column.arrow == "bool":
        return np.asarray(stored.fill_null(False).to_numpy(zero_copy_only=False)).astype(np.uint8)
    if column.name == "time":
        stored = stored.cast(pa.int64())
    return np.asarray((stored.fill_null(0) if stored.null_count else stored).to_numpy())


def _fill_times(time: np.ndarray, present: np.ndarray, before: int) -> None:
    has = (present & 1) != 0
    if not has.all():
        last = np.maximum.accumulate(np.where(has, np.arange(len(time)), -1))
        time[:] = np.where(last >= 0, time[last], before)
