"""Window tables in files."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from headwise.errors import InputError
from headwise.windows import Windows, WindowTable, WindowWriter, names, read_window_table, write_window_table
from headwise.windows.storing import METADATA
from tests.windows.packets import batches, packets
from tests.windows.test_accumulate import assert_same


def _windows(sequence: int = 4) -> WindowTable:
    windows = Windows(60, sequence)
    return WindowTable.concatenate([windows.update(batch) for batch in batches(packets(Random(5), 300))] + [windows.finish()], sequence)


def _fail(path: Path) -> None:
    with WindowWriter(path, 4) as writer:
        writer.write(_windows())
        raise RuntimeError("the disk")


@pytest.mark.parametrize("sequence", [0, 4])
def test_windows_are_read_as_they_were_written(tmp_path: Path, sequence: int) -> None:
    """Every column and number survives a file, undefined features too."""
    table = _windows(sequence)
    assert np.isnan(table.features).any()
    write_window_table(table, tmp_path / "windows.parquet")
    assert_same(table, read_window_table(tmp_path / "windows.parquet"))


def test_windows_are_written_table_by_table(tmp_path: Path) -> None:
    """What is written in parts, empty ones too, is read as one."""
    table = _windows()
    with WindowWriter(tmp_path / "windows.parquet", 4) as writer:
        for part in (table.select(np.arange(3)), WindowTable.empty(4), table.select(np.arange(3, len(table)))):
            writer.write(part)
    assert writer.windows == len(table)
    assert_same(table, read_window_table(tmp_path / "windows.parquet"))


def test_a_table_of_no_windows_is_a_table(tmp_path: Path) -> None:
    """A capture in which nobody sent anything gives a file that can be read."""
    write_window_table(WindowTable.empty(8), tmp_path / "windows.parquet")
    assert read_window_table(tmp_path / "windows.parquet").sequence.shape == (0, 8, 4)


def test_undefined_features_are_null_for_other_readers(tmp_path: Path) -> None:
    """In the file a NaN is a null, and columns bear the features' names."""
    table = _windows()
    write_window_table(table, tmp_path / "windows.parquet")
    arrow = parquet.read_table(tmp_path / "windows.parquet")
    assert arrow.column_names == ["device", "start", "length_s", "capture", *names(), "sequence"]
    assert arrow["dns_mean_sent"].null_count == np.isnan(table.feature("dns_mean_sent")).sum() > 0


def test_nothing_is_left_of_a_file_that_was_not_finished(tmp_path: Path) -> None:
    """Where writing fails, the file does not appear, nor does anything beside it."""
    with pytest.raises(RuntimeError, match="the disk"):
        _fail(tmp_path / "windows.parquet")
    assert list(tmp_path.iterdir()) == []


def test_windows_of_another_version_are_refused_by_name(tmp_path: Path) -> None:
    """The error names both versions and what to do."""
    path = tmp_path / "windows.parquet"
    write_window_table(_windows(), path)
    arrow = parquet.read_table(path)
    about = json.loads(arrow.schema.metadata[METADATA]) | {"features_version": 99}
    parquet.write_table(arrow.replace_schema_metadata({METADATA: json.dumps(about)}), path)
    with pytest.raises(InputError, match=r"version 99, not 1; make it again with `headwise windows`"):
        read_window_table(path)


def test_what_holds_no_windows_is_refused(tmp_path: Path) -> None:
    """A missing file, a text and another table are errors in one line."""
    text, other = tmp_path / "text", tmp_path / "other.parquet"
    text.write_text("no table")
    parquet.write_table(pa.table({"a": [1]}), other)
    for path in (tmp_path / "missing", text, other):
        with pytest.raises(InputError, match="make it with `headwise windows`"):
            read_window_table(path)
