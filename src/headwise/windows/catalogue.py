"""The feature catalogue: what each number of a window means."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

FEATURES_VERSION = 1
"""Raised when any feature's meaning changes, or one is added or dropped: a model refuses windows of another version."""


@dataclass(frozen=True)
class Feature:
    """One number of a window.

    Attributes
    ----------
    name : str
        Column name.
    unit : str
        Such as ``bytes``, ``s``, ``share`` (0 to 1), ``count``.
    meaning : str
        What it is, and when it is undefined (NaN).
    direction : str
        ``sent``, ``received`` or ``both``.
    group : str
        Which part of the catalogue it belongs to.
    since : int
        Version of the catalogue that brought it.
    """

    name: str
    unit: str
    meaning: str
    direction: str
    group: str
    since: int = 1


Formula = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Definition:
    """A feature with how it is computed from an array of raw windows (dtype `headwise.windows._raw.WINDOW`)."""

    feature: Feature
    formula: Formula


@functools.cache
def definitions() -> tuple[Definition, ...]:
    """Return every feature with its formula, in the order of the columns."""
    from headwise.windows import features

    found = tuple(definition for group in features.GROUPS for definition in group.definitions())
    names = [definition.feature.name for definition in found]
    if len(set(names)) != len(names):
        raise AssertionError(f"features that share a name: {sorted({name for name in names if names.count(name) > 1})}")
    return found


def catalogue() -> tuple[Feature, ...]:
    """Return every feature, in the order of the columns."""
    return tuple(definition.feature for definition in definitions())


@functools.cache
def names() -> tuple[str, ...]:
    """Return the features' names, in the order of the columns."""
    return tuple(feature.name for feature in catalogue())


def compute(raw: np.ndarray) -> np.ndarray:
    """Return the features of raw windows, float32, shape ``(n, features)``; NaN where undefined."""
    out = np.empty((len(raw), len(definitions())), np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        for column, definition in enumerate(definitions()):
            out[:, column] = definition.formula(raw)
    return out
