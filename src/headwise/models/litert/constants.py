"""Where a network's weights lie in its LiteRT file, so that retrained ones can be written there without a converter.

The converter transposes, splits, adds and stores weights more than once. Instead of knowing its rules, the map is
found by value: the network is converted with random weights, and every constant of the file is looked up among the
weights and the sums of two weights of equal shape (an LSTM's two biases).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from headwise.errors import ModelFileError

NONE = -1


@dataclass(frozen=True)
class ConstantMap:
    """For each patched float of the file: where it is and which weights it is the sum of.

    Attributes
    ----------
    names : tuple of str
        Weights in the order in which they are laid one behind the other.
    sizes : tuple of int
        Elements of each weight.
    offsets : int64 [n]
        Byte offset in the file of each float32.
    first, second : int32 [n]
        Positions in the laid-out weights; ``second`` is -1 where the constant is one weight alone.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    offsets: np.ndarray
    first: np.ndarray
    second: np.ndarray

    def write(self, file: bytes, weights: dict[str, np.ndarray]) -> bytes:
        """Return `file` with the constants of `weights`.

        Raises
        ------
        ModelFileError
            Where a weight is missing, has another size, or the map points outside the file.
        """
        flat = lay_out(weights, self.names)
        if len(flat) != sum(self.sizes) or any(weights[n].size != s for n, s in zip(self.names, self.sizes, strict=True)):
            raise ModelFileError("weights have other shapes than the LiteRT file was made for", do="export it again")
        if len(self.offsets) and (self.offsets.min() < 0 or self.offsets.max() + 4 > len(file) or self.offsets.min() % 4):
            raise ModelFileError("the map of constants points outside the LiteRT file", do="export it again")
        values = flat[self.first] + np.where(self.second == NONE, np.float32(0), flat[self.second])
        padded = np.frombuffer(bytearray(file) + bytes(-len(file) % 4), np.float32).copy()
        padded[self.offsets // 4] = values
        return padded.tobytes()[: len(file)]


def lay_out(weights: dict[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray:
    """Return the weights of `names` one behind the other, float32.

    Raises
    ------
    ModelFileError
        Where one is missing.
    """
    missing = [name for name in names if name not in weights]
    if missing:
        raise ModelFileError(f"weights lack {missing[0]}", do="export the model again")
    return np.concatenate([np.asarray(weights[name], np.float32).ravel() for name in names])


def find(buffers: list[tuple[int, np.ndarray]], weights: dict[str, np.ndarray], fixed: list[np.ndarray]) -> ConstantMap:
    """Find the weights among a file's constants.

    Parameters
    ----------
    buffers : list of (byte offset, float32 array)
        Constants of the file that was converted with `weights`.
    weights : dict of str to array
        Random values, nearly all different.
    fixed : list of float32 arrays
        The same constants when converted with other weights: what is equal there does not depend on weights.

    Raises
    ------
    ModelFileError
        Where a constant depends on the weights in another way than as one of them or the sum of two.
    """
    names = tuple(sorted(weights))
    flat = lay_out(weights, names)
    sums, pairs = _sums(weights, names)
    values = np.concatenate([flat, sums])
    first = np.concatenate([np.arange(len(flat)), pairs[:, 0]])
    second = np.concatenate([np.full(len(flat), NONE), pairs[:, 1]])
    order = np.argsort(values, kind="stable")
    offsets, found = [], []
    for (offset, buffer), other in zip(buffers, fixed, strict=True):
        at = np.flatnonzero(buffer != other)
        place = np.searchsorted(values[order], buffer[at]).clip(max=len(values) - 1)
        if np.any(values[order][place] != buffer[at]):
            raise ModelFileError("a constant of the converted file is no weight and no sum of two", do="export it anew after retraining")
        offsets.append(offset + 4 * at)
        found.append(order[place])
    chosen = np.concatenate(found) if found else np.zeros(0, np.int64)
    every = np.concatenate(offsets) if offsets else np.zeros(0, np.int64)
    sizes = tuple(int(weights[name].size) for name in names)
    return ConstantMap(names, sizes, every.astype(np.int64), first[chosen].astype(np.int32), second[chosen].astype(np.int32))


def _sums(weights: dict[str, np.ndarray], names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the elementwise sums of one-dimensional weights of equal length, and the two positions of each."""
    starts = dict(zip(names, np.cumsum([0, *(weights[n].size for n in names)]), strict=False))
    vectors = [n for n in names if weights[n].ndim == 1]
    sums: list[np.ndarray] = [np.zeros(0, np.float32)]
    pairs: list[np.ndarray] = [np.zeros((0, 2), np.int64)]
    for a, b in combinations(vectors, 2):
        if weights[a].shape == weights[b].shape:
            sums.append(np.asarray(weights[a] + weights[b], np.float32))
            steps = np.arange(weights[a].size)
            pairs.append(np.stack([starts[a] + steps, starts[b] + steps], 1))
    return np.concatenate(sums), np.concatenate(pairs)
