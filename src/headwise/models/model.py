"""A model that was loaded: windows in, probabilities out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from headwise.errors import ModelFileError
from headwise.models.archive import read_archive
from headwise.models.fingerprints import Likeness
from headwise.models.forest_graph import read_forest
from headwise.models.knowledge import FILE as KNOWLEDGE
from headwise.models.knowledge import Knowledge, read_knowledge
from headwise.models.litert.files import FLOAT, INT8, beside
from headwise.models.litert.graph import read_litert
from headwise.models.litert.runtime import LiteRtRuntime
from headwise.models.manifest import Manifest
from headwise.models.operators import Value, read_graph
from headwise.models.runtime import OnnxRuntime, Runtime, give_memory_back
from headwise.models.voting import calibrate, each_against_rest
from headwise.windows import FEATURE_SETS, SEQUENCE_VALUES, feature_set
from headwise.windows.feature_sets import OURS

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
    knowledge : Knowledge
        Of its products, where the file has any.
    """

    manifest: Manifest
    runtimes: tuple[Runtime, ...]
    knowledge: Knowledge = field(default_factory=Knowledge)

    @cached_property
    def likeness(self) -> Likeness:
        """How like its products' the marks of a device are; of nothing in a model of categories."""
        return likeness_of(self.manifest, self.knowledge)

    def probabilities(self, features: np.ndarray, sequence: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities of windows, by what the graphs say and by their marks.

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
        found, manifest = self.raw_probabilities(features, sequence), self.manifest
        if not self.likeness:
            return calibrate(found, manifest.temperature)
        marks = self.likeness.of_windows(features, manifest.features, at_home=not manifest.from_elsewhere)
        return calibrate(found, manifest.temperature, marks)

    def raw_probabilities(self, features: np.ndarray, sequence: np.ndarray) -> np.ndarray:
        """Return what the graphs say, before calibration: n x classes."""
        return self.of_rows(rows_of(features, sequence, self.manifest.sequence))

    def of_rows(self, rows: np.ndarray) -> np.ndarray:
        """Return what the graphs say of rows (n x columns) as `rows_of` makes them, before calibration: n x classes."""
        if len(rows) == 0:
            return np.zeros((0, len(self.manifest.classes)))
        parts = [runtime.probabilities(rows) for runtime in self.runtimes]
        if len(parts) == 1:
            return parts[0].astype(float)
        return each_against_rest(np.stack([part[:, 1] for part in parts], axis=1).astype(float))


def likeness_of(manifest: Manifest, knowledge: Knowledge) -> Likeness:
    """Return what tells how like the products' of a model the marks of a device are; of nothing where it is one of categories."""
    return Likeness({} if manifest.label == "category" else knowledge.fingerprints, manifest.classes)


def load_model(path: Path, runtime: str | None = None, feature_sets: tuple[str, ...] = (OURS,)) -> Model:
    """Load a model file, after every check.

    Parameters
    ----------
    path : Path
        The file.
    runtime : str, optional
        What is to run it, one of `headwise.models.runtime.RUNTIMES`; by default the packet core where it holds trees alone, else
        ONNX Runtime.
    feature_sets : tuple of str
        Those of `headwise.windows.FEATURE_SETS` that are wanted; what names devices has windows alone.

    Raises
    ------
    ModelFileError
        Where it is broken, altered, or made for other features; says which. Also where it holds nothing for the runtime.
    SystemFailure
        Where the runtime is not installed.
    """
    manifest, files = read_archive(path)
    check_features(manifest, str(path), feature_sets)
    knowledge = read_knowledge(files[KNOWLEDGE], str(path)) if KNOWLEDGE in files else Knowledge()
    return Model(manifest, load_runtimes(manifest, files, str(path), runtime), knowledge)


def load_runtimes(manifest: Manifest, files: Mapping[str, bytes], where: str, runtime: str | None) -> tuple[Runtime, ...]:
    """Load the graphs of a model into a runtime, after checking them; parameters and errors as of `load_model`."""
    if runtime in (None, "core", "onnx"):
        check_graphs(manifest, files, where)
        return tuple(_load_graph(manifest, files[name], f"{where}, {name}", runtime) for name in manifest.graphs)
    names = check_litert(manifest, files, where, int8=runtime == "litert-int8")
    return tuple(LiteRtRuntime(files[name], f"{where}, {name}") for name in names)


def _load_graph(manifest: Manifest, graph: bytes, where: str, runtime: str | None) -> Runtime:
    forest = None if runtime == "onnx" else read_forest(graph, columns_of(manifest), outputs_of(manifest), where)
    if forest is not None:
        give_memory_back()
        return forest
    if runtime == "core":
        raise ModelFileError("holds more than trees, which the packet core does not run", where=where, do="use --runtime onnx")
    return OnnxRuntime(graph, where)


def check_features(manifest: Manifest, where: str, feature_sets: tuple[str, ...] = FEATURE_SETS) -> None:
    """Refuse a model of other features than this headwise makes, or than `feature_sets` are."""
    if manifest.feature_set not in feature_sets:
        what = f"was trained on the feature set {manifest.feature_set}, of which this is not done"
        raise ModelFileError(what, where=where, do=f"use a model of the feature set {' or '.join(feature_sets)}")
    made = feature_set(manifest.feature_set)
    if manifest.features_version != made.version:
        raise ModelFileError(
            f"was trained on features of version {manifest.features_version}; this headwise makes version {made.version}",
            where=where,
            do="train it again, or use a headwise of its age",
        )
    differing = sorted(set(manifest.features).symmetric_difference(made.features))
    if differing or manifest.features != made.features:
        what = f"the feature '{differing[0]}' is not in both" if differing else "they are in another order"
        raise ModelFileError(f"was trained on other features: {what}", where=where, do="train it again")


def check_graphs(manifest: Manifest, files: Mapping[str, bytes], where: str) -> None:
    """Refuse graphs that run what they need not, or whose inputs and outputs are not those the manifest promises."""
    columns, outputs = columns_of(manifest), outputs_of(manifest)
    for name in manifest.graphs:
        place, do = f"{where}, {name}", "get the model file again"
        graph = read_graph(files[name], place)
        if [value.shape for value in graph.inputs] != [(None, columns)]:
            raise ModelFileError(f"takes {_shapes(graph.inputs)}, not rows of {columns}", where=place, do=do)
        if not graph.outputs or graph.outputs[-1].shape != (None, outputs):
            raise ModelFileError(f"gives {_shapes(graph.outputs)}, not {outputs} columns", where=place, do=do)


def check_litert(manifest: Manifest, files: Mapping[str, bytes], where: str, *, int8: bool) -> tuple[str, ...]:
    """Return the names of the LiteRT files, one a graph, after the same check; refuse a model that has none."""
    names = tuple(beside(graph, INT8 if int8 else FLOAT) for graph in manifest.graphs)
    for name in names:
        place = f"{where}, {name}"
        if name not in files:
            do = f"make it with: headwise export {where} --to litert{' --quantize int8' if int8 else ''}; or use --runtime onnx"
            raise ModelFileError(f"holds no '{name}'", where=where, do=do)
        graph = read_litert(files[name], place)
        if graph.inputs[0].shape != (1, columns_of(manifest)) or graph.outputs[0].shape != (1, outputs_of(manifest)):
            what = f"takes {graph.inputs[0].shape} and gives {graph.outputs[0].shape}, not a row of {columns_of(manifest)} and"
            raise ModelFileError(f"{what} {outputs_of(manifest)}", where=place, do="export the model again")
    return names


def outputs_of(manifest: Manifest) -> int:
    """Return how many columns a graph gives."""
    return len(manifest.classes) if len(manifest.graphs) == 1 else 2


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
