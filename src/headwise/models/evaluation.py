"""A model against labelled windows it was not trained on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from headwise.errors import InputError
from headwise.models.familiarity import familiarity
from headwise.models.fingerprints import Fingerprint, showings
from headwise.models.lines import line_mass
from headwise.models.model import Model
from headwise.models.scores import Scores, score
from headwise.models.voting import EVIDENCE_FLOOR, Guess, vote_by
from headwise.testbeds import UNKNOWN, LabelledWindows, day_name, day_of
from headwise.windows import content_weights


@dataclass(frozen=True)
class Stranger:
    """A unit whose product the model does not know, and what the model called it; right is ``unknown``."""

    unit: str
    product: str
    windows: int
    called: Guess


@dataclass(frozen=True)
class Evaluation:
    """What came out.

    Attributes
    ----------
    window, device : Scores
        Of each window on its own; and of each unit, all its windows and marks together. Both over what the model knows, and both take
        the likeliest class, however unlikely it is.
    named : float
        Share of the known units that are familiar enough not to be called unknown; NaN without any.
    strangers : list of Stranger
        Units of products that the model does not know, which are in no score.
    warnings : list of str
        What a reader of the scores must know.
    about : dict
        Model, days and units scored.
    """

    window: Scores
    device: Scores
    named: float
    strangers: list[Stranger]
    warnings: list[str]
    about: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        unknown = sum(each.called.label == "unknown" for each in self.strangers)
        return {
            **self.about,
            "window": _scores_json(self.window),
            "device": {**_scores_json(self.device), "named": self.named},
            "strangers": {
                "units": len(self.strangers),
                "called_unknown": unknown,
                "devices": [asdict(each) for each in self.strangers],
            },
            "warnings": self.warnings,
        }


def evaluate(model: Model, windows: LabelledWindows) -> Evaluation:
    """Score a model.

    Parameters
    ----------
    model : Model
        Its manifest says what the labels are.
    windows : LabelledWindows
        Cut as the model's are; also of devices that it does not know.

    Raises
    ------
    InputError
        Where there is no window.
    """
    if not len(windows):
        raise InputError("no window is left to score", do="widen --from, --until, --only, --without or --phase")
    manifest = model.manifest
    probabilities = model.probabilities(windows.features, windows.sequence)
    truth = windows.labels(manifest.label)
    known = np.isin(truth, manifest.classes)
    units, votes = vote_by(windows.units().astype(str), probabilities, content_weights(windows.features, windows.names))
    of_unit = dict(zip(windows.units().tolist(), truth.tolist(), strict=True))
    unit_truth = np.array([of_unit[unit] for unit in units], object)
    unit_known = np.isin(unit_truth, manifest.classes)
    classes = np.array(manifest.classes, object)
    heard = _hear(model, windows, units, votes)
    return Evaluation(
        window=score(truth[known], classes[probabilities[known].argmax(axis=1)]),
        device=score(unit_truth[unit_known], classes[heard.probabilities[unit_known].argmax(axis=1)]),
        named=float(heard.familiar[unit_known].mean()) if unit_known.any() else float("nan"),
        strangers=[_stranger(model, windows, unit, heard, place) for place, unit in enumerate(units) if not unit_known[place]],
        warnings=_warnings(model, windows, known),
        about=_about(model, windows),
    )


@dataclass(frozen=True)
class _Heard:
    """What all windows of each unit say (units x classes), marks and all, and whether it is anything known; no vendor is looked at."""

    probabilities: np.ndarray
    familiar: np.ndarray


def _hear(model: Model, windows: LabelledWindows, units: np.ndarray, votes: np.ndarray) -> _Heard:
    manifest, like = model.manifest, model.likeness
    if not like:
        return _Heard(votes, line_mass(votes, manifest.classes) >= manifest.unknown_below)
    shown = {unit: Fingerprint() for unit in units.tolist()}
    for unit, showing in zip(windows.units().tolist(), showings(windows.features, windows.names), strict=True):
        shown[unit].add(showing)
    likeness = np.array([like.logarithms(each.shares()) for each in shown.values()])
    together = likeness + manifest.most_evidence * np.log(np.maximum(votes, EVIDENCE_FLOOR))
    raised = np.exp(together - together.max(axis=1, keepdims=True))
    familiar = familiarity(votes, likeness, together.argmax(axis=1), manifest.classes) >= manifest.familiar_above
    return _Heard(raised / raised.sum(axis=1, keepdims=True), familiar)


def _stranger(model: Model, windows: LabelledWindows, unit: str, heard: _Heard, place: int) -> Stranger:
    rows = np.flatnonzero(windows.units() == unit)
    index = int(np.argmax(heard.probabilities[place]))
    called = model.manifest.classes[index] if heard.familiar[place] else UNKNOWN
    return Stranger(unit, windows.product[rows[0]], len(rows), Guess(called, float(heard.probabilities[place, index])))


def _warnings(model: Model, windows: LabelledWindows, known: np.ndarray) -> list[str]:
    training = model.manifest.training
    seen, scored = set(training.get("days", [])), set(_days(windows))
    found = []
    shared = sorted(seen & scored)
    if shared and not set(training.get("units", [])).isdisjoint(windows.units()[known].tolist()):
        which = shared[0] if len(shared) == 1 else f"{shared[0]} and {len(shared) - 1} more"
        found.append(f"days that the model was trained on are among those scored ({which}): not a test")
    elif seen and scored and min(scored) < max(seen):
        found.append("days before the last training day are scored: not what a model meets in use")
    if not known.any():
        found.append("no window is of a class that the model knows")
    return found


def _about(model: Model, windows: LabelledWindows) -> dict[str, Any]:
    manifest = model.manifest
    return {
        "label": manifest.label,
        "length": manifest.length,
        "days": _days(windows),
        "windows": len(windows),
        "units": len(set(windows.units().tolist())),
    }


def _days(windows: LabelledWindows) -> list[str]:
    return [day_name(day) for day in np.unique(day_of(windows.start))]


def _scores_json(scores: Scores) -> dict[str, Any]:
    return {
        "count": scores.count,
        "macro_f1": scores.macro_f1,
        "weighted_f1": scores.weighted_f1,
        "balanced_accuracy": scores.balanced_accuracy,
        "accuracy": scores.accuracy,
        "classes": {label: asdict(each) for label, each in scores.classes.items()},
        "confusion": {"labels": scores.labels, "matrix": scores.confusion},
    }
