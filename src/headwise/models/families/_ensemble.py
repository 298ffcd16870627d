"""Trees as an ONNX graph.

Written here and not by a converter for three reasons, each tested: thresholds are rounded so that float32 rows take
the branch that they take in training; leaves keep only the classes that they hold (a router has no memory for
40 zeros a leaf); and a missing value goes where the trained tree sends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

OPSET, TREE_OPSET, IR_VERSION = 17, 3, 8


@dataclass(frozen=True)
class Tree:
    """One binary tree of m nodes, the root first.

    Attributes
    ----------
    feature : int array of m
        Column that a node looks at.
    threshold : float64 array of m
        A value not above it goes to `yes`.
    yes, no : int array of m
        Next nodes; -1 in leaves.
    missing : bool array of m
        Whether a missing value goes to `yes`.
    value : float64 array of m x classes
        What a leaf adds to each class.
    """

    feature: np.ndarray
    threshold: np.ndarray
    yes: np.ndarray
    no: np.ndarray
    missing: np.ndarray
    value: np.ndarray


def round_down(threshold: np.ndarray) -> np.ndarray:
    """Return the largest float32 not above each float64, which splits float32 values in the same way."""
    with np.errstate(over="ignore"):  # beyond float32 nothing is split off
        rounded = threshold.astype(np.float32)
    above = rounded.astype(np.float64) > threshold
    rounded[above] = np.nextafter(rounded[above], np.float32(-np.inf))
    return rounded


def graph_of(trees: Iterable[Tree], columns: int, classes: int, *, after: str = "NONE", base: list[float] | None = None) -> bytes:
    """Return an ONNX model whose output, `probabilities`, is the sum of the trees' values.

    Parameters
    ----------
    trees : iterable of Tree
        At least one.
    columns, classes : int
        Width of the rows, and of the probabilities.
    after : str
        What is applied to the sums: ``NONE`` or ``SOFTMAX``.
    base : list of float, optional
        Added to the sums of each class.
    """
    return _model([_node(trees, "probabilities", classes, after, base)], columns, classes)


def graph_of_two(first: Iterable[Tree], second: Iterable[Tree], spread: np.ndarray, columns: int) -> bytes:
    """Return an ONNX model that multiplies two sums of trees: ``(first @ spread) * second``.

    Parameters
    ----------
    first, second : iterable of Tree
        At least one each.
    spread : float32 array of classes x classes
        What of the first sums each class gets.
    columns : int
        Width of the rows.
    """
    from onnx import helper, numpy_helper

    classes = len(spread)
    nodes = [
        _node(first, "whole", classes, "NONE", None),
        _node(second, "shares", classes, "NONE", None),
        helper.make_node("MatMul", ["whole", "spread"], ["groups"]),
        helper.make_node("Mul", ["groups", "shares"], ["probabilities"]),
    ]
    return _model(nodes, columns, classes, [numpy_helper.from_array(spread.astype(np.float32), "spread")])


def _node(trees: Iterable[Tree], output: str, classes: int, after: str, base: list[float] | None) -> Any:
    from onnx import helper

    attributes = _attributes(trees)
    if base is not None:
        attributes["base_values"] = base
    # As a regressor of one target a class: the classifier has rules of its own for two classes.
    return helper.make_node(
        "TreeEnsembleRegressor", ["rows"], [output], domain="ai.onnx.ml", n_targets=classes, post_transform=after, **attributes
    )


def _model(nodes: list[Any], columns: int, classes: int, constants: list[Any] | None = None) -> bytes:
    from onnx import TensorProto, helper

    graph = helper.make_graph(
        nodes,
        "headwise",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, columns])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, classes])],
        constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", TREE_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="headwise")
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _attributes(trees: Iterable[Tree]) -> dict[str, Any]:
    parts = [_of_one(number, tree) for number, tree in enumerate(trees)]
    return {name: [item for part in parts for item in part[name]] for name in parts[0]}


def _of_one(number: int, tree: Tree) -> dict[str, list[Any]]:
    leaf = tree.yes < 0
    inner = ~leaf
    node, kind = np.nonzero(np.where(leaf[:, None], tree.value, 0))
    return {
        "nodes_treeids": [number] * len(leaf),
        "nodes_nodeids": list(range(len(leaf))),
        "nodes_featureids": (tree.feature * inner).tolist(),
        "nodes_values": (round_down(tree.threshold) * inner).tolist(),
        "nodes_modes": ["LEAF" if is_leaf else "BRANCH_LEQ" for is_leaf in leaf],
        "nodes_truenodeids": (tree.yes * inner).tolist(),
        "nodes_falsenodeids": (tree.no * inner).tolist(),
        "nodes_missing_value_tracks_true": (tree.missing & inner).astype(int).tolist(),
        "target_treeids": [number] * len(node),
        "target_nodeids": node.tolist(),
        "target_ids": kind.tolist(),
        "target_weights": tree.value[node, kind].tolist(),
    }
