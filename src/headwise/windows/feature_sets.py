"""Sets of features that a model can be trained on: ours, and one of published work to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from headwise.windows.catalogue import FEATURES_VERSION, names
from headwise.windows.flow_features import FLOW_FEATURES_VERSION, FLOW_NAMES

FLOW = "flow"
OURS, KOLCUN = "headwise", "kolcun2020"
FEATURE_SETS = (OURS, KOLCUN)


@dataclass(frozen=True)
class FeatureSet:
    """Which features a row has, and of what it is a row.

    Attributes
    ----------
    name : str
        As the command line and model files have it.
    version : int
        Of the features' meaning.
    features : tuple of str
        Their names, in order.
    """

    name: str
    version: int
    features: tuple[str, ...]


def feature_set(name: str) -> FeatureSet:
    """Return one of `FEATURE_SETS`."""
    return FeatureSet(KOLCUN, FLOW_FEATURES_VERSION, FLOW_NAMES) if name == KOLCUN else FeatureSet(OURS, FEATURES_VERSION, names())


def feature_set_of(length: float | Literal["capture", "flow"]) -> str:
    """Return the name of the set that rows of such a length have: flows have one of their own."""
    return KOLCUN if length == FLOW else OURS
