"""The sample of training windows that travels in a model file, so that retraining does not forget what is not in the new ones.

It holds features, first packets and labels: no address, no time, no unit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from headwise.errors import ModelFileError
from headwise.models.groups import spread
from headwise.models.manifest import Manifest
from headwise.models.model import VALUES_A_PACKET, columns_of, rows_of
from headwise.testbeds import LabelledWindows, join

FILE = "replay.parquet"
EACH = 40
"""Windows of a product, where nothing else is asked for."""
MOST_WINDOWS = 20_000
TESTBED = "replay"

_DO = "get the model file again, or train it"


def sample(windows: LabelledWindows, each: int, packets: int, earlier: LabelledWindows | None = None) -> LabelledWindows | None:
    """Return up to `each` windows of each product, spread evenly over its units and time; None where that is no window.

    Parameters
    ----------
    windows : LabelledWindows
        What was trained on.
    each : int
        Most windows of a product. With many products it is less, so that there are never more than `MOST_WINDOWS`.
    packets : int
        First packets that the model looks at; no more are kept.
    earlier : LabelledWindows, optional
        The sample that the model had. A product that is in both has half of its windows from either.
    """
    pools = [nameless(pool, packets) for pool in (earlier, windows) if pool is not None and len(pool)]
    if not pools:
        return None
    together = join(pools)
    of_pool = np.repeat(np.arange(len(pools)), [len(pool) for pool in pools])
    products = np.unique(together.product.astype(str))
    each = min(each, MOST_WINDOWS // len(products))
    chosen = [_of_product(np.flatnonzero(together.product == product), of_pool, each) for product in products]
    found = together.select(np.sort(np.concatenate(chosen)))
    return found if len(found) else None


def nameless(windows: LabelledWindows, packets: int) -> LabelledWindows:
    """Return windows ordered by unit and time, without address, time and unit, with their first packets alone."""
    ordered = windows.select(np.lexsort((windows.start, windows.units().astype(str))))
    return as_windows(ordered, ordered.features, ordered.sequence[:, :packets], ordered.product, ordered.category)


def as_windows(
    like: LabelledWindows | Manifest, features: np.ndarray, sequence: np.ndarray, product: np.ndarray, category: np.ndarray
) -> LabelledWindows:
    """Return windows of which only features, packets and labels are known."""
    count = len(features)
    if isinstance(like, LabelledWindows):
        names, version = like.names, like.version
    else:
        names, version = like.features, like.features_version
    return LabelledWindows(
        device=np.zeros(count, np.uint64),
        start=np.zeros(count, np.int64),
        length_s=np.zeros(count),
        features=features,
        sequence=sequence,
        capture=np.full(count, -1, np.int32),
        testbed=np.full(count, TESTBED, object),
        unit=product,
        product=product,
        category=category,
        names=names,
        version=version,
        length=like.length,
    )


def write_replay(windows: LabelledWindows) -> bytes:
    """Return a sample as Parquet, the same bytes for the same content."""
    import pyarrow
    from pyarrow import parquet

    values = rows_of(windows.features, windows.sequence, windows.sequence.shape[1])
    flat = pyarrow.array(np.ascontiguousarray(values, np.float32).ravel())
    labels = [pyarrow.array(column.tolist(), pyarrow.string()) for column in (windows.product, windows.category)]
    columns = [*labels, pyarrow.FixedSizeListArray.from_arrays(flat, values.shape[1])]
    table = pyarrow.table(columns, schema=_schema(values.shape[1]))
    sink = pyarrow.BufferOutputStream()
    # Neither compressed nor with a dictionary: what is read cannot take more memory than the file.
    parquet.write_table(table, sink, compression="NONE", use_dictionary=False, store_schema=True, write_statistics=False)
    return bytes(sink.getvalue())


def read_replay(content: bytes, manifest: Manifest, where: str) -> LabelledWindows:
    """Read an untrusted sample and check that it is one of the model's.

    Raises
    ------
    ModelFileError
        Where it is no such table, is too large, or names what the model does not know.
    """
    import pyarrow

    try:
        table = _table(content, manifest, where)
        product, category = (np.array(table.column(name).to_pylist(), object) for name in ("product", "category"))
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise _refusal(where, "it is no whole Parquet file") from error
    labels = product if manifest.label == "device" else category
    if strange := sorted(set(labels.tolist()) - set(manifest.classes), key=str):
        raise _refusal(where, f"it holds the class {strange[0]!a}, which the model does not know")
    if any(manifest.categories.get(one) != kind for one, kind in {*zip(product.tolist(), category.tolist(), strict=True)}):
        raise _refusal(where, "a product has another category than in the manifest")
    flat = table.column("values").combine_chunks().flatten().to_numpy(zero_copy_only=False)
    features, packets = np.split(flat.reshape(len(product), -1), [len(manifest.features)], axis=1)
    if np.isinf(features).any() or not np.isfinite(packets).all():
        raise _refusal(where, "it holds infinite numbers")
    return as_windows(manifest, features, packets.reshape(len(product), manifest.sequence, VALUES_A_PACKET), product, category)


def _table(content: bytes, manifest: Manifest, where: str) -> Any:
    import pyarrow
    from pyarrow import parquet

    file = parquet.ParquetFile(pyarrow.BufferReader(content), pre_buffer=False)
    meta, width = file.metadata, columns_of(manifest)
    chunks = [meta.row_group(group).column(number) for group in range(meta.num_row_groups) for number in range(meta.num_columns)]
    if not file.schema_arrow.equals(_schema(width)) or any(chunk.compression != "UNCOMPRESSED" for chunk in chunks):
        raise _refusal(where, "its columns are others than the model's")
    if not 0 < meta.num_rows <= MOST_WINDOWS or meta.num_rows * 4 * width > len(content):
        raise _refusal(where, f"it says that it holds {meta.num_rows} windows")
    return file.read(use_threads=False)


def _schema(width: int) -> Any:
    import pyarrow

    kinds = {"product": pyarrow.string(), "category": pyarrow.string(), "values": pyarrow.list_(pyarrow.float32(), width)}
    return pyarrow.schema([pyarrow.field(name, kind, nullable=False) for name, kind in kinds.items()])


def _of_product(rows: np.ndarray, of_pool: np.ndarray, each: int) -> np.ndarray:
    pools = [rows[of_pool[rows] == pool] for pool in np.unique(of_pool[rows])]
    if len(pools) == 1:
        return spread(pools[0], each)
    old, new = pools
    from_old = min(len(old), max(each // 2, each - len(new)))
    return np.concatenate([spread(old, from_old), spread(new, each - from_old)])


def _refusal(where: str, what: str) -> ModelFileError:
    return ModelFileError(f"holds a replay sample that cannot be used: {what}", where=where, do=_DO)
