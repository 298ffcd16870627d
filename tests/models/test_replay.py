"""The sample of training windows that travels in a model file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from headwise.errors import ModelFileError
from headwise.models.manifest import Manifest
from headwise.models.replay import MOST_WINDOWS, read_replay, sample, write_replay
from headwise.testbeds import LabelledWindows
from tests.models.synthetic import PACKETS, synthetic_windows
from tests.models.test_archive import manifest


def of(windows: LabelledWindows, **changed: Any) -> Manifest:
    """Return the manifest of a model of such windows."""
    fields = {
        "features": windows.names,
        "classes": tuple(sorted(set(windows.product))),
        "categories": windows.categories(),
        "sequence": windows.sequence.shape[1],
    }
    return manifest(**{**fields, **changed})


def kept(each: int = 10, packets: int = PACKETS, **of_windows: Any) -> LabelledWindows:
    """Return a sample of synthetic windows."""
    found = sample(synthetic_windows(**of_windows), each, packets)
    assert found is not None
    return found


@pytest.mark.parametrize("packets", [0, 4, PACKETS])
def test_a_sample_comes_back(packets: int) -> None:
    """Features with what is missing in them, packets and labels are read as they were written."""
    one = kept(packets=packets)
    again = read_replay(write_replay(one), of(one), "replay")
    assert np.array_equal(again.features, one.features, equal_nan=True)
    assert np.array_equal(again.sequence, one.sequence)
    assert (again.product.tolist(), again.category.tolist()) == (one.product.tolist(), one.category.tolist())


def test_each_product_has_its_share_however_rare() -> None:
    """A sample holds as many windows of each product as asked, and all of a product that has fewer."""
    windows = synthetic_windows()
    rare = windows.select((windows.product != "product-1") | (np.arange(len(windows)) % 24 == 0))
    found = sample(rare, 10, 0)
    assert found is not None
    counted = {name: int((found.product == name).sum()) for name in sorted(set(windows.product))}
    assert counted == {"product-0": 10, "product-1": 3, "product-2": 10, "product-3": 10}


def test_a_sample_is_spread_over_time() -> None:
    """It is of all days alike, not of the first ones."""
    windows = synthetic_windows(days=5, each=20)
    numbered = replace(windows, features=np.repeat(windows.start[:, None], windows.features.shape[1], 1).astype(np.float32))
    found = sample(numbered, 10, 0)
    assert found is not None
    of_one = found.features[found.product == "product-0", 0]
    assert np.bincount((of_one // 8.64e13).astype(int)).tolist() == [2, 2, 2, 2, 2]


def test_no_address_time_or_unit_is_kept() -> None:
    """Neither in memory nor in the file."""
    windows = synthetic_windows()
    found = sample(replace(windows, device=windows.device + np.uint64(0x5CF821001B0E)), 10, 4)
    assert found is not None
    assert (found.device.any(), found.start.any()) == (False, False)
    content = write_replay(found)
    assert parquet.read_schema(pyarrow.BufferReader(content)).names == ["product", "category", "values"]
    assert b"unit-" not in content


def test_an_earlier_sample_keeps_its_half() -> None:
    """Products that are in both have half from either side; those that are in one have all of theirs."""
    early, late = kept(classes=4), synthetic_windows(classes=2, seed=1)
    found = sample(replace(late, features=np.zeros_like(late.features)), 10, PACKETS, early)
    assert found is not None
    new = ~found.features.any(axis=1)
    counts = {name: (int((found.product == name).sum()), int(new[found.product == name].sum())) for name in set(early.product)}
    assert counts == {"product-0": (10, 5), "product-1": (10, 5), "product-2": (10, 0), "product-3": (10, 0)}


def test_none_is_none() -> None:
    """A sample of no window is no sample, and many products share what there may be."""
    assert sample(synthetic_windows(), 0, 0) is None
    windows = synthetic_windows(classes=2, days=1, each=30)
    assert len(sample(windows, MOST_WINDOWS * 2, 0) or []) == len(windows)


def parquet_of(one: LabelledWindows, **options: Any) -> bytes:
    """Return the table of a sample, written in another way."""
    table = parquet.read_table(pyarrow.BufferReader(write_replay(one)))
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(table, sink, **{"compression": "NONE", "use_dictionary": False, **options})
    return bytes(sink.getvalue())


def test_an_altered_sample_is_refused_or_read() -> None:
    """A byte changed or a part missing anywhere gives the error of model files, or a table of the same form, nothing else."""
    one = kept(each=2)
    whole, about = write_replay(one), of(one)
    random, refused = np.random.default_rng(0), 0
    for place in random.integers(0, len(whole), 300).tolist():
        for content in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]):
            try:
                assert len(read_replay(content, about, "replay")) == len(one)
            except ModelFileError:
                refused += 1
    assert refused >= 300


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"classes": ("product-0", "product-1")}, "the class 'product-2', which the model does not know"),
        ({"features": ("packets",)}, "columns are others"),
        ({"sequence": 2}, "columns are others"),
        ({"categories": {}}, "another category"),
    ],
)
def test_a_sample_of_another_model_is_refused(change: dict[str, Any], what: str) -> None:
    """Classes, categories and columns must be the manifest's."""
    one = kept()
    with pytest.raises(ModelFileError, match=what):
        read_replay(write_replay(one), of(one, **change), "replay")


def test_what_could_grow_when_read_is_refused() -> None:
    """Compressed columns and infinite numbers are not taken."""
    one = kept()
    with pytest.raises(ModelFileError, match="columns are others"):
        read_replay(parquet_of(one, compression="zstd"), of(one), "replay")
    endless = replace(one, features=np.full_like(one.features, np.inf))
    with pytest.raises(ModelFileError, match="infinite"):
        read_replay(write_replay(endless), of(one), "replay")
    with pytest.raises(ModelFileError, match="no whole Parquet file"):
        read_replay(b"PAR1" + bytes(100) + b"PAR1", of(one), "replay")
