"""What an ONNX graph would run, read from its bytes before anything is run: operators, inputs, outputs.

ONNX is a protocol-buffers message; this walks the few fields that matter (numbers from onnx.proto of ONNX 1.x) and
needs no ONNX package. Graphs with functions, training parts, sub-graphs, other domains or data in other files are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from headwise.errors import ModelFileError
from headwise.models.protobuf import RUNS, fields, inside, message

MOST_NODES = 10_000

# Operators that our families export to, by domain. None reads files, loops or holds code.
_GENERAL = """
Abs Add ArgMax BatchNormalization Cast Clip Concat Constant ConstantOfShape Conv Div Dropout Equal Exp Expand Flatten Gather Gemm
GlobalAveragePool GlobalMaxPool Identity IsNaN LSTM Log LogSoftmax MatMul Max MaxPool Min Mul Not Pad Pow ReduceMax ReduceMean
ReduceSum Relu Reshape Shape Sigmoid Sign Slice Softmax Split Sqrt Squeeze Sub Tanh Transpose Unsqueeze Where
"""
_TREES = "ArrayFeatureExtractor Imputer Normalizer Scaler TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor"
ALLOWED: dict[str, frozenset[str]] = {"": frozenset(_GENERAL.split()), "ai.onnx.ml": frozenset(_TREES.split())}


@dataclass(frozen=True)
class Value:
    """An input or output: its name and its dimensions, None where they are left open."""

    name: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True)
class Graph:
    """What a graph takes, runs and gives."""

    operators: frozenset[tuple[str, str]]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]


def read_graph(content: bytes, where: str) -> Graph:
    """Read and check an ONNX model.

    Parameters
    ----------
    content : bytes
        The model.
    where : str
        File to name in an error.

    Raises
    ------
    ModelFileError
        Where it is no ONNX model or holds something that is not allowed.
    """
    try:
        return _model(content, where)
    except (IndexError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _refusal(where, "is no whole ONNX model") from error


def _model(content: bytes, where: str) -> Graph:
    graphs = []
    for number, value in fields(content):
        if number == 7:
            graphs.append(message(value))
        elif number in (20, 25):
            raise _refusal(where, "holds functions or training parts")
    if len(graphs) != 1:
        raise _refusal(where, f"holds {len(graphs)} graphs instead of one")
    return _graph(graphs[0], where)


def _graph(content: bytes, where: str) -> Graph:
    operators: set[tuple[str, str]] = set()
    nodes, named, inputs, outputs = 0, set(), [], []
    for number, value in fields(content):
        if number == 1:
            nodes += 1
            operators.add(_node(message(value), where))
        elif number == 5:
            named.add(_tensor(message(value), where))
        elif number == 15:
            raise _refusal(where, "holds sparse constants")
        elif number == 11:
            inputs.append(_value(message(value)))
        elif number == 12:
            outputs.append(_value(message(value)))
    if nodes > MOST_NODES:
        raise _refusal(where, f"holds {nodes} operators, more than {MOST_NODES}")
    return Graph(frozenset(operators), tuple(each for each in inputs if each.name not in named), tuple(outputs))


def _node(content: bytes, where: str) -> tuple[str, str]:
    operator, domain = "", ""
    for number, value in fields(content):
        if number == 4:
            operator = message(value).decode()
        elif number == 7:
            domain = message(value).decode()
        elif number == 5:
            _attribute(message(value), where)
    if operator not in ALLOWED.get(domain, ()):
        raise _refusal(where, f"runs the operator '{domain or 'ai.onnx'}.{operator}', which no model of ours needs")
    return domain, operator


def _attribute(content: bytes, where: str) -> None:
    for number, value in fields(content, runs=RUNS):
        if number in (6, 11):
            raise _refusal(where, "holds a graph inside an operator")
        if number in (5, 10):
            _tensor(message(value), where)
        elif number in (22, 23):
            raise _refusal(where, "holds sparse constants")


def _tensor(content: bytes, where: str) -> str:
    name = ""
    for number, value in fields(content):
        if number == 8:
            name = message(value).decode()
        elif number == 13 or (number == 14 and value != 0):
            raise _refusal(where, "keeps data in another file")
    return name


def _value(content: bytes) -> Value:
    """Read name and shape: type (2) holds tensor (1) holds shape (2) holds dimensions (1) hold a number (1) or a name (2)."""
    name, shape = "", []
    for number, value in fields(content):
        if number == 1:
            name = message(value).decode()
        elif number == 2:
            for dimension in inside(_inside_one(_inside_one(message(value), 1), 2), 1):
                size = [part for inner, part in fields(dimension) if inner == 1]
                shape.append(int(size[0]) if size else None)
    return Value(name, tuple(shape))


def _inside_one(content: bytes, wanted: int) -> bytes:
    return next(inside(content, wanted), b"")


def _refusal(where: str, what: str) -> ModelFileError:
    return ModelFileError(what, where=where, do="use a model file that headwise train wrote")
