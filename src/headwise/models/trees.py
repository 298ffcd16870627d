"""Decision trees in the packet core: a compact form, and what its leaves add up to."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from headwise import native

LEAF, MISSING = np.uint32(1 << 31), np.uint32(1 << 30)
NODE = np.dtype([("threshold", "<f4"), ("column", "<u4"), ("yes", "<u4"), ("no", "<u4")])
VALUE = np.dtype([("kind", "<u4"), ("weight", "<f4")])
MOST_COLUMNS = 1 << 30


@dataclass(frozen=True, eq=False)
class Trees:
    """Trees one after the other, in 16 bytes a node and 8 for each class that a leaf adds to.

    Attributes
    ----------
    nodes : array of `NODE`
        A value of the row not above `threshold` goes to the node `yes`, and a missing one where `column` has the bit `MISSING`. A leaf
        (bit `LEAF`) adds `values[yes:no]`.
    values : array of `VALUE`
        What leaves add to classes.
    roots : uint32 array
        The first node of each tree.
    columns, kinds : int
        Width of the rows and of the sums.
    """

    nodes: np.ndarray
    values: np.ndarray
    roots: np.ndarray
    columns: int
    kinds: int

    def __post_init__(self) -> None:
        """Check that the core can follow them: it does not check itself.

        Raises
        ------
        ValueError
            Where a tree leads out of bounds or has no end.
        """
        column, yes, no = (self.nodes[name] for name in ("column", "yes", "no"))
        leaf = (column & LEAF) != 0
        own = np.arange(len(self.nodes))
        inner = ~leaf
        ahead = (yes > own) & (no > own) & (yes < len(own)) & (no < len(own))
        if not ahead[inner].all():
            raise ValueError("a branch does not lead ahead")
        if not ((yes <= no) & (no <= len(self.values)))[leaf].all():
            raise ValueError("a leaf holds values that are not there")
        if not ((column & ~(LEAF | MISSING))[inner] < self.columns).all():
            raise ValueError("a branch looks at a column that is not there")
        if not (self.values["kind"] < self.kinds).all() or not (self.roots < len(own)).all():
            raise ValueError("a class or a tree is not there")

    def sums(self, rows: np.ndarray) -> np.ndarray:
        """Return what the leaves say of rows (n x columns, NaN where missing), added up: float32, n x kinds."""
        rows = np.ascontiguousarray(rows, np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.columns:
            raise ValueError(f"rows of {self.columns} columns are needed, not an array of the shape {rows.shape}")
        found = np.zeros((len(rows), self.kinds), np.float32)
        own = (self.nodes.ctypes.data, self.values.ctypes.data, self.roots.ctypes.data, len(self.roots))
        _kernel()(*own, rows.ctypes.data, len(rows), self.columns, found.ctypes.data, self.kinds)
        return found


@functools.cache
def _kernel() -> Any:
    from ctypes import c_uint64, c_void_p

    kernel = native.library().hw_trees_sum
    kernel.restype = None
    kernel.argtypes = [c_void_p, c_void_p, c_void_p, c_uint64, c_void_p, c_uint64, c_uint64, c_void_p, c_uint64]
    return kernel
