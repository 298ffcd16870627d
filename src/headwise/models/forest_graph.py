"""ONNX graphs of nothing but trees, read for the packet core: a fraction of ONNX Runtime's memory, with the same answers.

The model file stays as it is; tests compare what the trees read here say with ONNX Runtime.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from headwise.errors import ModelFileError
from headwise.models.forest import Forest, Step
from headwise.models.protobuf import RUNS, fields, floats_of, inside, integers_of, leaves_of, message
from headwise.models.trees import LEAF, MISSING, NODE, VALUE, Trees

FLOAT = 1
TREES = ("ai.onnx.ml", "TreeEnsembleRegressor")
# What an attribute's runs hold, by the number of their field.
_READ: dict[int, Callable[[bytes], np.ndarray]] = {7: floats_of, 8: integers_of, 9: leaves_of}
_NODES = ("nodes_nodeids", "nodes_featureids", "nodes_modes", "nodes_values", "nodes_truenodeids", "nodes_falsenodeids")
_MISSING = "nodes_missing_value_tracks_true"
_TARGETS = ("target_treeids", "target_nodeids", "target_ids", "target_weights")
_KNOWN = {"nodes_treeids", *_NODES, _MISSING, *_TARGETS, "n_targets", "post_transform"}
Attributes = dict[str, np.ndarray | int | bytes]


class _Other(Exception):
    """A graph that is not for us."""


def read_forest(content: bytes, columns: int, classes: int, where: str) -> Forest | None:
    """Return the trees of a graph, or None where it holds anything else, which ONNX Runtime is for.

    Parameters
    ----------
    content : bytes
        An ONNX model that `headwise.models.operators` has checked.
    columns, classes : int
        Width of the rows and of the probabilities.
    where : str
        File to name in an error.

    Raises
    ------
    ModelFileError
        Where trees contradict themselves.
    """
    try:
        return _graph(next(inside(content, 7)), columns, classes)
    except _Other:
        return None
    except (ValueError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise ModelFileError(f"holds trees that cannot be: {error}", where=where, do="get the model file again, or train it") from error


def _graph(content: bytes, columns: int, classes: int) -> Forest:
    steps, constants, takes, gives = [], {}, [], []
    for number, value in fields(content):
        if number == 5:
            name, constant = _constant(message(value))
            constants[name] = constant
        elif number == 11:
            takes.append(_name(message(value)))
        elif number == 12:
            gives.append(_name(message(value)))
    rows = next(name for name in takes if name not in constants)
    known = dict.fromkeys(constants, (classes, classes)) | {rows: (None, columns)}
    for node in inside(content, 1):
        step = _step(node, rows, columns, classes)
        shapes = [known.get(name) for name in step.takes]
        if step.trees is None and shapes not in _SHAPES[step.operator](classes):
            raise _Other
        known[step.gives] = (None, classes)
        steps.append(step)
    if not steps or steps[-1].gives != gives[-1] or any(constant.shape != (classes, classes) for constant in constants.values()):
        raise _Other
    return Forest(tuple(steps), constants, rows, gives[-1])


_SHAPES: dict[str, Callable[[int], list[list[tuple[int | None, int] | None]]]] = {
    "MatMul": lambda classes: [[(None, classes), (classes, classes)]],
    "Mul": lambda classes: [[(None, classes), (None, classes)]],
}


def _step(content: bytes, rows: str, columns: int, classes: int) -> Step:
    takes, gives, operator, domain, attributes = [], [], "", "", []
    for number, value in fields(content):
        if number == 1:
            takes.append(message(value).decode())
        elif number == 2:
            gives.append(message(value).decode())
        elif number == 4:
            operator = message(value).decode()
        elif number == 5:
            attributes.append(message(value))
        elif number == 7:
            domain = message(value).decode()
    if len(gives) != 1 or (domain, operator) not in (TREES, ("", "MatMul"), ("", "Mul")):
        raise _Other
    if operator != TREES[1]:
        return Step(operator, tuple(takes), gives[0])
    if takes != [rows]:
        raise _Other
    told = dict(map(_attribute, attributes))
    after = told.get("post_transform", b"NONE")
    if not told.keys() <= _KNOWN or after not in (b"NONE", b"SOFTMAX"):
        raise _Other
    if told["n_targets"] != classes:
        raise ValueError(f"they tell {told['n_targets']!r} classes apart, not {classes}")
    return Step(operator, tuple(takes), gives[0], _trees(told, columns, classes), after == b"SOFTMAX")


def _trees(told: Attributes, columns: int, classes: int) -> Trees:
    tree = _list(told, "nodes_treeids")
    own, feature, leaf, threshold, yes, no = (_list(told, name, len(tree)) for name in _NODES)
    missing = _list(told, _MISSING, len(tree)) if _MISSING in told else np.zeros(len(tree), np.int64)
    roots = np.flatnonzero(np.diff(tree, prepend=tree[:1] - 1))
    first = roots[np.cumsum(np.diff(tree, prepend=tree[:1]) != 0)]
    # Ours stand tree by tree, each from its root on.
    if leaf.dtype != bool or (np.diff(tree) < 0).any() or not np.array_equal(own, np.arange(len(tree)) - first):
        raise _Other
    kinds, ends = _values(told, tree[roots], roots, leaf, classes)
    size = np.diff(roots, append=len(tree))[np.searchsorted(roots, first)]
    inner = ~leaf
    if not ((yes > own) & (no > own) & (yes < size) & (no < size) & (feature >= 0) & (feature < columns))[inner].all():
        raise ValueError("a branch leads back, out of its tree, or to no column")
    nodes = np.zeros(len(tree), NODE)
    nodes["threshold"] = threshold
    nodes["column"] = np.where(leaf, LEAF, feature.astype(np.uint32) | np.where(missing != 0, MISSING, np.uint32(0)))
    nodes["yes"] = np.where(leaf, ends[:-1], first + yes)
    nodes["no"] = np.where(leaf, ends[1:], first + no)
    return Trees(nodes, kinds, roots.astype(np.uint32), columns, classes)


def _values(told: Attributes, names: np.ndarray, roots: np.ndarray, leaf: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what leaves add, in the order of the nodes, and where that of each node begins and the last one's ends."""
    tree = _list(told, "target_treeids")
    own, kind, weight = (_list(told, name, len(tree)) for name in _TARGETS[1:])
    place = np.searchsorted(names, tree)
    if (place >= len(names)).any() or (names[place] != tree).any() or (own < 0).any() or ((kind < 0) | (kind >= classes)).any():
        raise ValueError("a leaf's value is of no tree or no class")
    node = roots[place] + own
    if (node >= np.append(roots[1:], len(leaf))[place]).any() or not leaf[node].all():
        raise ValueError("a value is of no leaf")
    order = np.argsort(node, kind="stable")
    values = np.zeros(len(tree), VALUE)
    values["kind"], values["weight"] = kind[order], weight[order]
    return values, np.concatenate([[0], np.cumsum(np.bincount(node, minlength=len(leaf)))])


def _list(told: Attributes, name: str, length: int | None = None) -> np.ndarray:
    found = told[name]
    if not isinstance(found, np.ndarray) or len(found) != (len(found) if length is None else length) or not len(found):
        raise ValueError(f"'{name}' is no list of the right length")
    return found


def _attribute(content: bytes) -> tuple[str, np.ndarray | int | bytes]:
    name, single, runs = "", None, dict[int, list[np.ndarray]]()
    for number, value in fields(content, runs=RUNS):
        if number == 1:
            name = message(value).decode()
        elif number in (3, 4):
            single = value
        elif number in _READ:
            # What is packed, or a word that no tree of ours has, is no such run.
            if not isinstance(value, bytes) or not RUNS.fullmatch(value):
                raise _Other
            runs.setdefault(number, []).append(_READ[number](value))
        elif number != 20:
            raise _Other
    if single is not None and not runs:
        return name, single
    if single is not None or len(runs) != 1:
        raise _Other
    return name, np.concatenate(next(iter(runs.values())))


def _constant(content: bytes) -> tuple[str, np.ndarray]:
    name, sizes, kind, raw = "", list[int](), 0, b""
    for number, value in fields(content):
        if number == 1 and isinstance(value, int):
            sizes.append(value)
        elif number == 2 and isinstance(value, int):
            kind = value
        elif number == 8:
            name = message(value).decode()
        elif number == 9:
            raw = message(value)
        else:
            raise _Other
    if kind != FLOAT:
        raise _Other
    return name, np.frombuffer(raw, "<f4").reshape(sizes)


def _name(content: bytes) -> str:
    return next(inside(content, 1)).decode()
