"""What an ONNX graph would run, read before it is run."""

from __future__ import annotations

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
from onnx import TensorProto, helper  # noqa: E402

from headwise.errors import ModelFileError  # noqa: E402
from headwise.models.operators import Graph, Value, read_graph  # noqa: E402


def model(nodes: list[object], *, constants: list[object] | None = None, functions: list[object] | None = None) -> bytes:
    """Return a model of these nodes that takes rows of 3 and gives 2 probabilities."""
    inputs = [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, 3])]
    outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 2])]
    graph = helper.make_graph(nodes, "test", inputs, outputs, constants or [])
    content: bytes = helper.make_model(graph, functions=functions or []).SerializeToString()
    return content


def node(operator: str = "Gemm", domain: str = "", **attributes: object) -> object:
    """Return a node."""
    return helper.make_node(operator, ["rows", "weights"], ["probabilities"], domain=domain, **attributes)


def weights() -> object:
    """Return a constant."""
    return helper.make_tensor("weights", TensorProto.FLOAT, [3, 2], np.ones(6))


def test_operators_inputs_and_outputs_are_read() -> None:
    """What the ONNX package wrote is read as it is: constants are no inputs, open dimensions are None."""
    found = read_graph(model([node(alpha=1.0, transB=0)], constants=[weights()]), "file")
    assert found == Graph(frozenset({("", "Gemm")}), (Value("rows", (None, 3)),), (Value("probabilities", (None, 2)),))


def test_numbers_of_trees_are_passed_over() -> None:
    """Long lists of numbers and words do not hide an attribute behind them."""
    branch = helper.make_model(helper.make_graph([], "inner", [], [])).graph
    tree = node("TreeEnsembleClassifier", "ai.onnx.ml", nodes_modes=["BRANCH_LEQ", "LEAF"] * 50, nodes_values=[0.5, 61.0] * 50, z=branch)
    with pytest.raises(ModelFileError, match="a graph inside"):
        read_graph(model([tree]), "file")


def _external() -> object:
    tensor = weights()
    tensor.data_location = TensorProto.EXTERNAL  # type: ignore[attr-defined]
    tensor.external_data.add(key="location", value="/etc/passwd")  # type: ignore[attr-defined]
    return tensor


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (model([node("Loop")]), "runs the operator 'ai.onnx.Loop'"),
        (model([node("If", then_branch=helper.make_graph([], "inner", [], []))]), "a graph inside an operator"),
        (model([node("Gemm", "com.example")]), "runs the operator 'com.example.Gemm'"),
        (model([node("PyOp", "ai.onnx.contrib")]), "runs the operator"),
        (model([node()], constants=[_external()]), "another file"),
        (model([node("Constant", value=_external())]), "another file"),
        (model([node()], functions=[helper.make_function("x", "f", [], [], [], [])]), "functions"),
        (b"", "holds 0 graphs"),
        (b"PK\x03\x04" + bytes(60), "no whole ONNX model"),
    ],
)
def test_what_no_model_of_ours_needs_is_refused(content: bytes, what: str) -> None:
    """Loops, code, other domains, other files and what is no model are refused by name."""
    with pytest.raises(ModelFileError, match=what) as caught:
        read_graph(content, "a.headwise, model.onnx")
    assert caught.value.where == "a.headwise, model.onnx"


def test_no_damage_gets_through_as_something_else() -> None:
    """A model cut anywhere, or with any byte changed, is read or refused in one way, never another error."""
    whole = model([node(alpha=1.0)], constants=[weights()])
    random = np.random.default_rng(7)
    damaged = [whole[:length] for length in range(len(whole))]
    for place in range(len(whole)):
        damaged.append(whole[:place] + bytes([int(random.integers(256))]) + whole[place + 1 :])
    refused = 0
    for content in damaged:
        try:
            read_graph(content, "file")
        except ModelFileError:
            refused += 1
    assert refused > len(whole) / 2
