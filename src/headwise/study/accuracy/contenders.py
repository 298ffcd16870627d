"""What is measured side by side: the plain forest, headwise's trees, and the steps between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from headwise.models.fingerprints import Likeness, learn_fingerprints, showings
from headwise.models.training import maker
from headwise.models.voting import calibrate, vote_by
from headwise.testbeds import LabelledWindows
from headwise.windows import content_weights

NS = 1_000_000_000


@dataclass(frozen=True)
class Contender:
    """A way to name windows and units.

    Attributes
    ----------
    name : str
        For tables.
    family : str
        Of `headwise.models.families`.
    parameters : mapping
        Of the family's constructor.
    steps : bool
        Whether delays are learned in steps, as in the product.
    weighs : bool
        Whether the windows of a unit count by what they hold, as in the product, or all the same.
    marks : bool
        Whether the marks of a window count beside what the family says of it, as in the product.
    columns : tuple of int, optional
        Positions of the features that it looks at; all of them by default.
    """

    name: str
    family: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    steps: bool = False
    weighs: bool = False
    marks: bool = False
    columns: tuple[int, ...] | None = None


PLAIN = Contender("plain", "rfc", {"n_estimators": 500, "max_leaf_nodes": None, "class_weight": None})
OURS = Contender("headwise", "etc", steps=True, weighs=True, marks=True)
FAMILIES = tuple(Contender(f"family {name}", name, steps=True, marks=True) for name in ("rfc", "dtc"))
STEPS = (
    PLAIN,
    Contender("extremely randomised trees", "etc", {"twins_above": 1.0}),
    Contender("and delays learned in steps", "etc", {"twins_above": 1.0}, steps=True),
    Contender("and specialists for twins", "etc", steps=True),
    Contender("and evidence weighed by content", "etc", steps=True, weighs=True),
    Contender("and marks", "etc", steps=True, weighs=True, marks=True),
)


@dataclass(frozen=True)
class Fitted:
    """A contender that has learned.

    Attributes
    ----------
    classes : array of str
        Sorted.
    """

    contender: Contender
    classes: np.ndarray
    model: Any
    likeness: Likeness | None = None
    shown: tuple[str, ...] = ()

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Return probabilities (n x classes), before calibration."""
        seen = _looked_at(self.contender, features)
        found: np.ndarray = self.model.predict_proba(seen)
        return found if self.likeness is None else calibrate(found, 1.0, self.likeness.of_windows(seen, self.shown, at_home=True))

    def names(self, features: np.ndarray) -> np.ndarray:
        """Return the likeliest class of each window, whatever else is known of its device."""
        best = self.probabilities(features).argmax(axis=1)
        return np.asarray(self.classes[best])


def fit(contender: Contender, windows: LabelledWindows, seed: int = 0, jobs: int = 1) -> Fitted:
    """Train a contender on windows in the order of time, to tell their products."""
    features, labels = _looked_at(contender, windows.features), windows.product.astype(str)
    names = windows.names if contender.columns is None else tuple(windows.names[place] for place in contender.columns)
    model = maker(contender.family, seed, contender.parameters, jobs, names if contender.steps else ())().fit(features, labels)
    classes = model.classes_.astype(object)
    if not contender.marks:
        return Fitted(contender, classes, model)
    shown = zip(labels.tolist(), windows.units().tolist(), showings(features, names), strict=True)
    return Fitted(contender, classes, model, Likeness(learn_fingerprints(shown), classes.tolist()), names)


@dataclass(frozen=True)
class Votes:
    """What the windows of each unit say together.

    Attributes
    ----------
    units : array of k str
        Sorted.
    probabilities : float array of k x classes
        Sum 1.
    sure : float array of k
        How sure a typical window is that the unit is anything known.
    """

    units: np.ndarray
    probabilities: np.ndarray
    sure: np.ndarray


def votes(contender: Contender, windows: LabelledWindows, probabilities: np.ndarray) -> Votes:
    """Add up the windows of each unit.

    Parameters
    ----------
    windows : LabelledWindows
        Of n windows.
    probabilities : float array of n x classes
        Of each.
    """
    weights = content_weights(windows.features, windows.names) if contender.weighs else None
    units, found = vote_by(windows.units().astype(str), probabilities, weights)
    return Votes(units, found, found.max(axis=1))


def _looked_at(contender: Contender, features: np.ndarray) -> np.ndarray:
    return features if contender.columns is None else features[:, list(contender.columns)]
