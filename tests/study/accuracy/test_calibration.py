"""Whether it is as often right as it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.study.accuracy import calibration
from headwise.study.accuracy.beds import every_bed, read_bed
from headwise.study.accuracy.effort import QUICK
from headwise.study.accuracy.row import silent
from headwise.study.accuracy.splits import each_units
from tests.study.accuracy.beds import two_beds


def test_how_sure_of_the_best_and_of_the_truth() -> None:
    """Each answer has its probability, whether it is right, and the probability of the truth."""
    classes, probabilities = np.array(["a", "b"], object), np.array([[0.8, 0.2], [0.7, 0.3]])
    found = calibration.Sureness.of(classes, probabilities, np.array(["a", "b"], object))
    assert (found.sure.tolist(), found.right.tolist(), found.truth.tolist()) == ([0.8, 0.7], [True, False], [0.8, 0.3])
    assert found.error == pytest.approx(0.2 * 0.5 + 0.7 * 0.5)


def test_windows_and_units_have_an_error_and_a_coverage() -> None:
    """Of classes that lie apart nearly all sets hold the truth; of single test-beds windows are measured, of all together units."""
    windows = two_beds(classes=4, away=0)
    for name, what in (("north", "windows"), ("all", "units")):
        error, coverage = calibration._rows(calibration.Split(name, windows, *each_units(windows)), QUICK)
        assert f"{what} of {name}" in error.measure
        assert 0 <= error.values["headwise"] < 0.5
        assert coverage.values["coverage"] > 0.9
        assert coverage.values["size"] >= 1


def test_no_test_bed_is_no_row(tmp_path: Path) -> None:
    """An empty folder leaves all out."""
    said: list[str] = []
    assert calibration.rows(tmp_path, said.append, QUICK) == []
    assert any("stevens-2019 is not in the folder" in words for words in said)
    assert read_bed(tmp_path, "north", silent) is None
    assert every_bed(tmp_path, silent) is None
