"""What is measured side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.study.accuracy.contenders import OURS, PLAIN, Contender, fit, votes
from tests.models.synthetic import synthetic_windows

WINDOWS = synthetic_windows(classes=3, days=2, each=8)
SMALL = Contender("small", "etc", {"n_estimators": 5})


def test_the_plain_forest_is_as_the_definition_says() -> None:
    """500 trees of any size, and no class counts more than its windows."""
    model = fit(PLAIN, WINDOWS.select(np.arange(40))).model
    assert (model.n_estimators, model.max_leaf_nodes, model.class_weight) == (500, None, None)


def test_a_contender_looks_at_its_columns_alone() -> None:
    """What is in the others changes no probability."""
    model = fit(replace(SMALL, columns=(3, 5, 8)), WINDOWS)
    other = np.zeros_like(WINDOWS.features)
    other[:, [3, 5, 8]] = WINDOWS.features[:, [3, 5, 8]]
    assert np.array_equal(model.probabilities(WINDOWS.features), model.probabilities(other))


def test_windows_without_content_weigh_little_with_ours_alone() -> None:
    """A window that holds nothing but ARP and says something else turns the plain vote and not ours."""
    two = WINDOWS.select(np.array([0, 1]))
    two.features[:] = 0.0
    sent, arp = (two.names.index(name) for name in ("packets_sent", "arp_sent"))
    two.features[:, sent], two.features[:, arp] = [50, 2], [0.0, 1.0]
    said = np.array([[0.7, 0.3], [0.1, 0.9]])
    assert votes(PLAIN, two, said).probabilities.argmax() == 1
    assert votes(OURS, two, said).probabilities.argmax() == 0
    assert votes(OURS, two, said).units.tolist() == ["lab/unit-0"]


def test_marks_tell_what_trees_leave_open() -> None:
    """A window of nothing but a length that one product alone has is that product's, with marks."""
    windows = synthetic_windows(classes=3, days=2, each=8)
    windows.features[:] = 0.0
    place = windows.names.index("dhcp_first_sent")
    windows.features[:, place] = np.where(windows.product == "product-2", 331.0, 302.0)
    asked = windows.features[-1:].copy()
    without, marked = (fit(replace(SMALL, marks=marks), windows).probabilities(asked)[0] for marks in (False, True))
    assert marked[2] / marked[0] > without[2] / max(without[0], 0.005)
    assert fit(replace(SMALL, marks=True, columns=(place,)), windows).likeness
