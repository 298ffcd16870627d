"""A contender that learns some windows and is scored on others, with every seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from headwise.models.lines import answers
from headwise.models.scores import score
from headwise.study.accuracy.contenders import Contender, fit
from headwise.study.accuracy.effort import Effort
from headwise.study.accuracy.row import Row, Spread
from headwise.testbeds import LabelledWindows


@dataclass
class Trial:
    """Macro F1 per window of each seed, and what was taken for what.

    Attributes
    ----------
    of_lines : list of float
        The scores where the name of the true product's line counts as its name.
    """

    scores: list[float] = field(default_factory=list)
    of_lines: list[float] = field(default_factory=list)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def spread(self) -> Spread:
        """Spread of the scores."""
        return Spread.of(self.scores)

    @property
    def line_spread(self) -> Spread:
        """Spread of the scores where a line's name counts."""
        return Spread.of(self.of_lines)

    def add(self, truth: np.ndarray, called: np.ndarray, classes: np.ndarray) -> None:
        """Count a set of names in, of all that could be said."""
        self.scores.append(score(truth, called).macro_f1)
        self.of_lines.append(score(truth, answers(truth, called, tuple(classes.tolist()))).macro_f1)
        wrong = truth != called
        self.confused.update(zip(truth[wrong].tolist(), called[wrong].tolist(), strict=True))


def together(trials: Sequence[Trial]) -> Trial:
    """Return several trials as one."""
    scores, of_lines = ([value for each in trials for value in getattr(each, name)] for name in ("scores", "of_lines"))
    return Trial(scores, of_lines, sum((each.confused for each in trials), Counter()))


def by_window(windows: LabelledWindows, train: np.ndarray, test: np.ndarray, contender: Contender, effort: Effort) -> Trial:
    """Train on some positions, in the order of time, and name each window at others on its own."""
    trial = Trial()
    for seed in effort.seeds:
        model = fit(contender, windows.select(train), seed, effort.jobs)
        trial.add(windows.product[test], model.names(windows.features[test]), model.classes)
    return trial


def of_lines(number: int, measure: str, where: str, plain: Trial, ours: Trial) -> Row:
    """Return the line of the table that says what the scores are where the name of the true product's line counts."""
    values = {"plain": plain.line_spread.mean, "headwise": ours.line_spread.mean}
    measure = f"{measure}, a line's name counts"
    return Row(number, measure, where, plain.line_spread.text(), ours.line_spread.text(), "-", values)
