"""A map of constants as it is kept in a model file: JSON, in runs of equal steps, since weights lie in rows."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from headwise.errors import ModelFileError
from headwise.models.litert.constants import NONE, ConstantMap

FORMAT = 1
MOST_WEIGHTS = 10_000
MOST_NUMBERS = 1 << 26
COLUMNS = 7
"""Of a run: how many, then place in the file, first weight, second weight, each with its step."""


def write_map(constants: ConstantMap) -> bytes:
    """Return a map as JSON, the same bytes for the same map."""
    runs = ",\n".join(json.dumps(run, separators=(",", ":")) for run in _runs(constants))
    head = json.dumps({"format": FORMAT, "names": constants.names, "sizes": constants.sizes}, separators=(",", ":"))
    return f'{head[:-1]},"runs":[\n{runs}\n]}}\n'.encode()


def read_map(content: bytes, most: int, where: str) -> ConstantMap:
    """Read a map and check that it is one.

    Parameters
    ----------
    content : bytes
        Untrusted.
    most : int
        Numbers that the LiteRT file can hold.
    where : str
        File to name in an error.

    Raises
    ------
    ModelFileError
        Where it is no map of at most so many numbers.
    """
    try:
        parsed = json.loads(content.decode())
        names, sizes, runs = parsed["names"], parsed["sizes"], np.array(parsed["runs"], np.int64).reshape(-1, COLUMNS)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise _refusal(where) from error
    if parsed.get("format") != FORMAT or not _are_names(names) or not _are_sizes(sizes, len(names)):
        raise _refusal(where)
    return _expanded(tuple(names), tuple(sizes), runs, most, where)


def _expanded(names: tuple[str, ...], sizes: tuple[int, ...], runs: np.ndarray, most: int, where: str) -> ConstantMap:
    counts = runs[:, 0]
    if np.any(np.abs(runs) > MOST_NUMBERS * 4) or np.any(counts < 1) or counts.sum() > most:
        raise _refusal(where)
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    offsets, first, second = (np.repeat(runs[:, a], counts) + step * np.repeat(runs[:, a + 1], counts) for a in (1, 3, 5))
    total = sum(sizes)
    if np.any((first < 0) | (first >= total) | (second < NONE) | (second >= total)) or len(np.unique(offsets)) != len(offsets):
        raise _refusal(where)
    return ConstantMap(names, sizes, offsets, first.astype(np.int32), second.astype(np.int32))


def _runs(constants: ConstantMap) -> list[list[int]]:
    columns = np.stack([constants.offsets, constants.first, constants.second]).astype(np.int64)
    steps = np.diff(columns)
    turns = np.flatnonzero(np.any(steps[:, 1:] != steps[:, :-1], axis=0)) + 1
    count, begin, found = columns.shape[1], 0, []
    while begin < count:
        place = np.searchsorted(turns, begin, side="right")
        end = int(turns[place]) if place < len(turns) else count - 1
        moved = steps[:, begin] if end > begin else np.zeros(3, np.int64)
        found.append([end - begin + 1, *np.stack([columns[:, begin], moved], axis=1).ravel().tolist()])
        begin = end + 1
    return found


def _are_names(names: Any) -> bool:
    texts = isinstance(names, list) and 0 < len(names) <= MOST_WEIGHTS and all(isinstance(name, str) for name in names)
    return texts and len(set(names)) == len(names)


def _are_sizes(sizes: Any, count: int) -> bool:
    numbers = isinstance(sizes, list) and len(sizes) == count and all(type(size) is int and size >= 0 for size in sizes)
    return numbers and sum(sizes) <= MOST_NUMBERS


def _refusal(where: str) -> ModelFileError:
    return ModelFileError("is no map of constants", where=where, do="export the model again")
