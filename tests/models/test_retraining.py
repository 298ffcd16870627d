"""A model file and new windows to a model that knows both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.errors import InputError, ModelFileError
from headwise.models import GROUPS, How, Model, Trainable, load_model, read_trainable, retrain, train
from headwise.models.archive import read_archive, write_archive
from headwise.models.families import names
from headwise.models.retraining import MOST_REMEMBERED
from headwise.models.weights import write_weights
from headwise.testbeds import LabelledWindows
from tests.machine import lacking
from tests.models.synthetic import DAY_NS, synthetic_windows

PACKETS = 4
NETWORKS = ("conv1d", "fc", "hybrid", "lstm")
QUICK: dict[str, dict[str, Any]] = {
    "etc": {"n_estimators": 10},
    "rfc": {"n_estimators": 20},
    "lgbm": {"rounds": 10},
    **{name: {"sequence_length": PACKETS, "epochs": 15, "learning_rate": 5e-3} for name in NETWORKS},
}
QUICK["hybrid"]["least_steps"] = 60
NEEDED = {"lgbm": "lightgbm", **dict.fromkeys(NETWORKS, "torch")}


def base(folder: Path, family: str, group: str = "all-device", replay: int = 40, windows: LabelledWindows | None = None) -> Path:
    """Return the file of a model of three classes."""
    if family in NEEDED:
        pytest.importorskip(NEEDED[family], reason=f"{NEEDED[family]} is not installed")
    path = folder / "base.headwise"
    windows = synthetic_windows(classes=3) if windows is None else windows
    train(windows, family_name=family, group=GROUPS[group], replay=replay, jobs=1, parameters=QUICK.get(family, {})).save(path)
    return path


def saved(path: Path, windows: LabelledWindows, **how: Any) -> Model:
    """Retrain a model file in its place and load it."""
    retrain(read_trainable(path), windows, How(**{"epochs": 30, "jobs": 1, **how})).save(path)
    return load_model(path)


def later(classes: int = 5, seed: int = 1) -> LabelledWindows:
    """Return windows of the days after those of the base."""
    windows = synthetic_windows(classes=classes, days=3, each=12, seed=seed)
    return replace(windows, start=windows.start + 10 * DAY_NS)


def only(windows: LabelledWindows, *products: str) -> LabelledWindows:
    """Return the windows of some products."""
    return windows.select(np.isin(windows.product, products))


def right(model: Model, windows: LabelledWindows, *, graphs_alone: bool = False) -> float:
    """Return the share of windows that are named right, with marks or by the graphs alone."""
    probabilities = (model.raw_probabilities if graphs_alone else model.probabilities)(windows.features, windows.sequence)
    called = np.array(model.manifest.classes, object)[probabilities.argmax(axis=1)]
    return float((called == windows.labels(model.manifest.label)).mean())


@pytest.mark.parametrize(("family", "freeze"), [*((name, 0) for name in names()), *((name, 3) for name in NETWORKS)])
@pytest.mark.parametrize("group", ["all-device", "per-device"])
def test_a_new_device_is_learned_and_the_old_ones_are_kept(tmp_path: Path, family: str, freeze: int, group: str) -> None:
    """Of windows of a new product alone, each family learns it, with frozen layers too, and names the old ones as before."""
    path = base(tmp_path, family, group)
    model = saved(path, only(later(), "product-3"), freeze=freeze)
    test = later(seed=2)
    assert model.manifest.classes == ("product-0", "product-1", "product-2", "product-3")
    assert right(model, only(test, "product-3")) > 0.8
    assert right(model, only(test, "product-0", "product-1", "product-2")) > 0.8
    assert len(model.runtimes) == (4 if group == "per-device" else 1)


@pytest.mark.parametrize("family", ["fc", "rfc"])
@pytest.mark.parametrize("group", ["all-category", "per-category"])
def test_a_new_category_is_learned(tmp_path: Path, family: str, group: str) -> None:
    """Models of categories take a new one too, and remember products behind it."""
    model = saved(base(tmp_path, family, group), only(later(), "product-4"))
    assert model.manifest.classes == ("category-0", "category-1", "category-2")
    assert right(model, only(later(seed=2), "product-0", "product-1", "product-2", "product-4")) > 0.9
    assert model.manifest.categories["product-4"] == "category-2"


@pytest.mark.parametrize("family", NETWORKS)
def test_without_replay_the_old_is_forgotten(tmp_path: Path, family: str) -> None:
    """Learning two new products alone loses the old ones, which the sample in the model file keeps. Marks, which stay, are left out."""
    new, old = only(later(), "product-3", "product-4"), only(later(seed=2), "product-0", "product-1", "product-2")
    kept = right(saved(base(tmp_path, family), new), old, graphs_alone=True)
    lost = right(saved(base(tmp_path, family, replay=0), new), old, graphs_alone=True)
    assert kept > 0.9
    assert lost < kept - 0.3


@pytest.mark.parametrize("family", NETWORKS)
@pytest.mark.parametrize("freeze", [1, 2, 3])
def test_frozen_layers_are_the_same_in_the_file(tmp_path: Path, family: str, freeze: int) -> None:
    """Weights of frozen layers and the scaling leave a retraining as they came; all others change."""
    path = base(tmp_path, family)
    before = read_trainable(path).networks[0].weights()
    saved(path, later(), freeze=freeze, epochs=2)
    after = read_trainable(path).networks[0].weights()
    frozen = ("prepare.", *(f"stages.{number}." for number in range(freeze)))
    same = {name for name, value in before.items() if np.array_equal(value, after[name])}
    assert same == {name for name in before if name.startswith(frozen)}


def test_weights_and_graph_say_the_same(tmp_path: Path) -> None:
    """A network read from its weights gives what the graph beside them gives."""
    path = base(tmp_path, "lstm", "per-device")
    windows = later(3)
    model, trainable = load_model(path), read_trainable(path)
    rows = np.concatenate([windows.features, windows.sequence[:, :PACKETS].reshape(len(windows), -1)], axis=1)
    for network, runtime in zip(trainable.networks, model.runtimes, strict=True):
        assert network.predict_proba(rows) == pytest.approx(runtime.probabilities(rows), abs=1e-5)


@pytest.mark.parametrize("family", ["fc", "dtc"])
def test_the_same_seed_gives_the_same_file(tmp_path: Path, family: str) -> None:
    """Retrained model files of one seed are equal byte by byte."""
    model = read_trainable(base(tmp_path, family))
    for name in ("one", "two"):
        retrain(model, later(), How(jobs=1)).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_manifest_tells_of_the_retraining(tmp_path: Path) -> None:
    """Days, units and windows of both trainings are there, and of a model retrained every night only the latest nights."""
    path = base(tmp_path, "dtc")
    for _ in range(2):
        model = saved(path, only(later(), "product-3"))
    training = model.manifest.training
    assert training["days"] == [f"1970-01-{day:02d}" for day in (1, 2, 3, 4, 5, 6, 11, 12, 13)]
    assert training["windows"] == {**{f"product-{number}": 72 for number in range(3)}, "product-3": 72}
    assert [(each["windows"], each["replayed"]) for each in training["retrained"]] == [({"product-3": 36}, 120), ({"product-3": 36}, 156)]
    assert model.manifest.scores["days_set_aside"]["macro_f1"] > 0.9
    manifest, files = read_archive(path)
    many = replace(manifest, training={**training, "retrained": [{}] * 5 * MOST_REMEMBERED})
    write_archive(path, many, files)
    assert len(saved(path, later()).manifest.training["retrained"]) == MOST_REMEMBERED


def test_nights_do_not_make_it_call_everything_unknown(tmp_path: Path) -> None:
    """After many retrainings what is known is still named, and the threshold is not above the first one."""
    path = base(tmp_path, "fc")
    first = load_model(path).manifest.unknown_below
    for night in range(5):
        model = saved(path, later(classes=3, seed=night), epochs=3)
    assert 0.3 < model.manifest.unknown_below <= first
    assert right(model, later(classes=3, seed=9)) > 0.9


def test_a_member_without_windows_stays_as_it_was(tmp_path: Path) -> None:
    """Of one model a class, those whose class is neither new nor remembered are left alone, and that is said."""
    path = base(tmp_path, "fc", "per-device", replay=0)
    before = read_trainable(path).networks
    trained = retrain(read_trainable(path), only(later(), "product-2", "product-3"), How(epochs=2))
    same = [
        all(np.array_equal(value, new.weights()[name]) for name, value in old.weights().items())
        for old, new in zip(before, trained.members.fitted, strict=False)
    ]
    assert same == [True, True, False]
    assert trained.notes == (
        "2 classes are neither in the new windows nor in a replay sample (product-0 and others): its models stay as they were",
    )


def empty(windows: LabelledWindows) -> LabelledWindows:
    """Return no window."""
    return windows.select(np.zeros(len(windows), bool))


@pytest.mark.parametrize(
    ("family", "replay", "change", "how", "what"),
    [
        ("dtc", 40, empty, {}, "no window is left to learn from"),
        ("dtc", 40, lambda w: w, {"freeze": 1}, "dtc has no layers to freeze"),
        ("dtc", 0, lambda w: only(w, "product-3", "product-4"), {}, "and the new windows lack its class 'product-0'"),
        ("fc", 0, lambda w: only(w, "product-0"), {}, "holds no replay sample, and the new windows are of one device alone"),
        ("fc", 40, lambda w: replace(w, version=99), {}, "other features or another length"),
        ("fc", 40, lambda w: replace(w, length=60.0), {}, "other features or another length"),
        ("fc", 40, lambda w: replace(w, sequence=w.sequence[:, :1]), {}, "fewer than the model's 4 packets"),
        ("fc", 40, lambda w: replace(w, features=np.where(np.isnan(w.features), np.inf, w.features)), {}, "infinite numbers"),
        ("fc", 40, lambda w: replace(w, category=np.full(len(w), "hub", object)), {}, "'hub' in devices.csv but 'category-0' in the model"),
    ],
)
def test_what_cannot_be_learned_is_one_error(tmp_path: Path, family: str, replay: int, change: Any, how: Any, what: str) -> None:
    """Windows that are none, or not the model's, are refused in one line, before anything is trained."""
    model = read_trainable(base(tmp_path, family, replay=replay))
    with pytest.raises(InputError, match=what):
        retrain(model, change(later()), How(**how))


def test_fewer_windows_than_classes_are_enough(tmp_path: Path) -> None:
    """Two windows of a new product make a model of four classes."""
    few = only(later(), "product-3")
    model = saved(base(tmp_path, "fc"), few.select(np.arange(2)))
    assert model.manifest.classes == ("product-0", "product-1", "product-2", "product-3")


def test_windows_with_missing_values_alone_are_learned(tmp_path: Path) -> None:
    """A feature, or a row, of which every value is missing (NaN) does not stop a training or spoil the others."""
    windows = synthetic_windows(classes=3)
    windows.features[:, 0] = np.nan
    windows.features[0] = np.nan
    assert right(saved(base(tmp_path, "fc", windows=windows), later()), later(seed=2)) > 0.9


def altered(path: Path, changed: dict[str, bytes], **fields: Any) -> Path:
    """Return the model file with other files and fields, its checksums true."""
    manifest, files = read_archive(path)
    write_archive(path, replace(manifest, **fields), {**files, **changed})
    return path


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"family": "none"}, "is of family 'none'"),
        ({"group": "per-house"}, "group 'per-house'"),
        ({"group": "all-category"}, "contradicts its group"),
        ({"group": "per-device"}, "contradicts its group"),
        ({"weights": {}}, "holds no weights to go on from"),
        ({"weights": {"a": (1,)}}, "holds weights that cannot be used"),
        ({"parameters": {"epochs": 10**9}}, "a parameter beyond reason: 'epochs'"),
        ({"parameters": {"hidden": 5}}, "Invalid parameter 'hidden'"),
        ({"parameters": {"sequence_length": 2}}, "contradicts itself on the sequence's length"),
        ({"parameters": {"sequence_length": PACKETS, "shape": "published"}}, "holds weights of another network"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, fields: dict[str, Any], what: str) -> None:
    """What an untrusted file says is checked before a network is made of it."""
    path = altered(base(tmp_path, "fc"), {}, **fields)
    with pytest.raises(InputError, match=what):
        read_trainable(path)


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    """Weights that agree with the manifest but not with the network are refused."""
    path = base(tmp_path, "fc")
    weights = read_trainable(path).networks[0].weights()
    weights["stages.1.layers.0.bias"] = np.zeros(3, np.float32)
    shapes = {name: value.shape for name, value in weights.items()}
    with pytest.raises(ModelFileError, match="holds weights of another network"):
        read_trainable(altered(path, {"trainable/model.safetensors": write_weights(weights)}, weights=shapes))


def test_parameters_that_cannot_be_fitted_are_one_error(tmp_path: Path) -> None:
    """A tree with impossible bounds is refused by name, not with a traceback."""
    path = altered(base(tmp_path, "dtc"), {}, parameters={"max_leaf_nodes": "many"})
    with pytest.raises(ModelFileError, match="cannot be retrained"):
        retrain(read_trainable(path), later())


@pytest.fixture
def real(data: Path) -> LabelledWindows:
    """Return windows of five days of seven devices."""
    from headwise.testbeds import Selection, load, parse_period, read_testbeds

    period = parse_period("2019-07-06", "2019-07-10")
    return load(read_testbeds([data / "stevens-2019"]), sequence=PACKETS, selection=Selection(period=period))


@pytest.mark.slow
def test_a_device_is_added_at_home(tmp_path: Path, real: LabelledWindows) -> None:
    """On real captures a product that the model never saw is learned in two days, with frozen layers, and named on the next."""
    pytest.importorskip("torch", reason="PyTorch is not installed")
    if not len(real):
        lacking("no windows of stevens-2019")
    day = (real.start - real.start.min()) // DAY_NS
    known = real.product != "ring-video-doorbell"
    path = base(tmp_path, "fc", windows=real.select((day < 2) & known))
    model = saved(path, real.select((day < 3) & ~known), freeze=3, epochs=20)
    test = real.select(day >= 3)
    assert right(model, test) > 0.9
    # The last layer alone learns a new product moderately: the others were trained to tell six other ones apart.
    assert right(model, only(test, "ring-video-doorbell")) > 0.6


def test_a_trainable_is_what_was_saved(tmp_path: Path) -> None:
    """Trees carry no weights, and a model without a sample says so."""
    found: Trainable = read_trainable(base(tmp_path, "dtc", replay=0))
    assert (found.networks, found.replay, found.group.name) == ((), None, "all-device")
