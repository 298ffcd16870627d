"""What a model file holds, told without running it."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from headwise.errors import ModelFileError
from headwise.models.archive import read_archive
from headwise.models.forest_graph import read_forest
from headwise.models.knowledge import FILE as KNOWLEDGE
from headwise.models.knowledge import read_knowledge
from headwise.models.litert.files import CONSTANTS, FLOAT, INT8, beside
from headwise.models.litert.refresh import check_map
from headwise.models.litert.stored import read_map
from headwise.models.manifest import Manifest
from headwise.models.model import check_features, check_graphs, check_litert, columns_of, outputs_of
from headwise.models.replay import FILE as REPLAY
from headwise.models.replay import read_replay
from headwise.models.weights import read_weights

PACKAGES = {"core": "headwise", "onnx": "onnxruntime", "litert": "ai_edge_litert", "litert-int8": "ai_edge_litert"}


@dataclass(frozen=True)
class Availability:
    """Whether a runtime can run a model here.

    Attributes
    ----------
    name : str
        One of `headwise.models.runtime.RUNTIMES`.
    held : bool
        Whether the model file holds what it runs.
    installed : bool
        Whether it is installed here.
    """

    name: str
    held: bool
    installed: bool


@dataclass(frozen=True)
class Inspected:
    """What is known of a model file whose members were all checked.

    Attributes
    ----------
    manifest : Manifest
    files : dict of str to int
        Bytes of each file in it.
    runtimes : tuple of Availability
    notes : tuple of str
        What keeps it from being used here.
    """

    manifest: Manifest
    files: dict[str, int]
    runtimes: tuple[Availability, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        manifest = asdict(self.manifest)
        kept = {name: manifest[name] for name in _SHOWN}
        runtimes = [asdict(each) for each in self.runtimes]
        return {**kept, "features": len(self.manifest.features), "files": self.files, "runtimes": runtimes, "notes": list(self.notes)}


_SHOWN = """
family group label classes categories feature_set features_version sequence length temperature
unknown_below familiar_above parameters training scores libraries seed
""".split()


def inspect(path: Path) -> Inspected:
    """Read a model file and check every member that a runtime would load.

    Raises
    ------
    ModelFileError
        Where it is broken or altered; says which member.
    """
    manifest, files = read_archive(path)
    where = str(path)
    check_graphs(manifest, files, where)
    held = {
        "core": _of_trees(manifest, files, where),
        "onnx": True,
        "litert": _holds(manifest, files, FLOAT),
        "litert-int8": _holds(manifest, files, INT8),
    }
    for name in ("litert", "litert-int8"):
        if held[name]:
            check_litert(manifest, files, where, int8=name == "litert-int8")
    _check_others(manifest, files, where)
    runtimes = tuple(Availability(name, held[name], importlib.util.find_spec(package) is not None) for name, package in PACKAGES.items())
    sizes = {name: len(content) for name, content in files.items()}
    return Inspected(manifest, sizes, runtimes, tuple(_notes(manifest, where)))


def _of_trees(manifest: Manifest, files: Mapping[str, bytes], where: str) -> bool:
    of_one = (columns_of(manifest), outputs_of(manifest))
    return all(read_forest(files[name], *of_one, f"{where}, {name}") is not None for name in manifest.graphs)


def _holds(manifest: Manifest, files: Mapping[str, bytes], ending: str) -> bool:
    return any(beside(graph, ending) in files for graph in manifest.graphs)


def _check_others(manifest: Manifest, files: Mapping[str, bytes], where: str) -> None:
    for graph in manifest.graphs:
        if (name := beside(graph, CONSTANTS)) in files and (made := beside(graph, FLOAT)) in files:
            check_map(files[made], read_map(files[name], len(files[made]) // 4, f"{where}, {name}"), f"{where}, {made}")
    for name in manifest.weight_files():
        read_weights(files[name], manifest.weights, f"{where}, {name}")
    if KNOWLEDGE in files:
        read_knowledge(files[KNOWLEDGE], where)
    if REPLAY in files:
        read_replay(files[REPLAY], manifest, where)


def _notes(manifest: Manifest, where: str) -> list[str]:
    try:
        check_features(manifest, where)
    except ModelFileError as error:
        return [error.what]
    return []
