"""A model that was loaded: windows in, probabilities out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headwise.errors import ModelFileError
from headwise.models.archive import read_archive
from headwise.models.manifest import Manifest
from headwise.models.operators import Value, read_graph
from headwise.models.runtime import OnnxRuntime, Runtime
from headwise.models.voting import calibrate, each_against_rest
from headwise.windows import FEATURES_VERSION, SEQUENCE_VALUES, names

VALUES_A_PACKET = len(SEQUENCE_VALUES)


@dataclass(frozen=True)
class Model:
    """A checked model file in memory.

    Attributes
    ----------
    manifest : Manifest
        What it says of itself.
    runtimes : tuple of Runtime
        One, or one a class.
    """

    manifest: Manifest
    runtimes: tuple[Runtime, ...]

    def probabilities(self, features: np.ndarray, sequence: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities of windows.

        Parameters
        ----------
        features : float32 array of n x F
            In the order of `manifest.features`.
        sequence : float32 array of n x L x 4
            The first packets; at least as many as `manifest.sequence`.

        Returns
        -------
        float array of n x classes
        """
        return calibrate(self.raw_probabilities(features, sequence), self.manifest.temperature)

    def raw_probabilities(self, features: np.ndarray, sequence: np.ndarray) -> np.ndarray:
        """Return what the graphs say, before calibration: n x classes."""
        rows = rows_of(features, sequence, self.manifest.sequence)
        if len(rows) == 0:
            return np.zeros((0, len(self.manifest.classes)))
        parts = [runtime.probabilities(rows) for runtime in self.runtimes]
        if len(parts) == 1:
            return parts[0].astype(float)
        return each_against_rest(np.stack([part[:, 1] for part in parts], axis=1).astype(float))


def load_model(path: Path) -> Model:
    """Load a model file, after every check.

    Raises
    ------
    ModelFileError
        Where it is broken, altered, or made for other features; says which.
    """
    manifest, files = read_archive(path)
    check_features(manifest, str(path))
    check_graphs(manifest, files, str(path))
    return Model(manifest, tuple(OnnxRuntime(files[name], f"{path}, {name}") for name in manifest.graphs))


def check_features(manifest: Manifest, where: str) -> None:
    """Refuse a model of other features than this headwise makes."""
    if manifest.features_version != FEATURES_VERSION:
        raise ModelFileError(
            f"was trained on features of version {manifest.features_version}; this headwise makes version {FEATURES_VERSION}",
            where=where,
            do="train it again, or use a headwise of its age",
        )
    differing = sorted(set(manifest.features).symmetric_difference(names()))
    if differing or manifest.features != names():
        what = f"the feature '{differing[0]}' is not in both" if differing else "they are in another order"
        raise ModelFileError(f"was trained on other features: {what}", where=where, do="train it again")


def check_graphs(manifest: Manifest, files: Mapping[str, bytes], where: str) -> None:
    """Refuse graphs that run what they need not, or whose inputs and outputs are not those the manifest promises."""
    columns = columns_of(manifest)
    outputs = len(manifest.classes) if len(manifest.graphs) == 1 else 2
    for name in manifest.graphs:
        place, do = f"{where}, {name}", "get the model file again"
        graph = read_graph(files[name], place)
        if [value.shape for value in graph.inputs] != [(None, columns)]:
            raise ModelFileError(f"takes {_shapes(graph.inputs)}, not rows of {columns}", where=place, do=do)
        if not graph.outputs or graph.outputs[-1].shape != (None, outputs):
            raise ModelFileError(f"gives {_shapes(graph.outputs)}, not {outputs} columns", where=place, do=do)


def columns_of(manifest: Manifest) -> int:
    """Return how many numbers a graph takes of a window."""
    return len(manifest.features) + manifest.sequence * VALUES_A_PACKET


def rows_of(features: np.ndarray, sequence: np.ndarray, packets: int) -> np.ndarray:
    """Return the matrix that families are trained on and graphs take: features, then the first packets' values."""
    if not packets:
        return features
    return np.concatenate([features, sequence[:, :packets].reshape(len(sequence), -1)], axis=1)


def _shapes(values: tuple[Value, ...]) -> str:
    return " and ".join(str(value.shape) for value in values) or "nothing"
