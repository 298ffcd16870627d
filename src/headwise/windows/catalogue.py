"""The feature catalogue: what each number of a window means."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Quantity:
    """A number of each raw window: a field, or what a function derives from all fields.

    Attributes
    ----------
    path : tuple of str and int
        Field names and positions in dtype `headwise.windows._raw.WINDOW`; empty where `derive` is given.
    derive : callable, optional
        Takes an array of raw windows, gives one number each.
    """

    path: tuple[str | int, ...] = ()
    derive: Callable[[np.ndarray], np.ndarray] | None = None

    def values(self, raw: np.ndarray) -> np.ndarray:
        """Return the number of each window, float64."""
        if self.derive is not None:
            return np.asarray(self.derive(raw), np.float64)
        found: Any = raw
        for step in self.path:
            found = found[:, step] if isinstance(step, int) else found[step]
        return np.asarray(found, np.float64)


@dataclass(frozen=True)
class Formula:
    """What a feature is: ``value``, or ``value / divisor``; NaN where ``where`` is 0."""

    value: Quantity
    divisor: Quantity | None = None
    where: Quantity | None = None


@dataclass(frozen=True)
class Definition:
    """A feature and how it is made."""

    feature: Feature
    formula: Formula


@functools.cache
def definitions() -> tuple[Definition, ...]:
    """Return every feature with its formula, in the order of the columns."""
    from headwise.windows import features

    return tuple(definition for group in features.GROUPS for definition in group.definitions())


@functools.cache
def catalogue() -> tuple[Feature, ...]:
    """Return every feature, in the order of the columns."""
    return tuple(definition.feature for definition in definitions())


@functools.cache
def names() -> tuple[str, ...]:
    """Return the features' names, in the order of the columns."""
    return tuple(feature.name for feature in catalogue())


def delays_among(names: Sequence[str]) -> tuple[int, ...]:
    """Return the positions of those features that are delays, in seconds; names of another feature set are none."""
    delays = {feature.name for feature in catalogue() if feature.unit == "s"}
    return tuple(place for place, name in enumerate(names) if name in delays)
