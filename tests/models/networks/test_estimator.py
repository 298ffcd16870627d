"""Networks as classifiers."""

from __future__ import annotations

import copy

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")
pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from headwise.models.families.conv1d import Convolution1D
from headwise.models.families.fc import FullyConnected
from headwise.models.families.hybrid import Hybrid
from headwise.models.families.lstm import LongShortTermMemory
from headwise.models.networks.estimator import CHANNELS, NetworkClassifier
from headwise.models.operators import read_graph
from headwise.models.runtime import OnnxRuntime

LENGTH, FEATURES = 8, 12
FAMILIES = (FullyConnected, LongShortTermMemory, Convolution1D, Hybrid)
SHAPES = [(family, shape) for family in FAMILIES for shape in family.SHAPES]


def rows(classes: int, seed: int, shape: str = "product", count: int = 240) -> tuple[np.ndarray, np.ndarray]:
    """Rows of well separated classes, the same centres for every seed."""
    columns = FEATURES + (LENGTH * CHANNELS if shape == "product" else 0)
    centres = np.random.default_rng(99).normal(scale=2, size=(8, columns))
    random = np.random.default_rng(seed)
    kinds = random.integers(0, classes, count)
    return (centres[kinds] + random.normal(size=(count, columns))).astype(np.float32), np.array([f"class-{kind}" for kind in kinds])


def fitted(family: type[NetworkClassifier], shape: str, epochs: int = 15) -> NetworkClassifier:
    """Train a small network of a family and shape."""
    X, y = rows(3, 1, shape)
    network = family(shape=shape, sequence_length=LENGTH if shape == "product" else 0, epochs=epochs, learning_rate=5e-3)
    # What is for real data takes too long for a test.
    return network.set_params(**{name: 1 for name in ("least_steps",) if name in network.get_params()}).fit(X, y)


@pytest.mark.parametrize(("family", "shape"), SHAPES)
def test_tells_separated_classes_apart(family: type[NetworkClassifier], shape: str) -> None:
    """A network trained on classes far from each other names nearly all rows of another draw."""
    X, y = rows(3, 2, shape)
    assert (fitted(family, shape).predict(X) == y).mean() > 0.9


@pytest.mark.parametrize(("family", "shape"), SHAPES)
@pytest.mark.parametrize("freeze", [1, 2, 3])
def test_frozen_stages_keep_their_weights_and_others_change(family: type[NetworkClassifier], shape: str, freeze: int) -> None:
    """Retraining leaves the first stages as they were, bit for bit, and changes every later one."""
    network = fitted(family, shape, epochs=1)
    before = copy.deepcopy(network.stages_)
    network.retrain(*rows(3, 3, shape), freeze=freeze)
    same = [
        all(bool((old == new).all()) for old, new in zip(stage.parameters(), now.parameters(), strict=True))
        for stage, now in zip(before, network.stages_, strict=True)
    ]
    assert same == [number < freeze for number in range(len(same))]


@pytest.mark.parametrize(("family", "shape"), SHAPES)
@pytest.mark.parametrize("freeze", [1, 2, 3])
def test_cache_changes_nothing(family: type[NetworkClassifier], shape: str, freeze: int) -> None:
    """Weights after retraining agree with and without the cached activations of the frozen stages."""
    cached, plain = (fitted(family, shape, epochs=2) for _ in range(2))
    cached.retrain(*rows(3, 3, shape), freeze=freeze, cache=True)
    plain.retrain(*rows(3, 3, shape), freeze=freeze, cache=False)
    for name, value in cached.weights().items():
        np.testing.assert_allclose(value, plain.weights()[name], atol=1e-5, err_msg=name)


@pytest.mark.parametrize(("family", "shape"), SHAPES)
@pytest.mark.parametrize("freeze", [0, 3])
def test_retraining_adds_a_class(family: type[NetworkClassifier], shape: str, freeze: int) -> None:
    """A class that first appears in retraining is named afterwards, and the old ones still are."""
    network = fitted(family, shape)
    network.epochs = 40
    network.retrain(*rows(4, 4, shape, 400), freeze=freeze)
    X, y = rows(4, 5, shape, 400)
    found = network.predict(X)
    assert list(network.classes_) == ["class-0", "class-1", "class-2", "class-3"]
    for kind in network.classes_:
        assert (found[y == kind] == kind).mean() > 0.6, kind


@pytest.mark.parametrize(("family", "shape"), SHAPES)
def test_weights_travel(family: type[NetworkClassifier], shape: str) -> None:
    """A network made from another's weights gives the same probabilities."""
    network = fitted(family, shape, epochs=1)
    X, _ = rows(3, 6, shape)
    other = family(shape=shape, sequence_length=network.sequence_length)
    other.load_weights(network.weights(), network.classes_, X.shape[1])
    np.testing.assert_array_equal(other.predict_proba(X), network.predict_proba(X))


@pytest.mark.parametrize(("family", "shape"), SHAPES)
def test_graph_agrees_with_the_network(family: type[NetworkClassifier], shape: str) -> None:
    """The exported graph gives the network's probabilities, for one row and many, also where values are missing."""
    network = fitted(family, shape, epochs=1)
    X, _ = rows(3, 6, shape)
    X[:, 3][::2] = np.nan
    runtime = OnnxRuntime(network.graph(), "graph")
    np.testing.assert_allclose(runtime.probabilities(X), network.predict_proba(X), atol=1e-5)
    np.testing.assert_allclose(runtime.probabilities(X[:1]), network.predict_proba(X[:1]), atol=1e-5)
    assert read_graph(network.graph(), "graph").outputs[-1].shape == (None, 3)


@pytest.mark.parametrize("family", FAMILIES)
def test_same_seed_same_network(family: type[NetworkClassifier]) -> None:
    """Two trainings with one seed give the same weights; another seed gives others."""
    X, y = rows(3, 1)
    first, second, third = (fitted(family, "product", epochs=1).set_params(random_state=seed).fit(X, y) for seed in (5, 5, 6))
    name = next(name for name in first.weights() if name.startswith("stages.0"))
    np.testing.assert_array_equal(first.weights()[name], second.weights()[name])
    assert (first.weights()[name] != third.weights()[name]).any()


def test_stops_early_on_the_validation_rows() -> None:
    """Training ends before its last epoch once the validation loss has stopped falling, and keeps the best weights."""
    X, y = rows(3, 1)
    y = np.random.default_rng(0).permutation(y)
    network = FullyConnected(sequence_length=LENGTH, epochs=200, patience=3).fit(X, y, validation=np.arange(len(y)) >= 180)
    assert len(network.losses_) < 200
    assert min(network.losses_) < network.losses_[-1]


def test_what_decides_when_to_stop_is_not_learned_from() -> None:
    """Rows of the last day reach neither the scaling nor the weights: without them both are the same."""
    X, y = rows(3, 1)
    held = np.arange(len(y)) >= 180
    spoilt = np.where(held[:, None], X * 1000, X)
    one = FullyConnected(sequence_length=LENGTH, epochs=1).fit(X[~held], y[~held])
    two = FullyConnected(sequence_length=LENGTH, epochs=1).fit(spoilt, y, validation=held)
    for name, value in one.weights().items():
        np.testing.assert_array_equal(value, two.weights()[name])


def test_tells_how_far_it_is_and_the_loss() -> None:
    """After each pass the callback hears the passes done, their most, and the loss."""
    told: list[tuple[int, int, float]] = []
    X, y = rows(3, 1)
    network = FullyConnected(sequence_length=LENGTH, epochs=3).fit(X, y, progress=lambda *each: told.append(each))
    assert told == [(number + 1, 3, loss) for number, loss in enumerate(network.losses_)]


def test_refuses_what_cannot_be_trained() -> None:
    """One class, infinity, an unknown shape, a sequence longer than the row and an impossible freeze are each said plainly."""
    X, y = rows(3, 1, "published")
    with pytest.raises(ValueError, match="one class"):
        FullyConnected(sequence_length=0).fit(X, np.full(len(y), "a"))
    with pytest.raises(ValueError, match="infinity"):
        FullyConnected(sequence_length=0).fit(np.where(X > 0, np.inf, X), y)
    with pytest.raises(ValueError, match="shape must be one of"):
        FullyConnected(shape="square", sequence_length=0).fit(X, y)
    with pytest.raises(ValueError, match="sequence_length"):
        FullyConnected(sequence_length=100).fit(X, y)
    network = FullyConnected(sequence_length=0, epochs=1).fit(X, y)
    with pytest.raises(ValueError, match="freeze must be from 0 to 4"):
        network.retrain(X, y, freeze=5)
