"""What every family must do, found by looking into the package: a new family is put through all of it by being there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.utils.estimator_checks import check_estimator

from headwise.models.families import Family, family, is_network, names
from headwise.models.forest_graph import read_forest
from headwise.models.operators import read_graph
from headwise.models.runtime import OnnxRuntime
from tests.machine import lacking

PACKETS = 4
COLUMNS, CLASSES = 20 + PACKETS * 4, ("hub", "lamp", "plug")

# What makes a family quick enough for a test; its defaults are for real data.
QUICK: dict[str, dict[str, Any]] = {
    "rfc": {"n_estimators": 20},
    "etc": {"n_estimators": 30},
    "lgbm": {"rounds": 10},
    "fc": {"sequence_length": PACKETS, "epochs": 15, "learning_rate": 5e-3},
    "lstm": {"sequence_length": PACKETS, "epochs": 8, "learning_rate": 1e-2},
    "conv1d": {"sequence_length": PACKETS, "epochs": 8, "learning_rate": 5e-3},
    "hybrid": {"sequence_length": PACKETS, "epochs": 1, "least_steps": 60, "learning_rate": 1e-2},
}


def rows(seed: int, count: int = 240, missing: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of classes that lie apart, a tenth of their values missing."""
    random = np.random.default_rng(seed)
    kind = random.integers(0, len(CLASSES), count)
    centres = np.random.default_rng(99).normal(scale=3, size=(len(CLASSES), COLUMNS))
    values = (centres[kind] + random.normal(size=(count, COLUMNS))).astype(np.float32)
    values[random.random(values.shape) < missing] = np.nan
    return values, np.array(CLASSES)[kind]


def make(name: str, seed: int = 0) -> Family:
    """Return an unfitted quick model of a family; skips where what trains it is not installed."""
    try:
        made = family(name)
    except ModuleNotFoundError as error:
        lacking(f"{error.name} is not installed: {name} cannot be trained")
    return made().set_params(random_state=seed, **QUICK.get(name, {}))


@pytest.fixture(scope="module", params=names())
def fitted(request: pytest.FixtureRequest) -> Family:
    """Return a fitted model of each family."""
    return make(request.param).fit(*rows(1))


def test_there_are_families() -> None:
    """The folder is looked into at all."""
    assert {"rfc", "dtc", "lgbm"} <= set(names())


def test_names_what_it_was_not_shown(fitted: Family) -> None:
    """Rows of another draw are named nearly all right, and probabilities sum to 1."""
    later, truth = rows(2)
    probabilities = fitted.predict_proba(later)
    assert probabilities.shape == (len(later), len(CLASSES))
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert fitted.classes_.tolist() == list(CLASSES)
    assert f1_score(truth, fitted.classes_[probabilities.argmax(axis=1)], average="macro") > 0.8


def test_predicting_changes_nothing(fitted: Family) -> None:
    """Asked twice it says the same, and leaves the rows as they were."""
    later = rows(2)[0]
    kept = later.copy()
    first, second = fitted.predict_proba(later), fitted.predict_proba(later)
    assert np.array_equal(first, second)
    assert np.array_equal(kept, later, equal_nan=True)


def test_a_batch_is_its_rows(fitted: Family) -> None:
    """Rows together get what each gets alone, in any order."""
    later = rows(2, count=20)[0]
    together = fitted.predict_proba(later)
    assert np.concatenate([fitted.predict_proba(row[None]) for row in later]) == pytest.approx(together, abs=1e-5)
    assert fitted.predict_proba(later[::-1])[::-1] == pytest.approx(together, abs=1e-5)


def test_a_row_of_nothing_is_answered(fitted: Family) -> None:
    """Where every value is missing there is still an answer."""
    nothing = np.full((1, COLUMNS), np.nan, np.float32)
    assert fitted.predict_proba(nothing).sum() == pytest.approx(1, abs=1e-5)


def test_the_graph_says_the_same(fitted: Family) -> None:
    """Its ONNX graph passes the check of model files, and agrees within 1e-4 and on every label."""
    later = np.concatenate([rows(2)[0], np.full((1, COLUMNS), np.nan, np.float32)])
    content = fitted.graph()
    graph = read_graph(content, "test")
    assert [value.shape for value in graph.inputs] == [(None, COLUMNS)]
    assert graph.outputs[-1].shape == (None, len(CLASSES))
    expected, found = fitted.predict_proba(later), OnnxRuntime(content, "test").probabilities(later)
    assert np.abs(found - expected).max() < 1e-4
    assert np.array_equal(found.argmax(axis=1), expected.argmax(axis=1))


def test_the_packet_core_says_the_same_of_trees(fitted: Family) -> None:
    """Trees are run without ONNX Runtime, and agree with it; a network is left to it."""
    later = np.concatenate([rows(2)[0], np.full((1, COLUMNS), np.nan, np.float32)])
    content = fitted.graph()
    forest = read_forest(content, COLUMNS, len(CLASSES), "test")
    assert (forest is None) == is_network(fitted)
    if forest is not None:
        assert forest.probabilities(later) == pytest.approx(OnnxRuntime(content, "test").probabilities(later), abs=1e-6)


@pytest.mark.parametrize("name", names())
def test_the_same_seed_is_the_same_model(name: str) -> None:
    """Two fits of one seed agree to the bit; a clone is unfitted and alike; a second fit forgets the first."""
    values, truth = rows(1, count=90)
    one = make(name, seed=3).fit(values, truth)
    two = clone(one)
    assert not hasattr(two, "classes_")
    assert two.get_params() == one.get_params()
    two.fit(values[:, ::-1].copy(), truth[::-1]).fit(values, truth)
    assert np.array_equal(one.predict_proba(values), two.predict_proba(values))


@pytest.mark.parametrize("name", names())
def test_two_classes_are_enough(name: str) -> None:
    """A binary model, as groups have one for each class, gives two columns."""
    values, truth = rows(1, count=90)
    model = make(name).fit(values, truth == "hub")
    assert model.classes_.tolist() == [False, True]
    assert OnnxRuntime(model.graph(), "test").probabilities(values) == pytest.approx(model.predict_proba(values), abs=1e-4)


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda values, truth: (values[:0], truth[:0]), ValueError),
        (lambda values, truth: (values, truth[:-1]), ValueError),
        (lambda values, truth: (values[0], truth), ValueError),
        (lambda values, truth: (np.where(np.isnan(values), np.inf, values), truth), ValueError),
    ],
)
def test_what_cannot_be_learned_from_is_an_error(name: str, change: Any, kind: type[Exception]) -> None:
    """No rows, too few labels, one dimension and infinity are refused before anything is learned."""
    with pytest.raises(kind):
        make(name).fit(*change(*rows(1, count=60)))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", names())
def test_scikit_learn_takes_it_for_one_of_its_own(name: str) -> None:
    """Its own suite passes, but for the checks that the family declares with a reason."""
    model = make(name)
    if "sequence_length" in model.get_params():
        model.set_params(sequence_length=0)
    declared = getattr(model, "exceptions", {})
    ran = check_estimator(model, expected_failed_checks=declared, on_skip=None, on_fail="raise")
    failed = {each["check_name"] for each in ran if each["status"] == "xfail"}
    assert failed <= set(declared)
