"""Training of contestants on trials, and what their answers are worth, alone and averaged with others'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from headwise.models.families import is_network
from headwise.models.folds import last_days
from headwise.models.model import rows_of
from headwise.models.scores import score
from headwise.models.training import maker
from headwise.study.networks.trials import Trial
from headwise.testbeds import LabelledWindows

PUBLISHED = {"shape": "published", "sequence_length": 0}
# No window takes more from a product that the unit's other windows speak for.
FLOOR = 0.005
FIRST = 3


@dataclass(frozen=True)
class Contestant:
    """A family with parameters.

    Attributes
    ----------
    spares : bool
        Whether it does without the windows that others set aside to tell when to stop.
    """

    family: str
    parameters: Mapping[str, Any]
    spares: bool = False


CONTESTANTS = {
    "etc": Contestant("etc", {}),
    "hybrid": Contestant("hybrid", {}),
    "fc": Contestant("fc", {}),
    "lstm": Contestant("lstm", {}),
    "conv1d": Contestant("conv1d", {}),
    "fc published": Contestant("fc", PUBLISHED),
    "lstm published": Contestant("lstm", PUBLISHED),
    "conv1d published": Contestant("conv1d", PUBLISHED),
}
# Half the steps take half the time, and what a part is worth shows as well.
_HALF = {"least_steps": 500}
ABLATION = {
    "half the steps": Contestant("hybrid", _HALF),
    "no known values": Contestant("hybrid", {**_HALF, "known": 0}),
    "twice the known values": Contestant("hybrid", {**_HALF, "known": 1536}),
    "no packets": Contestant("hybrid", {**_HALF, "sequence_length": 0}),
    "nothing forgotten": Contestant("hybrid", {**_HALF, "forget": 0.0, "forget_groups": 0.0}),
    "twice forgotten": Contestant("hybrid", {**_HALF, "forget": 0.8, "forget_groups": 0.4}),
    "labels not smoothed": Contestant("hybrid", {**_HALF, "smoothing": 0.0}),
    "without the last days": Contestant("hybrid", _HALF, spares=True),
}


@dataclass(frozen=True)
class Answer:
    """What a contestant said in a trial: probabilities (windows x products), products in order."""

    products: np.ndarray
    probabilities: np.ndarray


def answer(windows: LabelledWindows, trial: Trial, contestant: Contestant, seed: int) -> Answer:
    """Train a contestant on a trial's earlier windows and let it name the later ones."""
    model = maker(contestant.family, seed, contestant.parameters, 1)()
    rows = rows_of(windows.features, windows.sequence, int(model.get_params().get("sequence_length", 0)))
    labels = windows.product[trial.train].astype(str)
    last = last_days(windows.start[trial.train], labels)
    if contestant.spares:
        model.fit(rows[trial.train][~last], labels[~last])
    elif is_network(model):
        model.fit(rows[trial.train], labels, validation=last)
    else:
        model.fit(rows[trial.train], labels)
    return Answer(model.classes_, model.predict_proba(rows[trial.test]).astype(np.float32))


def average(answers: Sequence[Answer]) -> Answer:
    """Return the mean of several contestants' probabilities in the same trial."""
    return Answer(answers[0].products, np.mean([each.probabilities for each in answers], axis=0))


def figures(windows: LabelledWindows, trial: Trial, said: Answer) -> dict[str, list[float]]:
    """Return what an answer is worth, by measure: one value a trial, or in other places one a unit.

    ``days``, ``setups``, ``boots``, ``all`` are macro F1 per window and ``units`` per unit; ``first``, ``three`` are 1 where
    the unit's product is first, or among three, and ``rank`` is one over its rank.
    """
    truth = windows.product[trial.test].astype(str)
    units, votes = by_unit(windows.units()[trial.test].astype(str), said.probabilities)
    products = np.array([truth[windows.units()[trial.test] == unit][0] for unit in units])
    if trial.measure == "places":
        own = votes[np.arange(len(units)), np.searchsorted(said.products, products)]
        rank = (votes > own[:, None]).sum(axis=1) + 1
        return {"first": (rank == 1).astype(float).tolist(), "three": (rank <= FIRST).astype(float).tolist(), "rank": (1 / rank).tolist()}
    found = {trial.measure: [score(truth, said.products[said.probabilities.argmax(axis=1)]).macro_f1]}
    if trial.measure == "all":
        found["units"] = [score(products, said.products[votes.argmax(axis=1)]).macro_f1]
    return found


def by_unit(units: np.ndarray, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the units, and for each the geometric mean of its windows' probabilities, floored, scaled to a sum of one."""
    names, place = np.unique(units, return_inverse=True)
    total = np.zeros((len(names), probabilities.shape[1]))
    np.add.at(total, place, np.log(np.maximum(probabilities, FLOOR)))
    mean = np.exp(total / np.bincount(place)[:, None])
    return names, mean / mean.sum(axis=1, keepdims=True)
