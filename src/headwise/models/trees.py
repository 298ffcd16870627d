"""Decision trees in the packet core: a compact form, and what its leaves add up to."""

from __future__ import annotations

import ctypes
import functools
from dataclasses import dataclass, field

import numpy as np

from headwise import native

LEAF, MISSING = np.uint32(1 << 31), np.uint32(1 << 30)
NODE = np.dtype([("threshold", "<f4"), ("column", "<u4"), ("yes", "<u4"), ("no", "<u4")])
VALUE = np.dtype([("kind", "<u4"), ("weight", "<f4")])
# What the core finds wrong with trees, by its number.
FAULTS = (
    None,
    "a branch does not lead ahead",
    "a branch looks at a column that is not there",
    "a leaf holds values that are not there",
    "a value is of a class that is not there",
    "a tree has no root",
)


class HwTrees(ctypes.Structure):
    """Mirrors hw_trees."""

    _fields_ = (
        ("nodes", ctypes.c_void_p),
        ("values", ctypes.c_void_p),
        ("roots", ctypes.c_void_p),
        ("node_count", ctypes.c_uint64),
        ("value_count", ctypes.c_uint64),
        ("root_count", ctypes.c_uint64),
        ("columns", ctypes.c_uint64),
        ("kinds", ctypes.c_uint64),
    )


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
    _view: HwTrees = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Check that the core can follow them: it does not look again when it sums.

        Raises
        ------
        ValueError
            Where a tree leads out of bounds or has no end.
        """
        arrays = (_flat(self.nodes, NODE), _flat(self.values, VALUE), _flat(self.roots, np.dtype("<u4")))
        view = HwTrees(*(each.ctypes.data for each in arrays), *map(len, arrays), self.columns, self.kinds)
        fault = FAULTS[_core().hw_trees_check(view)]
        if fault:
            raise ValueError(fault)
        for name, value in zip(("nodes", "values", "roots", "_view"), (*arrays, view), strict=True):
            object.__setattr__(self, name, value)

    def sums(self, rows: np.ndarray) -> np.ndarray:
        """Return what the leaves say of rows (n x columns, NaN where missing), added up: float32, n x kinds."""
        rows = np.ascontiguousarray(rows, np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.columns:
            raise ValueError(f"rows of {self.columns} columns are needed, not an array of the shape {rows.shape}")
        found = np.zeros((len(rows), self.kinds), np.float32)
        _core().hw_trees_sum(self._view, rows.ctypes.data, len(rows), found.ctypes.data)
        return found


def _flat(array: np.ndarray, kind: np.dtype) -> np.ndarray:
    """Return an array as the core reads it: one element beside the other."""
    if array.dtype != kind or array.ndim != 1:
        raise ValueError(f"a list of {kind} is needed, not of {array.dtype} in the shape {array.shape}")
    return np.require(array, requirements=["C", "A"])


@functools.cache
def _core() -> ctypes.CDLL:
    core = native.library()
    core.hw_trees_check.restype, core.hw_trees_check.argtypes = ctypes.c_uint32, [ctypes.POINTER(HwTrees)]
    core.hw_trees_sum.restype = None
    core.hw_trees_sum.argtypes = [ctypes.POINTER(HwTrees), ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p]
    return core
