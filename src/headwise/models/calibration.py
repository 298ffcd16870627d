"""How sure is sure, and below what is a device unknown: learned on training days that were set aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from headwise.models.familiarity import familiarity
from headwise.models.fingerprints import Fingerprint, Likeness, Showing, learn_fingerprints, showings
from headwise.models.folds import FOLDS, fold_of, stretches
from headwise.models.groups import Members
from headwise.models.lines import line_mass, of_known_line
from headwise.models.manifest import FAMILIAR_ABOVE
from headwise.models.scores import score
from headwise.models.voting import EVIDENCE_FLOOR, FLOOR, calibrate, vote_by
from headwise.testbeds import LabelledWindows
from headwise.windows import content_weights

# An hour of the default windows: about what a person has when they first ask.
WINDOWS_TOGETHER = 6
KEEP, KEEP_NAMED = 0.9, 0.85
COVERAGE = 0.95
MOST_SURE = 0.99
# Sharper than this, whatever is likeliest looks sure, strangers too.
TEMPERATURES = tuple(np.round(np.geomspace(0.5, 4.0, 19), 4).tolist())


@dataclass(frozen=True)
class Calibration:
    """What was learned.

    Attributes
    ----------
    temperature : float
        For `headwise.models.voting.calibrate`.
    unknown_below : float
        Probability of the likeliest line of products (or product without a line) under which a device is unknown.
    named_above : float
        Best probability from which one product is named, and not only its line.
    familiar_above : float
        `headwise.models.familiarity.familiarity` under which a device is unknown, where its marks are known too.
    set_above : float
        Products with at least this probability are a set that holds the truth of 95 % of the known.
    scores : dict of str to float
        On the days set aside.
    """

    temperature: float
    unknown_below: float
    named_above: float = 0.0
    familiar_above: float = FAMILIAR_ABOVE
    set_above: float = 0.0
    scores: dict[str, float] = field(default_factory=dict)


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
    weights : float array of m
        What each holds to tell by.
    marks : float array of m x classes, or None
        Natural logarithms of what the marks of each window say of each product; None of no products.
    likeness : float array of s x classes
        The same of each stretch, by number.
    """

    classes: tuple[str, ...]
    probabilities: np.ndarray
    labels: np.ndarray
    stretch: np.ndarray
    weights: np.ndarray
    marks: np.ndarray | None
    likeness: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Whether the model had seen the label: some are left out to learn what a stranger looks like."""
        return np.isin(self.labels, self.classes)

    def calibrated(self, temperature: float) -> np.ndarray:
        """Return the probabilities of the windows, marks and all."""
        return calibrate(self.probabilities, temperature, self.marks)

    def stretches(self, temperature: float, floor: float = FLOOR) -> Stretches:
        """Return what the windows of each stretch say together."""
        number, votes = vote_by(self.stretch, self.calibrated(temperature), self.weights, floor)
        labels = self.labels[[int(np.flatnonzero(self.stretch == one)[0]) for one in number]].astype(str)
        return Stretches(self.classes, votes, labels, self.likeness)


@dataclass(frozen=True)
class Stretches:
    """s stretches of windows, each of one unit: the votes (s x classes), what they are, and what their marks say (s x classes)."""

    classes: tuple[str, ...]
    votes: np.ndarray
    labels: np.ndarray
    likeness: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Whether the model had seen the label."""
        return np.isin(self.labels, self.classes)

    @property
    def in_line(self) -> np.ndarray:
        """Whether a product or a line that the model knows is the right name."""
        return of_known_line(self.labels.tolist(), self.classes)

    def familiarity(self) -> np.ndarray:
        """Return how sure that each is of a known line."""
        best = (np.log(np.maximum(self.votes, EVIDENCE_FLOOR)) + self.likeness).argmax(axis=1)
        return familiarity(self.votes, self.likeness, best, self.classes)

    def truth(self) -> np.ndarray:
        """Return the probability of the truth, of each stretch whose label is known."""
        return self.votes[self.known, np.searchsorted(self.classes, self.labels[self.known])]


def learn_calibration(
    windows: LabelledWindows,
    rows: np.ndarray,
    labels: np.ndarray,
    fit: Callable[[np.ndarray], Members],
    turns: Sequence[int] = range(FOLDS),
    *,
    of_products: bool = True,
    at_home: bool = True,
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
    of_products : bool
        Whether labels are products, which have marks.
    at_home : bool
        Whether the model is for the place that its windows are of.
    """
    fold = fold_of(windows, labels)
    marks = list(showings(windows.features, windows.names)) if turns and of_products else []
    held = [_hold(windows, rows, labels, marks, fold, number, part, fit, at_home) for part, number in enumerate(turns)]
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
        return Calibration(1.0, min(0.5, most))
    temperature = min(TEMPERATURES, key=lambda value: _surprise(folds, value))
    stretches = [each.stretches(temperature) for each in folds]
    familiar_above, *_ = _threshold(stretches, Stretches.familiarity, lambda each: each.in_line, KEEP)
    unknown_below, kept, refused = _threshold(stretches, lambda each: line_mass(each.votes, each.classes), lambda each: each.in_line, KEEP)
    named_above, *_ = _threshold(stretches, lambda each: each.votes.max(axis=1), lambda each: each.known, KEEP_NAMED)
    scores = {"macro_f1": _macro_f1(folds, temperature), "known_kept": kept, **({} if refused is None else {"strangers_refused": refused})}
    return Calibration(
        temperature,
        min(unknown_below, most),
        named_above=max(named_above, min(unknown_below, most)),
        familiar_above=familiar_above,
        set_above=_set_above(np.concatenate([each.truth() for each in stretches])),
        scores={name: round(value, 4) for name, value in scores.items()},
    )


def reached(held: Held, temperature: float) -> dict[str, float]:
    """Return for each known label the probability that its own stretches have of it, all but 5 %: split conformal prediction, by label.

    A label of fewer than nineteen stretches gives that of its least sure one. None is above `MOST_SURE`.
    """
    stretches = held.stretches(temperature, EVIDENCE_FLOOR)
    labels, truth = stretches.labels[stretches.known], stretches.truth()
    return {
        str(label): min(MOST_SURE, _set_above(truth[labels == label]) or round(float(truth[labels == label].min()), 4))
        for label in np.unique(labels)
    }


def hold(
    windows: LabelledWindows,
    rows: np.ndarray,
    labels: np.ndarray,
    marks: Sequence[Showing],
    learn: np.ndarray,
    test: np.ndarray,
    members: Members,
    *,
    at_home: bool,
) -> Held:
    """Return what members that learned from the windows at positions `learn` make of those at `test`.

    Parameters
    ----------
    windows, rows, labels
        As in `learn_calibration`.
    marks : sequence of Showing
        Of each window; none where it is not products that are told apart.
    at_home : bool
        As in `learn_calibration`.
    """
    stretch = stretches(windows, test, WINDOWS_TOGETHER)
    units, weights = windows.units(), content_weights(windows.features[test], windows.names)
    probabilities = members.probabilities(rows[test])
    if not marks:
        nothing = np.zeros((len(np.unique(stretch)), len(members.classes)))
        return Held(members.classes, probabilities, labels[test], stretch, weights, None, nothing)
    like = Likeness(learn_fingerprints((str(labels[row]), units[row], marks[row]) for row in learn.tolist()), members.classes)
    found: dict[int, Fingerprint] = {}
    for number, row in zip(stretch.tolist(), test.tolist(), strict=True):
        found.setdefault(number, Fingerprint()).add(marks[row])
    likeness = np.array([like.logarithms(found[number].shares()) for number in sorted(found)])
    each = like.of_windows(windows.features[test], windows.names, at_home=at_home)
    return Held(members.classes, probabilities, labels[test], stretch, weights, each, likeness)


def _hold(
    windows: LabelledWindows,
    rows: np.ndarray,
    labels: np.ndarray,
    marks: Sequence[Showing],
    fold: np.ndarray,
    number: int,
    part: int,
    fit: Callable[[np.ndarray], Members],
    at_home: bool,
) -> Held | None:
    classes = np.unique(labels.astype(str))
    away = classes[part::FOLDS]
    if len(classes) - len(away) < 2:
        away = away[:0]
    learn = np.flatnonzero((fold != number) & ~np.isin(labels, away))
    test = np.flatnonzero(fold == number)
    if len(set(labels[learn].tolist())) < 2 or not len(test):
        return None
    return hold(windows, rows, labels, marks, learn, test, fit(learn), at_home=at_home)


def _surprise(folds: Sequence[Held], temperature: float) -> float:
    """Return the mean over folds of the mean -log probability of the truth."""
    means = []
    for each in folds:
        place = np.searchsorted(each.classes, each.labels[each.known].astype(str))
        means.append(-np.log(each.calibrated(temperature)[each.known][np.arange(len(place)), place]).mean())
    return float(np.mean(means))


def _threshold(
    stretches: Sequence[Stretches], sureness: Callable[[Stretches], np.ndarray], right: Callable[[Stretches], np.ndarray], keep: float
) -> tuple[float, float, float | None]:
    """Return the threshold that best tells strangers from the known, of those that keep a share of the known.

    Also returned are the shares of the known that are kept and of strangers that are refused, None where there are none.
    """
    sure, known = (np.concatenate([of(each) for each in stretches]) for of in (sureness, right))
    ours, strangers = sure[known], sure[~known]
    highest = min(float(np.quantile(ours, 1 - keep)), MOST_SURE)
    threshold = divide(ours, strangers, highest) if len(strangers) else round(highest, 4)
    return threshold, float((ours >= threshold).mean()), float((strangers < threshold).mean()) if len(strangers) else None


def divide(ours: np.ndarray, strangers: np.ndarray, highest: float = MOST_SURE) -> float:
    """Return the threshold, not above `highest`, that keeps most of what is ours and refuses most strangers, by shares added up.

    Parameters
    ----------
    ours, strangers : float arrays
        How sure of each.
    highest : float
    """
    candidates = np.unique(np.round(np.concatenate([ours, strangers, [highest]]), 4))
    candidates = candidates[candidates <= highest] if (candidates <= highest).any() else np.array([highest])
    gain = [(ours >= value).mean() + (strangers < value).mean() for value in candidates]
    return _middle(candidates[np.flatnonzero(np.array(gain) >= max(gain) - 1e-9)])


def _middle(equals: np.ndarray) -> float:
    """Return the middle, in log-odds, of thresholds that are equally good: as far from strangers as from the known."""
    ends = np.clip([equals[0], equals[-1]], 1e-4, 1 - 1e-4)
    odds = np.sqrt(np.prod(ends / (1 - ends)))
    return round(float(odds / (1 + odds)), 4)


def _set_above(truth: np.ndarray) -> float:
    """Return the split-conformal threshold: a set of all that is at least so likely holds the truth of 95 % of what comes.

    Vovk, Gammerman and Shafer, *Algorithmic Learning in a Random World*, 2005; the score is one less the probability of the truth.
    """
    rank = int(np.floor((1 - COVERAGE) * (len(truth) + 1)))
    return round(float(np.sort(truth)[rank - 1]), 4) if rank else 0.0


def _macro_f1(folds: Sequence[Held], temperature: float) -> float:
    truth = np.concatenate([each.labels[each.known] for each in folds])
    called = np.concatenate([np.array(each.classes, object)[each.calibrated(temperature)[each.known].argmax(axis=1)] for each in folds])
    return score(truth, called).macro_f1
