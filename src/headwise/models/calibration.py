"""How sure is sure, and below what is a device unknown: learned on training days that were set aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from headwise.models.folds import FOLDS, fold_of, stretches
from headwise.models.groups import Members
from headwise.models.scores import score
from headwise.models.voting import calibrate, vote_by
from headwise.testbeds import LabelledWindows

# An hour of the default windows: about what a person has when they first ask.
WINDOWS_TOGETHER = 6
KEEP = 0.98
MOST_SURE = 0.95
TEMPERATURES = tuple(np.round(np.geomspace(0.25, 4.0, 25), 4).tolist())


@dataclass(frozen=True)
class Calibration:
    """What was learned.

    Attributes
    ----------
    temperature : float
        For `headwise.models.voting.calibrate`.
    unknown_below : float
        Best probability under which a device is unknown.
    scores : dict of str to float
        On the days set aside.
    """

    temperature: float
    unknown_below: float
    scores: dict[str, float]


@dataclass(frozen=True)
class Held:
    """m windows that were set aside, as a model that had not seen them called them.

    Attributes
    ----------
    classes : tuple of str
        Of the model.
    probabilities : float array of m x classes
        Before calibration.
    labels : array of m str
        What they are.
    stretch : int array of m
        Number of the stretch of windows that each belongs to.
    """

    classes: tuple[str, ...]
    probabilities: np.ndarray
    labels: np.ndarray
    stretch: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Whether the model had seen the label: some are left out to learn what a stranger looks like."""
        return np.isin(self.labels, self.classes)


def learn_calibration(
    windows: LabelledWindows,
    rows: np.ndarray,
    labels: np.ndarray,
    fit: Callable[[np.ndarray], Members],
    turns: Sequence[int] = range(FOLDS),
) -> Calibration:
    """Learn temperature and threshold; the model is fitted once for each turn.

    Parameters
    ----------
    windows : LabelledWindows
        n training windows.
    rows : float32 array of n x columns
        What the model takes of them.
    labels : array of str
        Of each window.
    fit : callable
        Gives members fitted to the rows at some positions.
    turns : sequence of int
        Folds that are set aside, one after the other; all of them where a fit is cheap.
    """
    fold = fold_of(windows, labels)
    held = [_hold(windows, rows, labels, fold, number, part, fit) for part, number in enumerate(turns)]
    return calibration_by([each for each in held if each is not None])


def calibration_by(held: Sequence[Held], most: float = MOST_SURE) -> Calibration:
    """Return temperature and threshold by windows that were set aside.

    Parameters
    ----------
    held : sequence of Held
        Those of each turn.
    most : float
        The threshold is not above it.
    """
    folds = [each for each in held if each.known.any()]
    if not folds:
        return Calibration(1.0, min(0.5, most), {})
    temperature = min(TEMPERATURES, key=lambda value: _surprise(folds, value))
    known, strangers = (np.concatenate([_sureness(each, each.known == mask, temperature) for each in folds]) for mask in (True, False))
    threshold = _threshold(known, strangers, most)
    return Calibration(temperature, threshold, _scores(folds, known, strangers, threshold))


def hold(windows: LabelledWindows, rows: np.ndarray, labels: np.ndarray, test: np.ndarray, members: Members) -> Held:
    """Return what members make of the windows at positions `test`, which they must not have seen."""
    return Held(members.classes, members.probabilities(rows[test]), labels[test], stretches(windows, test, WINDOWS_TOGETHER))


def _hold(
    windows: LabelledWindows,
    rows: np.ndarray,
    labels: np.ndarray,
    fold: np.ndarray,
    number: int,
    part: int,
    fit: Callable[[np.ndarray], Members],
) -> Held | None:
    classes = np.unique(labels.astype(str))
    away = classes[part::FOLDS]
    if len(classes) - len(away) < 2:
        away = away[:0]
    learn = np.flatnonzero((fold != number) & ~np.isin(labels, away))
    test = np.flatnonzero(fold == number)
    if len(set(labels[learn].tolist())) < 2 or not len(test):
        return None
    return hold(windows, rows, labels, test, fit(learn))


def _surprise(folds: Sequence[Held], temperature: float) -> float:
    """Return the mean over folds of the mean -log probability of the truth."""
    means = []
    for each in folds:
        place = np.searchsorted(each.classes, each.labels[each.known].astype(str))
        means.append(-np.log(calibrate(each.probabilities[each.known], temperature)[np.arange(len(place)), place]).mean())
    return float(np.mean(means))


def _sureness(each: Held, mask: np.ndarray, temperature: float) -> np.ndarray:
    """Return the best probability of each stretch of windows."""
    if not mask.any():
        return np.zeros(0)
    return vote_by(each.stretch[mask], calibrate(each.probabilities[mask], temperature))[1].max(axis=1)


def _threshold(known: np.ndarray, strangers: np.ndarray, most: float) -> float:
    """Return the lowest threshold that best tells strangers from the known, of those that keep nearly all known ones."""
    highest = min(float(np.quantile(known, 1 - KEEP)), most)
    if not len(strangers):
        return round(highest, 4)
    candidates = np.unique(np.round(np.append(np.concatenate([known, strangers]), highest), 4))
    candidates = candidates[candidates <= highest] if (candidates <= highest).any() else np.array([highest])
    gain = [(known >= value).mean() + (strangers < value).mean() for value in candidates]
    return float(candidates[int(np.argmax(gain))])


def _scores(folds: Sequence[Held], known: np.ndarray, strangers: np.ndarray, threshold: float) -> dict[str, float]:
    truth = np.concatenate([each.labels[each.known] for each in folds])
    called = np.concatenate([np.array(each.classes, object)[each.probabilities[each.known].argmax(axis=1)] for each in folds])
    found = {"macro_f1": score(truth, called).macro_f1, "known_kept": float((known >= threshold).mean())}
    if len(strangers):
        found["strangers_refused"] = float((strangers < threshold).mean())
    return {name: round(value, 4) for name, value in found.items()}
