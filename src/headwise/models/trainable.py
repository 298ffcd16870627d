"""A model file as something to go on training from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from headwise.errors import ModelFileError
from headwise.models.archive import read_archive
from headwise.models.families import Family, Network, is_network, names
from headwise.models.groups import GROUPS, Group
from headwise.models.manifest import Manifest
from headwise.models.model import check_features, columns_of
from headwise.models.replay import FILE as REPLAY
from headwise.models.replay import read_replay
from headwise.models.training import maker
from headwise.models.weights import read_weights
from headwise.testbeds import LabelledWindows

MOST_PARAMETER = 100_000
_DO = "train it anew with headwise train"


@dataclass(frozen=True)
class Trainable:
    """What a model file holds for retraining.

    Attributes
    ----------
    where : str
        The file.
    manifest : Manifest
        What it says of itself.
    networks : tuple of Network
        Fitted, one or one a class; none where the family is refitted.
    replay : LabelledWindows or None
        Sample of what it learned from.
    files : dict of str to bytes
        All that is in it.
    """

    where: str
    manifest: Manifest
    networks: tuple[Network, ...]
    replay: LabelledWindows | None
    files: Mapping[str, bytes]

    @property
    def group(self) -> Group:
        """What it has a model of."""
        return GROUPS[self.manifest.group]


def read_trainable(path: Path) -> Trainable:
    """Read a model file to go on training from, after every check.

    Raises
    ------
    ModelFileError
        Where it is broken, altered, made for other features, or holds a network without its weights.
    """
    manifest, files = read_archive(path)
    where = str(path)
    check_features(manifest, where)
    if manifest.family not in names() or manifest.group not in GROUPS:
        raise ModelFileError(f"is of family {manifest.family!a}, group {manifest.group!a}, which are not known here", where=where, do=_DO)
    if GROUPS[manifest.group].label != manifest.label or len(manifest.graphs) not in _members(manifest):
        raise ModelFileError(f"has a manifest that contradicts its group {manifest.group}", where=where, do=_DO)
    replay = read_replay(files[REPLAY], manifest, where) if REPLAY in files else None
    return Trainable(where, manifest, tuple(_networks(manifest, files, where)), replay, files)


def make_again(manifest: Manifest, where: str, seed: int, jobs: int | None = None) -> Family:
    """Return an unfitted model as a manifest describes it, with no parameter beyond reason.

    Raises
    ------
    ModelFileError
        Where a parameter is none of the family's, or out of bounds.
    """
    if strange := [name for name, value in manifest.parameters.items() if not _reasonable(value)]:
        raise ModelFileError(f"has a parameter beyond reason: {strange[0]!a}", where=where, do=_DO)
    names = () if manifest.from_elsewhere else manifest.features
    model = maker(manifest.family, seed, manifest.parameters, jobs, names)()
    if model.get_params().get("sequence_length", 0) != manifest.sequence:
        raise ModelFileError("has a manifest that contradicts itself on the sequence's length", where=where, do=_DO)
    return model


def load_network(manifest: Manifest, weights: dict[str, np.ndarray], where: str, seed: int = 0) -> Network:
    """Return a fitted network of given weights.

    Raises
    ------
    ModelFileError
        Where they are not those of such a network.
    """
    classes: Any = [False, True] if GROUPS[manifest.group].each else list(manifest.classes)
    model = make_again(manifest, where, seed)
    assert is_network(model)
    try:
        model.load_weights(weights, np.array(classes), columns_of(manifest))
    except ValueError as error:
        raise ModelFileError(f"holds weights of another network: {str(error).splitlines()[0]}", where=where, do=_DO) from error
    return model


def _networks(manifest: Manifest, files: Mapping[str, bytes], where: str) -> list[Network]:
    if not is_network(make_again(manifest, where, 0)):
        return []
    if not manifest.weights:
        raise ModelFileError("holds no weights to go on from", where=where, do=_DO)
    read = ((f"{where}, {name}", read_weights(files[name], manifest.weights, f"{where}, {name}")) for name in manifest.weight_files())
    return [load_network(manifest, weights, place) for place, weights in read]


def _members(manifest: Manifest) -> tuple[int, ...]:
    return (len(manifest.classes),) if GROUPS[manifest.group].each else (1,)


def _reasonable(value: object) -> bool:
    if isinstance(value, str):
        return len(value) < 50
    if isinstance(value, bool) or value is None:
        return True
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) <= MOST_PARAMETER
