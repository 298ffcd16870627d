"""Whether an operator of a LiteRT file is used as our networks use it: options, types, and the shapes it trusts."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from headwise.models.litert.flatbuffer import BrokenBuffer, Table
from headwise.models.litert.schema import BOOL, FLOAT32, INT8, INT32, Form

if TYPE_CHECKING:
    from headwise.models.litert.graph import Tensor

MOST_STEP = 64
"""Largest stride, dilation, window or multiplier."""
LAST_ACTIVATION = 4
"""None, ReLU, ReLU to 1, ReLU to 6, tanh."""


def check_form(form: Form, operator: Table, takes: Sequence[Tensor | None], gives: Tensor, content: bytes) -> None:
    """Check one operator.

    Parameters
    ----------
    form : Form
        How it may be used.
    operator : Table
        As the file has it.
    takes, gives : Tensor
        Its inputs, None for one that is left out, and its output.
    content : bytes
        The file.

    Raises
    ------
    BrokenBuffer
        Where it is used otherwise.
    """
    if len(takes) not in form.inputs or any(takes[index] is not None and not takes[index].constant for index in form.constant):  # type: ignore[union-attr]
        raise BrokenBuffer(f"{form.name} with other inputs than it has here")
    # The bias of a layer may be left out; nothing else may.
    if any(tensor is None and not (place == 2 and form.name in _LAYERS) for place, tensor in enumerate(takes)):
        raise BrokenBuffer(f"{form.name} without an input")
    given = [tensor for tensor in takes if tensor is not None]
    options = _options(form, operator)
    _check_types(form, given, gives)
    if form.name in _CHECKS:
        _CHECKS[form.name](_Use(form, options, given, gives, content))


class _Use:
    """An operator with its options, inputs, output and the file."""

    def __init__(self, form: Form, options: Table | None, takes: Sequence[Tensor], gives: Tensor, content: bytes) -> None:
        self.form, self.options, self.takes, self.gives, self._content = form, options, takes, gives, content

    def option(self, number: int, default: int = 0) -> int:
        return self.options.number(number, default) if self.options else default

    def places(self, index: int) -> tuple[int, ...]:
        """Return the numbers of a constant list of places."""
        if self.takes[index].type != INT32 or len(self.takes[index].shape) != 1:
            raise BrokenBuffer(f"{self.form.name} by what is no list of places")
        return self.numbers(index)

    def numbers(self, index: int) -> tuple[int, ...]:
        """Return the numbers of a constant of whole numbers."""
        tensor = self.takes[index]
        return struct.unpack_from(f"<{tensor.size // 4}i", self._content, tensor.start)

    def require(self, holds: bool) -> None:
        if not holds:
            raise BrokenBuffer(f"{self.form.name} of shapes or options that do not fit")


def _options(form: Form, operator: Table) -> Table | None:
    kind, options = operator.number(3), operator.union(4, form.options)
    if kind not in (0, form.option_type) or (kind == 0) != (options is None):
        raise BrokenBuffer(f"{form.name} with the options of another")
    return options


def _check_types(form: Form, takes: Sequence[Tensor], gives: Tensor) -> None:
    types = [tensor.type for tensor in takes]
    # Whole numbers are places of embedded things, and what they are reckoned from.
    number = INT32 if form.name in _WHOLE and types[0] == INT32 else FLOAT32
    if form.name in ("SELECT", "SELECT_V2"):
        expected, result = [BOOL, FLOAT32, FLOAT32], FLOAT32
    elif form.name in ("EQUAL", "NOT_EQUAL"):
        expected, result = [number, number], BOOL
    elif form.name == "CAST":
        expected, result = ([BOOL], FLOAT32) if types == [BOOL] else ([FLOAT32], INT32)
    elif form.name == "EMBEDDING_LOOKUP":
        expected, result = [INT32, INT8 if types[1] == INT8 else FLOAT32], FLOAT32
    elif form.name in _BY_PLACES:
        expected, result = [number] + [INT32] * (len(types) - 1), number
    elif form.name in _LAYERS and types[1] == INT8:
        expected, result = [FLOAT32, INT8, FLOAT32][: len(types)], FLOAT32
    else:
        expected, result = [number] * len(types), number
    if types != expected or gives.type != result or (gives.constant):
        raise BrokenBuffer(f"{form.name} of types that it has not here")


def _reshape(use: _Use) -> None:
    use.require(math.prod(use.takes[0].shape) == math.prod(use.gives.shape) and use.places(1) == use.gives.shape)


def _transpose(use: _Use) -> None:
    shape, order = use.takes[0].shape, use.places(1)
    use.require(sorted(order) == list(range(len(shape))))
    use.require(use.gives.shape == tuple(shape[axis] for axis in order))


def _slice(use: _Use) -> None:
    shape, begin, size = use.takes[0].shape, use.places(1), use.places(2)
    use.require(len(begin) == len(size) == len(shape) == len(use.gives.shape))
    for whole, first, count, given in zip(shape, begin, size, use.gives.shape, strict=True):
        taken = whole - first if count == -1 else count
        use.require(first >= 0 and taken >= 1 and first + taken <= whole and given == taken)


def _gather(use: _Use) -> None:
    rows, places = use.takes[0].shape, use.takes[1]
    use.require(len(places.shape) == 2 and places.shape[1] == 1 and len(rows) >= 1 and use.gives.shape == (places.shape[0], *rows[1:]))
    use.require(all(0 <= place < rows[0] for place in use.numbers(1)))


def _embedding(use: _Use) -> None:
    # Which row is looked up is reckoned; LiteRT refuses one that is not there.
    places, table = use.takes[0].shape, use.takes[1].shape
    use.require(len(places) == 1 and len(table) == 2 and use.gives.shape == (places[0], table[1]))


def _reduce(use: _Use) -> None:
    shape, axes = use.takes[0].shape, use.places(1)
    use.require(len(set(axes)) == len(axes) and all(0 <= axis < len(shape) for axis in axes))
    kept = [1 if axis in axes else size for axis, size in enumerate(shape) if use.option(0) or axis not in axes]
    use.require(use.gives.shape == tuple(kept))


def _concatenation(use: _Use) -> None:
    rank = len(use.gives.shape)
    axis = use.option(0)
    use.require(-rank <= axis < rank and use.option(1) == 0 and all(len(tensor.shape) == rank for tensor in use.takes))
    axis %= rank
    use.require(sum(tensor.shape[axis] for tensor in use.takes) == use.gives.shape[axis])
    for tensor in use.takes:
        use.require(all(a == b for place, (a, b) in enumerate(zip(tensor.shape, use.gives.shape, strict=True)) if place != axis))


def _fully_connected(use: _Use) -> None:
    rows, weights = use.takes[0].shape, use.takes[1].shape
    use.require(len(weights) == 2 and len(rows) >= 1 and rows[-1] == weights[1] and use.gives.shape[-1:] == weights[:1])
    use.require(math.prod(use.gives.shape) // weights[0] == math.prod(rows) // weights[1])
    _bias(use, weights[0])
    use.require(0 <= use.option(0) <= LAST_ACTIVATION)


def _convolution(use: _Use) -> None:
    rows, weights, given = use.takes[0].shape, use.takes[1].shape, use.gives.shape
    separate = use.form.name == "DEPTHWISE_CONV_2D"
    use.require(len(rows) == len(weights) == len(given) == 4)
    filters = weights[3] if separate else weights[0]
    use.require(weights[0] == 1 and filters == rows[3] * use.option(3, 1) if separate else weights[3] == rows[3])
    use.require(given[0] == rows[0] and given[3] == filters)
    activation, dilations = (4, (5, 6)) if separate else (3, (4, 5))
    steps = [use.option(1), use.option(2), *(use.option(number, 1) for number in dilations), *([use.option(3)] if separate else [])]
    use.require(use.option(0) in (0, 1) and all(1 <= step <= MOST_STEP for step in steps))
    use.require(0 <= use.option(activation) <= LAST_ACTIVATION)
    for axis, (stride, dilation) in zip((2, 1), ((use.option(1), steps[2]), (use.option(2), steps[3])), strict=True):
        use.require(given[axis] == _given(rows[axis], weights[axis], stride, dilation, same=use.option(0) == 0))
    _bias(use, filters)


def _pool(use: _Use) -> None:
    rows, given = use.takes[0].shape, use.gives.shape
    use.require(len(rows) == len(given) == 4 and rows[0] == given[0] and rows[3] == given[3])
    steps = [use.option(number) for number in (1, 2, 3, 4)]
    use.require(use.option(0) in (0, 1) and all(1 <= step <= MOST_STEP for step in steps) and 0 <= use.option(5) <= LAST_ACTIVATION)
    for axis, stride, window in ((2, steps[0], steps[2]), (1, steps[1], steps[3])):
        use.require(given[axis] == _given(rows[axis], window, stride, 1, same=use.option(0) == 0))


def _given(size: int, window: int, stride: int, dilation: int, *, same: bool) -> int:
    """Return how many steps a window makes over `size`."""
    if same:
        return -(-size // stride)
    return (size - (window - 1) * dilation - 1) // stride + 1


def _bias(use: _Use, channels: int) -> None:
    if len(use.takes) > 2:
        use.require(math.prod(use.takes[2].shape) == channels)


def _alike(use: _Use) -> None:
    """Check that shapes are equal, or stretch from 1, to that of the output."""
    use.require(all(_stretches(tensor.shape, use.gives.shape) for tensor in use.takes))
    use.require(math.prod(use.gives.shape) == max(math.prod(tensor.shape) for tensor in use.takes))
    use.require(0 <= use.option(0) <= LAST_ACTIVATION)


def _stretches(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    return len(shape) <= len(to) and all(size in (1, whole) for size, whole in zip(shape[::-1], to[::-1], strict=False))


def _same(use: _Use) -> None:
    use.require(all(tensor.shape == use.gives.shape for tensor in use.takes))


_WHOLE = ("ADD", "MUL", "EQUAL", "RESHAPE")
_BY_PLACES = ("RESHAPE", "TRANSPOSE", "SLICE", "GATHER_ND", "SUM", "REDUCE_MAX")
_LAYERS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
_CHECKS: dict[str, Callable[[_Use], None]] = {
    "ADD": _alike,
    "SUB": _alike,
    "MUL": _alike,
    "MAXIMUM": _alike,
    "MINIMUM": _alike,
    "DIV": _alike,
    "EQUAL": _alike,
    "NOT_EQUAL": _alike,
    "SELECT_V2": _alike,
    "SELECT": _same,
    "SOFTMAX": _same,
    "LOGISTIC": _same,
    "TANH": _same,
    "LOG": _same,
    "ABS": _same,
    "SIGN": _same,
    "CAST": _same,
    "EXP": _same,
    "RELU": _same,
    "RELU_0_TO_1": _same,
    "RELU_N1_TO_1": _same,
    "GATHER_ND": _gather,
    "EMBEDDING_LOOKUP": _embedding,
    "SUM": _reduce,
    "REDUCE_MAX": _reduce,
    "RESHAPE": _reshape,
    "TRANSPOSE": _transpose,
    "SLICE": _slice,
    "CONCATENATION": _concatenation,
    "FULLY_CONNECTED": _fully_connected,
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _convolution,
    "MAX_POOL_2D": _pool,
}
