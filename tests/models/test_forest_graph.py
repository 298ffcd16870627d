"""ONNX graphs of trees, read for the packet core."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
from onnx import helper  # noqa: E402

from headwise.errors import ModelFileError  # noqa: E402
from headwise.models.families._ensemble import Tree, _attributes, _model, graph_of, graph_of_two  # noqa: E402
from headwise.models.forest import ROWS_AT_ONCE  # noqa: E402
from headwise.models.forest_graph import read_forest  # noqa: E402
from headwise.models.runtime import OnnxRuntime  # noqa: E402

COLUMNS, CLASSES = 300, 7


def tree(random: np.random.Generator, leaves: int = 20) -> Tree:
    """Return a tree of random splits, at whole numbers, whose leaves hold three classes."""
    count = 2 * leaves - 1
    yes, no = np.full(count, -1), np.full(count, -1)
    yes[: leaves - 1] = 2 * np.arange(leaves - 1) + 1
    no[: leaves - 1] = yes[: leaves - 1] + 1
    value = np.zeros((count, CLASSES))
    for node in range(leaves - 1, count):
        value[node, random.choice(CLASSES, 3, replace=False)] = random.dirichlet(np.ones(3)) / 10
    return Tree(random.integers(0, COLUMNS, count), random.integers(-3, 3, count) * 1.0, yes, no, random.random(count) < 0.5, value)


def trees(seed: int) -> list[Tree]:
    """Return ten trees, one of which is a leaf alone."""
    random = np.random.default_rng(seed)
    return [tree(random, 1), *(tree(random) for _ in range(9))]


def rows(count: int) -> np.ndarray:
    """Return rows in which values are thresholds, between two, or missing."""
    random = np.random.default_rng(8)
    found = (random.integers(-8, 8, (count, COLUMNS)) / 2).astype(np.float32)
    found[random.random(found.shape) < 0.2] = np.nan
    return found


@pytest.mark.parametrize(
    "graph",
    [
        graph_of(trees(1), COLUMNS, CLASSES),
        graph_of(trees(2), COLUMNS, CLASSES, after="SOFTMAX"),
        graph_of_two(trees(3), trees(4), np.random.default_rng(5).random((CLASSES, CLASSES)).astype(np.float32), COLUMNS),
    ],
    ids=["sums", "softmax", "two"],
)
def test_trees_say_what_onnx_runtime_says(graph: bytes) -> None:
    """Every graph of trees that families write, to the rounding of a sum."""
    forest = read_forest(graph, COLUMNS, CLASSES, "test")
    assert forest is not None
    asked = rows(2 * ROWS_AT_ONCE + 3)
    found = forest.probabilities(asked)
    assert found.dtype == np.float32
    assert found == pytest.approx(OnnxRuntime(graph, "test").probabilities(asked), abs=1e-6)
    assert len(np.unique(found, axis=0)) > 20
    assert forest.probabilities(asked[:0]).shape == (0, CLASSES)


def changed(operator: str = "TreeEnsembleRegressor", **changes: Any) -> bytes:
    """Return the graph of ten trees with some attributes changed: by a list, a value, or a function of the list."""
    attributes = {**_attributes(trees(1)), "n_targets": CLASSES, "post_transform": "NONE"}
    for name, change in changes.items():
        attributes[name] = change(attributes[name]) if callable(change) else change
    node = helper.make_node(operator, ["rows"], ["probabilities"], domain="ai.onnx.ml", **attributes)
    return _model([node], COLUMNS, CLASSES)


def with_first(value: Any) -> Any:
    """Return what puts a value at the second place: the root of the first tree that has branches."""
    return lambda old: [old[0], value, *old[2:]]


@pytest.mark.parametrize(
    "graph",
    [
        changed(aggregate_function="MAX"),
        changed(post_transform="LOGISTIC"),
        changed(base_values=[0.5] * CLASSES),
        changed(nodes_modes=with_first("BRANCH_LT")),
        changed(nodes_nodeids=lambda old: old[::-1]),
        changed(nodes_treeids=lambda old: old[::-1]),
        _model([helper.make_node("Relu", ["rows"], ["probabilities"])], COLUMNS, CLASSES),
        _model([helper.make_node("Mul", ["rows", "rows"], ["probabilities"])], COLUMNS, CLASSES),
        _model([], COLUMNS, CLASSES),
    ],
    ids=["aggregate", "after", "base", "mode", "order", "trees", "relu", "mul", "nothing"],
)
def test_other_graphs_are_left_to_onnx_runtime(graph: bytes) -> None:
    """What is no sum of trees as ours are, is not taken for one."""
    assert read_forest(graph, COLUMNS, CLASSES, "test") is None


@pytest.mark.parametrize(
    ("graph", "what"),
    [
        (changed(nodes_truenodeids=with_first(0)), "leads back"),
        (changed(nodes_falsenodeids=with_first(39)), "out of its tree"),
        (changed(nodes_falsenodeids=with_first(-1)), "leads back"),
        (changed(nodes_featureids=with_first(COLUMNS)), "no column"),
        (changed(nodes_values=[0.5]), "'nodes_values' is no list"),
        (changed(target_weights=[0.5]), "'target_weights' is no list"),
        (changed(target_ids=with_first(CLASSES)), "no class"),
        (changed(target_treeids=with_first(10)), "no tree"),
        (changed(target_nodeids=with_first(1)), "no leaf"),
        (changed(n_targets=CLASSES + 1), "8 classes apart"),
    ],
)
def test_trees_that_contradict_themselves_are_refused(graph: bytes, what: str) -> None:
    """A file from elsewhere never leads the core out of its arrays: the error names the file and what is wrong."""
    with pytest.raises(ModelFileError, match=what) as caught:
        read_forest(graph, COLUMNS, CLASSES, "a.headwise, model.onnx")
    assert caught.value.where == "a.headwise, model.onnx"


def test_no_damage_gets_through_as_another_error() -> None:
    """Bytes changed anywhere give trees within bounds, a refusal, or nothing for the core."""
    whole = bytearray(graph_of(trees(1), COLUMNS, CLASSES))
    random = np.random.default_rng(11)
    asked = rows(3)
    read = 0
    for _ in range(400):
        damaged = bytearray(whole)
        for place in random.integers(0, len(whole), 3):
            damaged[place] = random.integers(256)
        try:
            forest = read_forest(bytes(damaged), COLUMNS, CLASSES, "test")
        except ModelFileError:
            continue
        if forest is not None:
            read += 1
            assert forest.probabilities(asked).shape == (3, CLASSES)
    assert read
