"""Is one model worse than another? Asked of windows that neither was trained on, before one takes the other's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from headwise.models.manifest import Manifest
from headwise.models.scores import score
from headwise.testbeds import LabelledWindows

LATER, REPLAY, REFUSED = "later", "replay", "refused"


@dataclass(frozen=True)
class Slack:
    """What chance may take: of a class so many windows, or that share of its windows; of all windows likewise."""

    windows: int
    share: float
    of_all: float


# A class that loses more was pulled over by another. The model in use has learned the replay set, or its neighbours in time, so a
# new one that has not may miss a few more there.
SLACK = {LATER: Slack(2, 0.02, 0.0), REFUSED: Slack(2, 0.02, 0.0), REPLAY: Slack(3, 0.15, 0.025)}


class Judged(Protocol):
    """What is needed of a model: `headwise.models.Model` is one."""

    @property
    def manifest(self) -> Manifest: ...  # noqa: D102
    def probabilities(self, features: np.ndarray, sequence: np.ndarray) -> np.ndarray: ...  # noqa: D102


@dataclass(frozen=True)
class Check:
    """Two models on the same windows.

    Attributes
    ----------
    on : str
        Which windows: ``later`` ones of the home, the ``replay`` set, or those since a person ``refused`` what is here the old model.
    windows : int
        How many.
    old, new : float
        Macro F1 of the model in use and of the one that may take its place; NaN without a window.
    missed : int
        Windows that the new model gets wrong more than the old one does; negative where it gets more right.
    lost : dict of str to list of float
        Products whose recall fell by more than chance: recall before and after.
    """

    on: str
    windows: int
    old: float
    new: float
    missed: int
    lost: dict[str, list[float]]

    @property
    def not_worse(self) -> bool:
        """Whether the new model may take the old one's place."""
        if not self.windows:
            return True
        if self.on == REPLAY:
            return not self.lost and self.missed <= max(SLACK[REPLAY].windows, SLACK[REPLAY].of_all * self.windows)
        # What a person refused must be bettered, not equalled.
        return not self.lost and (self.new > self.old if self.on == REFUSED else self.new >= self.old)

    def __str__(self) -> str:
        if not self.windows:
            return f"no {self.on} windows to check on"
        said = f"macro F1 {self.old:.4f} -> {self.new:.4f} on {self.windows} {self.on} windows"
        if self.on == REFUSED:
            said = f"macro F1 {self.old:.4f} of the model that was rolled back -> {self.new:.4f} on {self.windows} windows since"
        falls = ", ".join(f"{label} {before:.2f} -> {after:.2f}" for label, (before, after) in self.lost.items())
        return f"{said}; recall of {falls}" if falls else said

    def to_json(self) -> dict[str, Any]:
        """Return the object that is kept with a model."""
        old, new = (None if np.isnan(value) else round(value, 6) for value in (self.old, self.new))
        return {"on": self.on, "windows": self.windows, "old": old, "new": new, "missed": self.missed, "lost": self.lost}


def compare(old: Judged, new: Judged, windows: LabelledWindows, on: str) -> Check:
    """Score two models on labelled windows.

    Parameters
    ----------
    old, new : Model
        In use, and to take its place.
    windows : LabelledWindows
        Neither was trained on them.
    on : str
        What the windows are.
    """
    if not len(windows):
        return Check(on, 0, float("nan"), float("nan"), 0, {})
    truth = windows.labels(old.manifest.label)
    before, after = (score(truth, _called(model, windows)) for model in (old, new))
    lost = {}
    for label, its in before.classes.items():
        fall = round((its.recall - after.classes[label].recall) * its.support) if its.support else 0
        if fall > max(SLACK[on].windows, SLACK[on].share * its.support):
            lost[label] = [round(its.recall, 4), round(after.classes[label].recall, 4)]
    # Equal counts may differ in the last bit of a mean.
    new_f1 = before.macro_f1 if abs(after.macro_f1 - before.macro_f1) < 1e-9 else after.macro_f1
    missed = round((before.accuracy - after.accuracy) * len(windows))
    return Check(on, len(windows), before.macro_f1, new_f1, missed, lost)


def _called(model: Judged, windows: LabelledWindows) -> np.ndarray:
    probabilities = model.probabilities(windows.features, windows.sequence)
    called: np.ndarray = np.array(model.manifest.classes, object)[probabilities.argmax(axis=1)]
    return called
