"""Networks that were trained a little and converted, once for all tests."""

from __future__ import annotations

import functools
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.machine import lacking
from tests.models.synthetic import PACKETS, synthetic_windows

COLUMNS = 20 + PACKETS * 4


@dataclass(frozen=True)
class Case:
    """A fitted network, and what the converter made of it."""

    network: Any
    converted: Any
    rows: np.ndarray
    labels: np.ndarray


def rows(seed: int, count: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of three classes that lie apart, a tenth of their values missing, and their classes."""
    random = np.random.default_rng(seed)
    kinds = random.integers(0, 3, count)
    values = (np.random.default_rng(99).normal(scale=3, size=(3, COLUMNS))[kinds] + random.normal(size=(count, COLUMNS))).astype(np.float32)
    values[random.random(values.shape) < 0.1] = np.nan
    return values, np.array(["hub", "lamp", "plug"])[kinds]


def require_converter() -> None:
    """End the test where networks cannot be converted."""
    if platform.machine() != "x86_64":
        pytest.skip("LiteRT's converter is for x86-64 alone")
    try:
        import litert_torch.version  # noqa: F401
    except ImportError:
        lacking("LiteRT's converter is not installed: networks cannot be converted")


@pytest.fixture(scope="session")
def case() -> Callable[[str, str], Case]:
    """Return what trains and converts a network of a family and shape, or returns the one it made before."""
    require_converter()
    from headwise.models.families import family
    from headwise.models.litert.convert import convert

    @functools.cache
    def make(name: str, shape: str) -> Case:
        values, labels = rows(1)
        packets = PACKETS if shape == "product" else 0
        network = family(name)().set_params(shape=shape, sequence_length=packets, epochs=3, learning_rate=5e-3)
        if name == "hybrid":
            network.set_params(least_steps=60, known=40)
        network.fit(values, labels)
        return Case(network, convert(network.network(), COLUMNS, stays=network.stays), values, labels)

    return make


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model file of a group of one network a category, with LiteRT files of both kinds."""
    require_converter()
    from headwise.models.archive import write_archive
    from headwise.models.groups import GROUPS
    from headwise.models.litert.export import export
    from headwise.models.trainable import read_trainable
    from headwise.models.training import train

    path = tmp_path_factory.mktemp("litert") / "home.headwise"
    windows = synthetic_windows(classes=4, days=4, each=8)
    parameters = {"sequence_length": PACKETS, "epochs": 4}
    train(windows, family_name="fc", group=GROUPS["per-category"], parameters=parameters).save(path)
    found = export(read_trainable(path), int8=True)
    write_archive(path, found.manifest, found.files)
    return path
