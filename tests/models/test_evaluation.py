"""A model against windows it was not trained on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.cli.output import write_json
from headwise.errors import InputError
from headwise.models import GROUPS, Model, evaluate, load_model, train
from headwise.testbeds import LabelledWindows, day_of
from tests.models.synthetic import synthetic_windows

WINDOWS = synthetic_windows(classes=5, days=6)
EARLY = WINDOWS.select(day_of(WINDOWS.start) < 4)
LATE = WINDOWS.select(day_of(WINDOWS.start) >= 4)


def model_of(folder: Path, products: int, group: str = "all-device") -> Model:
    """Return a model of the first few products on the early days."""
    known = EARLY.select(np.isin(EARLY.product, [f"product-{number}" for number in range(products)]))
    train(known, family_name="rfc", group=GROUPS[group], jobs=1, parameters={"n_estimators": 10}).save(folder / "a.headwise")
    return load_model(folder / "a.headwise")


def test_every_window_and_unit_is_scored_once(tmp_path: Path) -> None:
    """Windows and units of known products are in the scores; with classes that lie apart all are right."""
    found = evaluate(model_of(tmp_path, 5), LATE)
    assert (found.window.count, found.device.count) == (len(LATE), 5)
    assert found.window.macro_f1 == found.device.macro_f1 == 1.0
    assert found.strangers == []
    assert found.warnings == []


def test_products_that_the_model_does_not_know_stand_apart(tmp_path: Path) -> None:
    """They are in no score, and it is told whether they were called unknown."""
    found = evaluate(model_of(tmp_path, 4), LATE)
    assert found.window.count == len(LATE) * 4 // 5
    assert [(each.unit, each.product, each.windows) for each in found.strangers] == [("lab/unit-4", "product-4", len(LATE) // 5)]
    assert found.strangers[0].called.label == "unknown"


def test_a_category_model_is_scored_by_category(tmp_path: Path) -> None:
    """Labels are the categories; a product of a known category is no stranger."""
    found = evaluate(model_of(tmp_path, 4, "all-category"), LATE)
    assert found.window.labels == ["category-0", "category-1"]
    assert [each.product for each in found.strangers] == ["product-4"]


@pytest.mark.parametrize(
    ("windows", "warning"),
    [
        (WINDOWS, "days that the model was trained on are among those scored (1970-01-01 and 3 more): not a test"),
        (WINDOWS.select(day_of(WINDOWS.start) >= 3), "days that the model was trained on are among those scored (1970-01-04): not a test"),
        (LATE.select(LATE.product == "product-4"), "no window is of a class that the model knows"),
    ],
)
def test_what_is_no_test_is_said(tmp_path: Path, windows: LabelledWindows, warning: str) -> None:
    """Scores of training days, and of nothing known, come with a warning."""
    assert warning in " ".join(evaluate(model_of(tmp_path, 4), windows).warnings)


def test_nothing_to_score_is_an_error(tmp_path: Path) -> None:
    """No window is told as such."""
    with pytest.raises(InputError, match="no window is left to score"):
        evaluate(model_of(tmp_path, 4), LATE.select(np.zeros(len(LATE), bool)))


def test_the_json_is_one_object_without_nan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is undefined is null."""
    write_json(evaluate(model_of(tmp_path, 4), LATE.select(LATE.product == "product-4")).to_json())
    printed = json.loads(capsys.readouterr().out)
    assert printed["window"]["macro_f1"] is None
    assert printed["strangers"]["units"] == 1
