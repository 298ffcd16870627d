"""A contender that learns some windows and is scored on others, with every seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from headwise.models.scores import score
from headwise.study.accuracy.contenders import Contender, fit
from headwise.study.accuracy.effort import Effort
from headwise.study.accuracy.row import Spread
from headwise.testbeds import LabelledWindows


@dataclass
class Trial:
    """Macro F1 per window of each seed, and what was taken for what."""

    scores: list[float] = field(default_factory=list)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def spread(self) -> Spread:
        """Spread of the scores."""
        return Spread.of(self.scores)

    def add(self, truth: np.ndarray, called: np.ndarray) -> None:
        """Count a set of names in."""
        self.scores.append(score(truth, called).macro_f1)
        wrong = truth != called
        self.confused.update(zip(truth[wrong].tolist(), called[wrong].tolist(), strict=True))


def together(trials: Sequence[Trial]) -> Trial:
    """Return several trials as one."""
    return Trial([value for each in trials for value in each.scores], sum((each.confused for each in trials), Counter()))


def by_window(windows: LabelledWindows, train: np.ndarray, test: np.ndarray, contender: Contender, effort: Effort) -> Trial:
    """Train on some positions, in the order of time, and name each window at others on its own."""
    trial = Trial()
    for seed in effort.seeds:
        model = fit(contender, windows.features[train], windows.product[train], seed, effort.jobs)
        trial.add(windows.product[test], model.names(windows.features[test]))
    return trial
