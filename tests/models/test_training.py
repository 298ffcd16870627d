"""Labelled windows to a model file, and back to probabilities."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.errors import InputError, ModelFileError
from headwise.models import GROUPS, Model, Trained, load_model, train
from headwise.models.archive import read_archive, write_archive
from headwise.models.families import names
from headwise.models.manifest import MOST_AT_HOME
from headwise.models.model import rows_of
from headwise.models.trainable import make_again
from headwise.models.voting import calibrate
from headwise.testbeds import LabelledWindows, Selection, load, parse_period, read_testbeds
from headwise.windows import delays_among
from tests.models.synthetic import synthetic_windows

SMALL = {"rfc": {"n_estimators": 10}, "dtc": {}}
QUICK: dict[str, dict[str, Any]] = {
    **SMALL,
    "etc": {"n_estimators": 10},
    "lgbm": {"rounds": 5},
    **{name: {"sequence_length": 4, "epochs": 2} for name in ("conv1d", "fc", "lstm")},
    "hybrid": {"sequence_length": 4, "epochs": 2, "least_steps": 10},
}


def trained(windows: LabelledWindows, family: str = "rfc", group: str = "all-device", seed: int = 0) -> Trained:
    """Train a small model."""
    return train(windows, family_name=family, group=GROUPS[group], seed=seed, jobs=1, parameters=SMALL[family])


def saved(model: Trained, folder: Path) -> Model:
    """Save a model and load it."""
    model.save(folder / "a.headwise")
    return load_model(folder / "a.headwise")


@pytest.mark.parametrize("group", sorted(GROUPS))
@pytest.mark.parametrize("family", sorted(SMALL))
def test_a_model_file_gives_what_was_trained(tmp_path: Path, family: str, group: str) -> None:
    """Each family in each group says after loading what it said before, and names classes that lie apart."""
    windows, later = synthetic_windows(), synthetic_windows(seed=1)
    model = trained(windows, family, group)
    loaded = saved(model, tmp_path)
    before = model.probabilities(later)
    after = loaded.probabilities(later.features, later.sequence)
    assert after == pytest.approx(before, abs=1e-4)
    assert (after.argmax(axis=1) == before.argmax(axis=1)).all()
    called = np.array(loaded.manifest.classes, object)[after.argmax(axis=1)]
    assert (called == later.labels(GROUPS[group].label)).mean() > (0.99 if family == "rfc" else 0.6)
    assert len(loaded.runtimes) == (len(loaded.manifest.classes) if GROUPS[group].each else 1)


def test_a_model_for_other_places_hears_what_marks_say_for_products(tmp_path: Path) -> None:
    """A model for the place of its windows hears only what marks say against products; either says once loaded what it said before."""
    windows = synthetic_windows()
    for most in (MOST_AT_HOME, 0.5):
        model = train(windows, family_name="rfc", group=GROUPS["all-device"], jobs=1, parameters=SMALL["rfc"], most_evidence=most)
        loaded = saved(model, tmp_path)
        assert loaded.manifest.from_elsewhere == (most < MOST_AT_HOME)
        marks = loaded.likeness.of_windows(windows.features, windows.names, at_home=not loaded.manifest.from_elsewhere)
        raw, found = (of(windows.features, windows.sequence) for of in (loaded.raw_probabilities, loaded.probabilities))
        assert (marks.max() > 0) == loaded.manifest.from_elsewhere
        assert found == pytest.approx(calibrate(raw, loaded.manifest.temperature, marks))
        assert model.probabilities(windows) == pytest.approx(found, abs=1e-4)


def test_the_same_seed_gives_the_same_file(tmp_path: Path) -> None:
    """Model files of one seed are equal byte by byte; of another they are not."""
    windows = synthetic_windows(spread=6.0)
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        trained(windows, seed=seed).save(tmp_path / name)
    one, two, three = ((tmp_path / name).read_bytes() for name in ("one", "two", "three"))
    assert one == two
    assert one != three


def test_the_manifest_says_what_it_was_trained_on() -> None:
    """Days, units, windows a class, categories and how right it was on days set aside are recorded."""
    manifest = trained(synthetic_windows(classes=3, days=5, each=10)).manifest
    assert manifest.training["days"] == [f"1970-01-0{day}" for day in range(1, 6)]
    assert manifest.training["units"] == ["lab/unit-0", "lab/unit-1", "lab/unit-2"]
    assert manifest.training["windows"] == {f"product-{number}": 50 for number in range(3)}
    assert manifest.categories == {"product-0": "category-0", "product-1": "category-0", "product-2": "category-1"}
    assert manifest.scores["days_set_aside"]["macro_f1"] > 0.95
    assert "scikit-learn" in manifest.libraries


@pytest.mark.parametrize("family", sorted(SMALL))
def test_trees_learn_delays_in_steps(tmp_path: Path, family: str) -> None:
    """Which columns are delays follows from the features' names, in training and in retraining; for other places there are none."""
    windows = synthetic_windows()
    assert len(delays_among(windows.names)) > 0
    for most, wanted in ((MOST_AT_HOME, delays_among(windows.names)), (0.5, ())):
        model = train(windows, family_name=family, group=GROUPS["all-device"], jobs=1, parameters=SMALL[family], most_evidence=most)
        assert model.members.fitted[0].get_params()["delays"] == wanted
        assert "delays" not in model.manifest.parameters
        again = make_again(saved(model, tmp_path).manifest, "a model", 0)
        assert again.get_params()["delays"] == wanted


def test_categories_are_no_twins() -> None:
    """Products that nothing tells apart get trees of their own; categories do not, unless asked for."""
    windows = synthetic_windows(classes=6)
    alike = replace(windows, features=np.ones_like(windows.features))
    for group, parameters, groups in (("all-device", {}, 1), ("all-category", {}, 0), ("all-category", {"twins_above": 0.1}, 1)):
        small = {"n_estimators": 5, **parameters}
        model = train(alike, family_name="etc", group=GROUPS[group], jobs=1, turns=(), parameters=small)
        assert len(model.members.fitted[0].twins_) == groups


@pytest.mark.parametrize(("classes", "what"), [(1, "only one device is left"), (0, "no window is left")])
def test_less_than_two_classes_is_an_error(classes: int, what: str) -> None:
    """There is nothing to tell apart."""
    windows = synthetic_windows()
    with pytest.raises(InputError, match=what):
        trained(windows.select(np.isin(windows.product, [f"product-{number}" for number in range(classes)])))


def test_fewer_windows_than_folds_still_train(tmp_path: Path) -> None:
    """Two classes of one window each make a model, without scores of days set aside."""
    windows = synthetic_windows(classes=2, days=1, each=1)
    loaded = saved(trained(windows), tmp_path)
    assert loaded.manifest.scores == {"days_set_aside": {}}
    assert loaded.probabilities(windows.features, windows.sequence).shape == (2, 2)


@pytest.mark.parametrize("family", names())
def test_fewer_windows_than_classes_are_one_error_or_a_model(tmp_path: Path, family: str) -> None:
    """One window a class, or fewer windows than a fold, ends in a whole model, whatever the family."""
    windows = synthetic_windows(classes=9, days=1, each=1)
    try:
        model = train(windows, family_name=family, group=GROUPS["all-device"], jobs=1, parameters=QUICK.get(family))
    except ModuleNotFoundError as error:
        pytest.skip(f"{error.name} is not installed")
    assert saved(model, tmp_path).probabilities(windows.features, windows.sequence).shape == (9, 9)


@pytest.mark.parametrize("family", names())
def test_infinite_numbers_are_one_error_and_missing_ones_none(family: str) -> None:
    """NaN is a missing value, also where a whole column or row is of it; infinity is refused before anything is trained."""
    windows = synthetic_windows(classes=3, days=2, each=5)
    windows.features[:, 0] = np.nan
    windows.features[0] = np.nan
    try:
        model = train(windows, family_name=family, group=GROUPS["all-device"], jobs=1, parameters=QUICK.get(family))
    except ModuleNotFoundError as error:
        pytest.skip(f"{error.name} is not installed")
    assert np.isfinite(model.members.probabilities(rows_of(windows.features, windows.sequence, model.manifest.sequence))).all()
    windows.features[1, 1] = np.inf
    with pytest.raises(InputError, match="infinite numbers"):
        train(windows, family_name=family, group=GROUPS["all-device"], jobs=1, parameters=QUICK.get(family))


def test_how_far_it_is_only_grows() -> None:
    """What is told of a training goes up to 1 over all its fits, with the loss of a network; one class is left out in the first fit."""
    pytest.importorskip("torch", reason="PyTorch is not installed")
    told: list[tuple[float, str]] = []
    parameters = {**QUICK["fc"], "epochs": 3}
    train(
        synthetic_windows(classes=3),
        family_name="fc",
        group=GROUPS["per-device"],
        parameters=parameters,
        tell=lambda share, note: told.append((share, note)),
    )
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    assert [note.split()[0] for _, note in told if note] == ["loss"] * (2 + 3) * 3


def test_other_features_are_refused(tmp_path: Path) -> None:
    """A model of another version of the features, or of others, is refused by name."""
    trained(synthetic_windows()).save(tmp_path / "a.headwise")
    manifest, files = read_archive(tmp_path / "a.headwise")
    changes = [
        (replace(manifest, features_version=99), "features of version 99; this headwise makes"),
        (replace(manifest, features=("shoe_size", *manifest.features[1:])), "is not in both"),
        (replace(manifest, features=manifest.features[::-1]), "another order"),
    ]
    for changed, what in changes:
        write_archive(tmp_path / "b.headwise", changed, files)
        with pytest.raises(ModelFileError, match=what):
            load_model(tmp_path / "b.headwise")


def test_a_graph_of_another_shape_is_refused(tmp_path: Path) -> None:
    """Graph and manifest must agree on columns and classes before the graph is run."""
    trained(synthetic_windows()).save(tmp_path / "a.headwise")
    manifest, files = read_archive(tmp_path / "a.headwise")
    wider = replace(manifest, sequence=2)
    more = replace(manifest, classes=(*manifest.classes, "z"), categories={**manifest.categories, "z": "x"})
    for changed, what in ((wider, "not rows of"), (more, "not 5 columns")):
        write_archive(tmp_path / "b.headwise", changed, files)
        with pytest.raises(ModelFileError, match=what):
            load_model(tmp_path / "b.headwise")


def test_no_windows_are_no_probabilities(tmp_path: Path) -> None:
    """A table of no rows gives a table of no rows."""
    windows = synthetic_windows()
    none = windows.select(np.zeros(len(windows), bool))
    assert saved(trained(windows), tmp_path).probabilities(none.features, none.sequence).shape == (0, 4)


def test_rows_hold_features_then_packets() -> None:
    """The first packets' values stand behind the features, packet by packet."""
    features, sequence = np.zeros((2, 3), np.float32), np.arange(2 * 4 * 4, dtype=np.float32).reshape(2, 4, 4)
    assert rows_of(features, sequence, 0) is features
    assert rows_of(features, sequence, 2)[1].tolist() == [0, 0, 0, *range(16, 24)]


def test_graphs_agree_with_scikit_learn_on_real_windows(data: Path, tmp_path: Path) -> None:
    """On windows of later days labels are equal and probabilities within 1e-4, for forest and tree."""
    testbeds = read_testbeds([data / "stevens-2019"])
    windows = load(testbeds, sequence=0, selection=Selection(period=parse_period("2019-07-08", "2019-07-10")))
    border = np.median(windows.start)
    early, late = windows.select(windows.start < border), windows.select(windows.start >= border)
    assert np.isnan(late.features).mean() > 0.05
    for family in ("rfc", "dtc"):
        model = trained(early, family)
        expected = model.members.probabilities(late.features)
        found = saved(model, tmp_path).raw_probabilities(late.features, late.sequence)
        assert np.abs(found - expected).max() < 1e-4
        assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()
