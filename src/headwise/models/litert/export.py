"""A model file's networks as LiteRT files, put beside its ONNX graphs; x86-64 only, in a process that ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from headwise.errors import InputError, SystemFailure
from headwise.models.litert.agreement import Agreement, compare, rows_to_compare
from headwise.models.litert.convert import convert, quantize
from headwise.models.litert.files import CONSTANTS, FLOAT, INT8, beside
from headwise.models.litert.refresh import rewritten
from headwise.models.litert.stored import write_map
from headwise.models.manifest import Manifest
from headwise.models.model import Model, columns_of, load_runtimes, rows_of
from headwise.models.trainable import Trainable

Tell = Callable[[float, str], None]


@dataclass(frozen=True)
class Exported:
    """A model with LiteRT files.

    Attributes
    ----------
    manifest : Manifest
        With the agreement of the runtimes among its scores.
    files : dict of str to bytes
        All files of the model.
    agreements : dict of str to Agreement
        With ONNX Runtime, by runtime.
    real_rows : int
        How many of the compared rows are of real windows.
    """

    manifest: Manifest
    files: dict[str, bytes]
    agreements: dict[str, Agreement]
    real_rows: int


def export(model: Trainable, *, int8: bool = False, tell: Tell | None = None) -> Exported:
    """Convert the networks of a model file, and compare what they say with ONNX Runtime.

    One network is converted; the others of a group are of the same shape, and get their weights through the map of constants.

    Parameters
    ----------
    model : Trainable
        As `headwise.models.trainable.read_trainable` gives it.
    int8 : bool
        Add files with weights in 8 bits.
    tell : callable, optional
        Told the share done and a word on it.

    Raises
    ------
    InputError
        Where the family is no network that LiteRT runs.
    SystemFailure
        Where the converter is not installed, or what it made does not agree.
    """
    family, group = model.manifest.family, model.manifest.group
    if not model.networks:
        what = f"is of family {family}; LiteRT runs networks"
        raise InputError(what, where=model.where, do="use it as it is: the packet core runs trees")
    if model.networks[0].stays and len(model.networks) > 1:
        what = f"is a group ({group}) of the family {family}, whose networks differ in more than LiteRT's files can be told"
        raise InputError(what, where=model.where, do="use it as it is: ONNX Runtime runs every family")
    rows, real = _rows(model)
    files = {name: content for name, content in model.files.items() if not name.endswith((FLOAT, CONSTANTS))}
    files |= _float_files(model, rows, tell or _silent)
    if int8:
        graphs = model.manifest.graphs
        files |= {beside(name, INT8): quantize(files[beside(name, FLOAT)]) for name in graphs}
    agreements = _agreements(model, files, rows, ["litert", *(["litert-int8"] if int8 else [])])
    if not agreements["litert"].holds:
        raise SystemFailure(f"LiteRT differs from ONNX Runtime by {agreements['litert'].difference:.2g}", where=model.where)
    recorded = {name: agreement.to_json() for name, agreement in agreements.items()}
    manifest = replace(model.manifest, scores={**model.manifest.scores, "runtimes": recorded})
    return Exported(manifest, files, agreements, real)


def _float_files(model: Trainable, rows: np.ndarray, tell: Tell) -> dict[str, bytes]:
    manifest = model.manifest
    tell(0.0, "converting")
    converted = convert(model.networks[0].network(), columns_of(manifest), stays=model.networks[0].stays)
    stored, found = write_map(converted.constants), {}
    for number, (name, network) in enumerate(zip(manifest.graphs, model.networks, strict=True)):
        place = f"{model.where}, {beside(name, FLOAT)}"
        found[beside(name, FLOAT)] = rewritten(converted.file, converted.constants, network.weights(), model.files[name], rows, place)
        found[beside(name, CONSTANTS)] = stored
        tell(0.5 + 0.5 * (number + 1) / len(manifest.graphs), "verifying")
    return found


def _agreements(model: Trainable, files: dict[str, bytes], rows: np.ndarray, runtimes: list[str]) -> dict[str, Agreement]:
    def ask(runtime: str) -> np.ndarray:
        loaded = Model(model.manifest, load_runtimes(model.manifest, files, model.where, runtime))
        return loaded.of_rows(rows)

    expected = ask("onnx")
    return {name: compare(ask(name), expected) for name in runtimes}


def _rows(model: Trainable) -> tuple[np.ndarray, int]:
    replay, manifest = model.replay, model.manifest
    real = rows_of(replay.features, replay.sequence, manifest.sequence) if replay is not None else None
    rows = rows_to_compare(columns_of(manifest), real)
    return rows, len(rows) - len(rows_to_compare(columns_of(manifest)))


def _silent(share: float, note: str) -> None:
    pass
