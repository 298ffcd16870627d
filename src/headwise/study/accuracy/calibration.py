"""Row 16: is it as often right as it says? Windows of single test-beds, units of all, and the sets that hold the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headwise.models.calibration import WINDOWS_TOGETHER
from headwise.models.folds import stretches
from headwise.models.groups import GROUPS
from headwise.models.training import Trained, train
from headwise.models.voting import vote_by
from headwise.study.accuracy import boots
from headwise.study.accuracy.asked import ask
from headwise.study.accuracy.beds import every_bed, read_bed, teaches, time_line
from headwise.study.accuracy.contenders import OURS, PLAIN, fit
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.measures import calibration_error, error_by_chance, reliability
from headwise.study.accuracy.row import Row, Say
from headwise.study.accuracy.splits import at_most, each_units, earliest, of_units, seen
from headwise.testbeds import LabelledWindows
from headwise.windows import content_weights

SHARE = 0.6
EVERY = "all"


@dataclass(frozen=True)
class Split:
    """Windows with the positions that train and those that are scored."""

    name: str
    windows: LabelledWindows
    train: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class Sureness:
    """How sure of each answer, whether it is right, and how likely the truth was thought."""

    sure: np.ndarray
    right: np.ndarray
    truth: np.ndarray

    @classmethod
    def of(cls, classes: np.ndarray, probabilities: np.ndarray, truth: np.ndarray) -> Sureness:
        """Return it of answers (n x classes) whose truth is known and a class."""
        place = np.searchsorted(classes.astype(str), truth.astype(str))
        best = probabilities.argmax(axis=1)
        every = np.arange(len(truth))
        return cls(probabilities[every, best], best == place, probabilities[every, place])

    @property
    def error(self) -> float:
        """Expected calibration error."""
        return calibration_error(self.sure, self.right)


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the lines of row 16."""
    lines: list[Row] = []
    for split in splits(data, say):
        if not teaches(split.windows, split.train, seen(split.windows, split.train, split.test)):
            say(f"row 16: {split.name} has nothing to score: left out")
            continue
        lines += _rows(split, effort)
        say(f"row 16, {split.name}: {lines[-2].found}; sets {lines[-1].found}")
    return lines


def splits(data: Path, say: Say) -> Iterator[Split]:
    """Yield each test-bed's split whose calibration is measured, and that of all together."""
    stevens = read_bed(data, "stevens-2019", say)
    if stevens is not None:
        early, late = each_units(stevens, SHARE)
        yield Split("stevens-2019", stevens, early, late)
    aalto = read_bed(data, "aalto-2016", say)
    if aalto is not None:
        early = earliest(aalto, SHARE)
        yield Split("aalto-2016", aalto, early, np.setdiff1d(np.arange(len(aalto)), early))
    boston = read_bed(data, boots.BED, say)
    if boston is not None:
        yield Split(boots.BED, boston, *boots.boot_split(boston, time_line(data, boots.BED, say)))
    windows = every_bed(data, say)
    if windows is not None:
        early, late = each_units(windows)
        yield Split(EVERY, windows, at_most(windows, early), late)


def _rows(split: Split, effort: Effort) -> list[Row]:
    windows, test = split.windows, seen(split.windows, split.train, split.test)
    known, scored = windows.select(split.train), windows.select(test)
    forest = fit(PLAIN, known, 0, effort.jobs)
    trained = train(known, family_name=OURS.family, group=GROUPS["all-device"], jobs=effort.jobs, replay=0, parameters=OURS.parameters)
    classes, plain = np.array(trained.members.classes, object), forest.probabilities(scored.features)
    if split.name == EVERY:
        return _units(split, scored, classes, plain, trained)
    probabilities = trained.probabilities(scored)
    before, after = (Sureness.of(classes, each, scored.product) for each in (plain, probabilities))
    # Sets are of what six windows say together: an hour, or as many set-ups.
    stretch = stretches(scored, np.arange(len(scored)), WINDOWS_TOGETHER)
    number, six = vote_by(stretch, probabilities, content_weights(scored.features, scored.names))
    truth = np.array([scored.product[int(np.flatnonzero(stretch == one)[0])] for one in number.tolist()], object)
    return [
        _error(split, "windows", before, after, trained),
        _coverage(split, "six windows", Sureness.of(classes, six, truth), six, trained),
    ]


def _units(split: Split, scored: LabelledWindows, classes: np.ndarray, plain: np.ndarray, trained: Trained) -> list[Row]:
    said = list(ask(trained, scored, use_vendor=False))
    product = of_units(scored, scored.product)
    truth = np.array([product[each.unit] for each in said], object)
    units, typical = (np.array([getattr(each.verdict, name) for each in said]) for name in ("probabilities", "typical"))
    before = Sureness.of(classes, vote_by(scored.units().astype(str), plain)[1], truth)
    sets = _coverage(split, "units", Sureness.of(classes, typical, truth), typical, trained)
    return [_error(split, "units", before, Sureness.of(classes, units, truth), trained), sets]


def _error(split: Split, what: str, plain: Sureness, ours: Sureness, trained: Trained) -> Row:
    name = f"{what} of {split.name}"
    chance, most = error_by_chance(ours.sure)
    return Row(
        16,
        f"expected calibration error, {name}",
        split.name,
        f"{plain.error:.3f}",
        f"{ours.error:.3f} (by chance {chance:.3f}, up to {most:.3f})",
        "0.03",
        values={
            "plain": plain.error,
            "headwise": ours.error,
            "by chance": chance,
            "by chance at most": most,
            "right": float(ours.right.mean()),
            "sure": float(ours.sure.mean()),
        },
        notes=[
            f"{len(ours.sure)} {what}, {ours.right.mean():.3f} right, {ours.sure.mean():.3f} sure on average; "
            f"the temperature that training days set aside gave is {trained.manifest.temperature:.2f}."
        ],
        series={f"{who}, {name}": _points(each) for who, each in (("plain", plain), ("headwise", ours))},
    )


def _coverage(split: Split, what: str, ours: Sureness, probabilities: np.ndarray, trained: Trained) -> Row:
    # The likeliest product is always in the set.
    size = np.maximum((probabilities >= trained.manifest.set_above).sum(axis=1), 1)
    holds = float((ours.right | (ours.truth >= trained.manifest.set_above)).mean())
    return Row(
        16,
        f"coverage of the 95 % set, {what} of {split.name}",
        split.name,
        "-",
        f"{holds:.3f}",
        "0.93 to 0.97",
        values={"coverage": holds, "size": float(size.mean())},
        notes=[f"{len(size)} sets, of {size.mean():.2f} products on average."],
    )


def _points(sureness: Sureness) -> list[tuple[float, float]]:
    return [(mean, share) for mean, share, _ in reliability(sureness.sure, sureness.right)]
