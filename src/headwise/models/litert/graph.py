"""What a LiteRT file would run, read from its bytes before the interpreter sees them: operators, inputs, outputs.

The interpreter trusts a file: an index out of range there is memory out of range. Here every reference, size and type is
checked against the file, and every operator against the forms that our networks have.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from headwise.errors import ModelFileError
from headwise.models.litert.flatbuffer import BrokenBuffer, Reader, Table
from headwise.models.litert.forms import check_form
from headwise.models.litert.schema import FLOAT32, IDENTIFIER, OPERATORS, SIZES, TABLES
from headwise.models.operators import Graph, Value

MOST_OPERATORS = 20_000
MOST_DIMENSIONS = 6
MOST_NUMBERS = 1 << 24
"""Of one tensor."""
MOST_BYTES = 1 << 28
"""Of all tensors."""
ABSENT = -1


@dataclass(frozen=True)
class Tensor:
    """A tensor of a file.

    Attributes
    ----------
    shape : tuple of int
    type : int
        As in `headwise.models.litert.schema.SIZES`.
    start, size : int
        Where its bytes are in the file; no bytes where it is computed.
    """

    shape: tuple[int, ...]
    type: int
    start: int
    size: int

    @property
    def constant(self) -> bool:
        """Whether its numbers are in the file."""
        return self.size > 0


def read_litert(content: bytes, where: str) -> Graph:
    """Read and check a LiteRT file.

    Parameters
    ----------
    content : bytes
        The file.
    where : str
        File to name in an error.

    Raises
    ------
    ModelFileError
        Where it is no LiteRT file or holds something that is not allowed.
    """
    return read_network(content, where)[0]


def read_network(content: bytes, where: str) -> tuple[Graph, tuple[Tensor, ...]]:
    """Read and check a LiteRT file; return its tensors too."""
    try:
        return _network(content)
    except (BrokenBuffer, UnicodeDecodeError, struct.error) as error:
        what = f"is no LiteRT file of a network: {error}" if isinstance(error, BrokenBuffer) else "is no whole LiteRT file"
        raise ModelFileError(what, where=where, do="use a model file that headwise wrote") from error


def _network(content: bytes) -> tuple[Graph, tuple[Tensor, ...]]:
    if content[4:8] != IDENTIFIER:
        raise BrokenBuffer("it does not begin as one")
    model = Reader(content, TABLES).root("Model")
    codes = [_code(each) for each in model.tables(1)]
    buffers = [_span(each, len(content)) for each in model.tables(4)]
    graphs = model.tables(2)
    if model.number(0) != 3 or len(graphs) != 1 or not buffers or buffers[0][1]:
        raise BrokenBuffer("it is not of version 3 with one graph")
    (graph,) = graphs
    tensors = tuple(_tensor(each, buffers) for each in graph.tables(0))
    if sum(math.prod(each.shape) * SIZES[each.type] for each in tensors) > MOST_BYTES:
        raise BrokenBuffer(f"its tensors take more than {MOST_BYTES >> 20} MB")
    _check_names(model, tensors, len(buffers))
    inputs, outputs = graph.numbers(1), graph.numbers(2)
    ran = _check_order(graph, codes, tensors, content)
    given = [(_value(inputs, tensors, "input")), (_value(outputs, tensors, "output"))]
    return Graph(frozenset(("litert", name) for name in ran), (given[0],), (given[1],)), tensors


def _code(table: Table) -> int:
    # Numbers over 127 stand in the later field, smaller ones in both or the earlier.
    code = max(table.number(0), table.number(3))
    if code not in OPERATORS:
        raise BrokenBuffer(f"it runs the operator {code}, which no network of ours needs")
    return code


def _span(table: Table, whole: int) -> tuple[int, int]:
    start, size = table.span(0)
    if table.number(1) > 1:
        # The quantizer keeps large constants behind everything else.
        if size:
            raise BrokenBuffer("a constant in two places")
        start, size = table.number(1), table.number(2)
    if start + size > whole:
        raise BrokenBuffer("a constant outside the file")
    return start, size


def _tensor(table: Table, buffers: Sequence[tuple[int, int]]) -> Tensor:
    shape, kind, buffer = table.numbers(0), table.number(1), table.number(2)
    if len(shape) > MOST_DIMENSIONS or any(size < 1 for size in shape) or math.prod(shape) > MOST_NUMBERS:
        raise BrokenBuffer(f"a tensor of shape {shape[:MOST_DIMENSIONS]}")
    if kind not in SIZES or buffer >= len(buffers):
        raise BrokenBuffer("a tensor of a type or place that no network of ours has")
    start, size = buffers[buffer]
    if size and size != math.prod(shape) * SIZES[kind]:
        raise BrokenBuffer(f"a tensor of {size} bytes where its shape needs {math.prod(shape) * SIZES[kind]}")
    if size and start % SIZES[kind]:
        raise BrokenBuffer("a constant that is not aligned")
    if scales := table.table(4):
        _check_scales(scales, shape)
    return Tensor(shape, kind, start, size)


def _check_scales(table: Table, shape: tuple[int, ...]) -> None:
    scales, zeros, axis = table.numbers(2), table.numbers(3), table.number(6)
    if not scales and not zeros:
        return
    if len(scales) != len(zeros) or not 0 <= axis < max(len(shape), 1) or len(scales) not in (1, *shape[axis : axis + 1]):
        raise BrokenBuffer("scales that are not one a channel")
    if not all(math.isfinite(scale) and scale > 0 for scale in scales) or any(abs(zero) > 128 for zero in zeros):
        raise BrokenBuffer("scales that are no scales")


def _check_names(model: Table, tensors: Sequence[Tensor], buffers: int) -> None:
    if any(each.number(1) >= buffers for each in model.tables(6)):
        raise BrokenBuffer("a note in no place")
    for signature in model.tables(7):
        if signature.number(4) or any(each.number(1) >= len(tensors) for each in (*signature.tables(0), *signature.tables(1))):
            raise BrokenBuffer("a signature of tensors that are not there")


def _value(indices: Sequence[int], tensors: Sequence[Tensor], name: str) -> Value:
    if len(indices) != 1 or tensors[indices[0]].type != FLOAT32:
        raise BrokenBuffer(f"its {name} is not one tensor of 32-bit numbers")
    return Value(name, tensors[indices[0]].shape)


def _check_order(graph: Table, codes: Sequence[int], tensors: Sequence[Tensor], content: bytes) -> set[str]:
    """Check that each operator takes what is there before it and gives what nothing gave yet; return the operators' names."""
    operators, inputs, outputs = graph.tables(3), graph.numbers(1), graph.numbers(2)
    if len(operators) > MOST_OPERATORS or not all(0 <= index < len(tensors) for index in (*inputs, *outputs)):
        raise BrokenBuffer("too many operators, or inputs and outputs that are not there")
    ready = {index for index, tensor in enumerate(tensors) if tensor.constant}
    if ready.intersection(inputs):
        raise BrokenBuffer("an input that is constant")
    ready |= set(inputs)
    ran = set()
    for operator in operators:
        code, takes, gives = operator.number(0), operator.numbers(1), operator.numbers(2)
        if code >= len(codes) or len(gives) != 1 or not 0 <= gives[0] < len(tensors) or gives[0] in ready:
            raise BrokenBuffer("an operator that gives what it cannot")
        if not {index for index in takes if index != ABSENT} <= ready:
            raise BrokenBuffer("an operator that takes what is not there yet")
        form = OPERATORS[codes[code]]
        check_form(form, operator, [tensors[index] if index != ABSENT else None for index in takes], tensors[gives[0]], content)
        ready.add(gives[0])
        ran.add(form.name)
    if not set(outputs) <= ready - {index for index, tensor in enumerate(tensors) if tensor.constant}:
        raise BrokenBuffer("an output that nothing gives")
    return ran
