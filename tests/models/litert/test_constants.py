"""Where a network's weights lie in a converted file."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.errors import ModelFileError
from headwise.models.litert.constants import ConstantMap, find
from headwise.models.litert.convert import marker_weights

SHAPES = {"dense": (6, 4), "bias": (6,), "bias_again": (6,)}
FIXED = np.array([0.5, 8.0], np.float32)
HEADER = b"head"


def drawn(seed: int) -> dict[str, np.ndarray]:
    """Return weights as training might leave them."""
    random = np.random.default_rng(seed)
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in SHAPES.items()}


def converted(weights: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Return constants as a converter may store them: transposed, twice, two vectors as their sum, and what is no weight."""
    dense = np.ascontiguousarray(weights["dense"].T).ravel()
    return [dense, FIXED, weights["bias"] + weights["bias_again"], dense[:4].copy()]


def file_of(buffers: list[np.ndarray]) -> tuple[bytes, list[tuple[int, np.ndarray]]]:
    """Return a file that holds the constants one behind the other, and where each is."""
    offsets = np.cumsum([len(HEADER), *(buffer.nbytes for buffer in buffers)])[:-1]
    return HEADER + b"".join(buffer.tobytes() for buffer in buffers), list(zip(offsets.tolist(), buffers, strict=True))


def mapped() -> tuple[bytes, ConstantMap]:
    """Return the file made with marker weights and the map found in it."""
    markers = marker_weights(drawn(0), seed=1)
    file, buffers = file_of(converted(markers))
    return file, find(buffers, markers, converted({name: -value for name, value in markers.items()}))


@pytest.mark.parametrize("seed", [2, 3])
def test_writing_weights_gives_the_file_a_converter_would(seed: int) -> None:
    """Weights written through the map give, byte for byte, the file of a conversion with them."""
    file, constants = mapped()
    assert constants.write(file, drawn(seed)) == file_of(converted(drawn(seed)))[0]


def test_a_constant_that_is_no_weight_and_no_sum_is_refused() -> None:
    """A product of weights cannot be mapped, which is said when the map is made."""
    markers = marker_weights(drawn(0), seed=1)
    folded = [(0, markers["bias"] * markers["bias_again"])]
    with pytest.raises(ModelFileError, match="no weight and no sum of two"):
        find(folded, markers, [np.zeros(6, np.float32)])


def test_weights_that_do_not_fit_are_refused() -> None:
    """A missing weight, another shape, and a map that points outside the file are each refused."""
    file, constants = mapped()
    weights = drawn(2)
    with pytest.raises(ModelFileError, match="lack bias"):
        constants.write(file, {"dense": weights["dense"]})
    with pytest.raises(ModelFileError, match="other shapes"):
        constants.write(file, weights | {"bias": np.zeros(7, np.float32)})
    with pytest.raises(ModelFileError, match="outside"):
        constants.write(file[:-8], weights)


def test_marker_weights_are_all_different() -> None:
    """No marker equals another, nor the sum of two vectors of one length."""
    markers = marker_weights(drawn(0), seed=4)
    every = np.concatenate([*(value.ravel() for value in markers.values()), markers["bias"] + markers["bias_again"]])
    assert len(np.unique(every)) == len(every)
    assert {name: value.shape for name, value in markers.items()} == SHAPES
