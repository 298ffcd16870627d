"""A network as a LiteRT file with a map of its constants."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

from headwise.models.litert.agreement import TOLERANCE, compare, compare_runtimes, rows_to_compare
from headwise.models.litert.convert import quantize
from headwise.models.litert.graph import read_litert
from headwise.models.litert.runtime import LiteRtRuntime
from headwise.models.runtime import OnnxRuntime

CASES = [
    ("fc", "product"),
    ("conv1d", "product"),
    ("lstm", "product"),
    ("hybrid", "product"),
    *(pytest.param(name, "published", marks=pytest.mark.slow) for name in ("fc", "conv1d", "lstm")),
]


@pytest.mark.parametrize(("family", "shape"), CASES)
def test_says_what_the_network_says(case: Callable[[str, str], Any], family: str, shape: str) -> None:
    """The file passes the check of model files, and agrees with PyTorch and ONNX Runtime within 1e-4 and on every label."""
    made = case(family, shape)
    rows = rows_to_compare(made.rows.shape[1], made.rows)
    graph = read_litert(made.converted.file, "test")
    assert graph.inputs[0].shape == (1, made.rows.shape[1])
    assert graph.outputs[0].shape == (1, 3)
    found = LiteRtRuntime(made.converted.file, "test")
    agreement = compare_runtimes(found, OnnxRuntime(made.network.graph(), "test"), rows)
    assert agreement.holds
    assert agreement.labels == 1
    assert compare(found.probabilities(rows), made.network.predict_proba(rows)).holds


@pytest.mark.parametrize(("family", "shape"), CASES)
def test_retrained_weights_give_what_the_retrained_network_says(case: Callable[[str, str], Any], family: str, shape: str) -> None:
    """Weights after retraining, written through the map, give the retrained network's probabilities within 1e-4, and not the old ones."""
    made = case(family, shape)
    again = copy.deepcopy(made.network).retrain(made.rows, np.roll(made.labels, 1))
    written = made.converted.constants.write(made.converted.file, again.weights())
    found = LiteRtRuntime(written, "test").probabilities(made.rows)
    assert np.abs(found - again.predict_proba(made.rows)).max() < TOLERANCE
    assert np.abs(found - made.network.predict_proba(made.rows)).max() > 100 * TOLERANCE


@pytest.mark.parametrize("family", ["fc", "conv1d", "hybrid"])
def test_eight_bits_are_smaller_and_nearly_the_same(case: Callable[[str, str], Any], family: str) -> None:
    """The quantized file passes the check, is less than half as large, and gives nearly every row its label."""
    made = case(family, "product")
    small = quantize(made.converted.file)
    read_litert(small, "test")
    assert len(small) < len(made.converted.file) / 2
    agreement = compare_runtimes(LiteRtRuntime(small, "test"), OnnxRuntime(made.network.graph(), "test"), made.rows)
    assert agreement.labels > 0.95
    assert 0 < agreement.difference < 0.1


def test_converting_is_silent(case: Callable[[str, str], Any], capfd: pytest.CaptureFixture[str]) -> None:
    """The quantizer's and the interpreter's own talk reaches neither standard output nor standard error."""
    made = case("fc", "product")
    LiteRtRuntime(quantize(made.converted.file), "test").probabilities(made.rows[:1])
    assert capfd.readouterr() == ("", "")
