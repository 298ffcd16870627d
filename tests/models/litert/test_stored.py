"""A map of constants as it is kept."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from headwise.errors import ModelFileError
from headwise.models.litert.constants import ConstantMap
from headwise.models.litert.stored import read_map, write_map

MOST = 1000


def made(seed: int) -> ConstantMap:
    """Return a map of a matrix, its transposed copy, the sum of two vectors, and places without order."""
    places = np.arange(40) * 4 + 64
    matrix, moved = np.arange(12), np.arange(12).reshape(3, 4).T.ravel()
    first = np.concatenate([matrix, moved, 12 + np.arange(6), np.random.default_rng(seed).permutation(24)[:10]])
    second = np.full(40, -1)
    second[24:30] = 18 + np.arange(6)
    return ConstantMap(("a", "b", "c"), (12, 6, 6), places, first.astype(np.int32), second.astype(np.int32))


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read(seed: int) -> None:
    """Names, sizes and every place come back, with fewer runs than places."""
    constants = made(seed)
    stored = write_map(constants)
    found = read_map(stored, MOST, "test")
    assert (found.names, found.sizes) == (constants.names, constants.sizes)
    for name in ("offsets", "first", "second"):
        assert np.array_equal(getattr(found, name), getattr(constants, name))
    assert len(json.loads(stored)["runs"]) < 25
    assert write_map(found) == stored


def broken(**changed: Any) -> bytes:
    """Return a stored map after a change to its fields."""
    return json.dumps({**json.loads(write_map(made(0))), **changed}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        broken(format=2),
        broken(names=["a", "a", "c"]),
        broken(names="abc"),
        broken(sizes=[12, 6]),
        broken(sizes=[12, 6, 1 << 40]),
        broken(runs=[[1, 2, 3]]),
        broken(runs=[["a"] * 7]),
        broken(runs=[[0, 64, 4, 0, 1, -1, 0]]),
        broken(runs=[[MOST + 1, 0, 4, 0, 0, -1, 0]]),
        broken(runs=[[1 << 62, 0, 4, 0, 0, -1, 0]]),
        broken(runs=[[30, 0, 4, 0, 1, -1, 0]]),
        broken(runs=[[2, 0, 4, 0, 1, -2, 0]]),
        broken(runs=[[2, 0, 0, 0, 1, -1, 0]]),
    ],
)
def test_what_is_no_map_is_refused(content: bytes) -> None:
    """Another form, a name twice, more numbers than the file holds, weights that are not there, a place twice: each is refused."""
    with pytest.raises(ModelFileError, match="no map of constants"):
        read_map(content, MOST, "test")
