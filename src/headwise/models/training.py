"""Labelled windows to a model file. Only a process that ends imports what this needs."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from headwise.errors import InputError
from headwise.models.archive import CARD, write_archive
from headwise.models.calibration import Calibration, learn_calibration
from headwise.models.card import card
from headwise.models.families import Family, family, is_network
from headwise.models.folds import FOLDS, last_days
from headwise.models.groups import Group, Members, fit_members
from headwise.models.knowledge import FILE as KNOWLEDGE
from headwise.models.knowledge import Knowledge, learn_knowledge
from headwise.models.manifest import MOST_AT_HOME, Manifest
from headwise.models.model import likeness_of, rows_of
from headwise.models.replay import EACH, sample, write_replay
from headwise.models.replay import FILE as REPLAY
from headwise.models.telling import Tell, part, silent
from headwise.models.voting import calibrate
from headwise.models.weights import shapes_of, write_weights
from headwise.testbeds import LabelledWindows, day_name, day_of
from headwise.windows import delays_among, feature_set_of

UNWRITTEN = ("random_state", "n_jobs", "delays")
"""Parameters of families that a manifest has elsewhere, or that follow from the features or the machine."""


@dataclass(frozen=True)
class Trained:
    """A fitted group of models and what is known of it.

    Attributes
    ----------
    manifest : Manifest
        Without the names of files, which `save` adds.
    members : Members
        The models.
    replay : LabelledWindows or None
        Sample of the windows that it learned from, for later retraining.
    notes : tuple of str
        What whoever uses it must know.
    others : dict of str to bytes
        Further files of the model.
    knowledge : Knowledge
        Of its products, beside the graphs.
    """

    manifest: Manifest
    members: Members
    replay: LabelledWindows | None = None
    notes: tuple[str, ...] = ()
    others: Mapping[str, bytes] = field(default_factory=dict)
    knowledge: Knowledge = field(default_factory=Knowledge)

    def probabilities(self, windows: LabelledWindows) -> np.ndarray:
        """Return calibrated probabilities of windows (n x classes), marks and all, as the model gives them once it is saved and loaded."""
        likeness = likeness_of(self.manifest, self.knowledge)
        at_home = not self.manifest.from_elsewhere
        marks = likeness.of_windows(windows.features, windows.names, at_home=at_home) if likeness else None
        rows = rows_of(windows.features, windows.sequence, self.manifest.sequence)
        return calibrate(self.members.probabilities(rows), self.manifest.temperature, marks)

    def save(self, path: Path) -> None:
        """Write the model file, whole or not at all."""
        graphs, weights = self.members.graphs(), self.members.weights()
        manifest = replace(self.manifest, graphs=tuple(graphs), weights=shapes_of(weights[0]) if weights else {})
        files = {CARD: card(manifest).encode(), KNOWLEDGE: self.knowledge.to_json(), **graphs, **self.others}
        files |= zip(manifest.weight_files(), map(write_weights, weights), strict=True)
        if self.replay is not None:
            files[REPLAY] = write_replay(self.replay)
        write_archive(path, manifest, files)


def train(
    windows: LabelledWindows,
    *,
    family_name: str,
    group: Group,
    seed: int = 0,
    jobs: int | None = None,
    replay: int = EACH,
    turns: Sequence[int] | None = None,
    most_evidence: float = MOST_AT_HOME,
    parameters: Mapping[str, Any] | None = None,
    training: Mapping[str, Any] | None = None,
    tell: Tell = silent,
) -> Trained:
    """Train a group of models of a family, and learn on days set aside how sure it may be.

    Parameters
    ----------
    windows : LabelledWindows
        To learn from; at least two classes.
    family_name : str
        One of `headwise.models.families.names()`.
    group : Group
        What there is a model of.
    seed : int
        The same seed and windows give the same model file.
    jobs : int, optional
        Threads of families that have them; as many as processors by default.
    replay : int
        Windows of each product that the model file keeps for retraining; 0 for none.
    turns : sequence of int, optional
        Which fifths of the training days are set aside, one after the other, to learn how sure it may be; by default all, but the last
        one alone where a fit takes long. With none it is taken at its word.
    most_evidence : float
        Of the manifest: less than by default where it is to name devices in other places than those of its windows.
    parameters : mapping, optional
        Of the family's constructor.
    training : mapping, optional
        What the windows are, for the manifest.
    tell : callable
        Told how far it is, and a network's loss.

    Raises
    ------
    InputError
        Where there are fewer than two classes, or numbers are infinite.
    """
    labels = windows.labels(group.label)
    _check_classes(labels, group)
    at_home = most_evidence >= MOST_AT_HOME
    make = maker(family_name, seed, {**_of_group(family_name, group), **(parameters or {})}, jobs, windows.names if at_home else ())
    network = is_network(make())
    rows = rows_of(windows.features, windows.sequence, packets_of(make()))
    check_finite(rows)
    if turns is None:
        turns = (FOLDS - 1,) if network or group.each else range(FOLDS)
    parts = iter(range(len(turns) + 1))

    def fit(positions: np.ndarray) -> Members:
        some, start = labels[positions], windows.start[positions]
        validation = last_days(start, some) if network else None
        told = part(tell, next(parts), len(turns) + 1)
        return fit_members(make, group, rows[positions], some, validation=validation, tell=told)

    calibration = learn_calibration(windows, rows, labels, fit, turns, of_products=group.label == "device", at_home=at_home)
    members = fit(np.arange(len(rows)))
    manifest = _manifest(windows, family_name, group, make(), members, calibration, seed, training or {})
    manifest = replace(manifest, most_evidence=most_evidence)
    return Trained(manifest, members, sample(windows, replay, manifest.sequence), knowledge=learn_knowledge(windows))


def maker(
    family_name: str,
    seed: int,
    parameters: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    names: Sequence[str] = (),
) -> Callable[[], Family]:
    """Return what makes unfitted models of a family, all alike.

    Parameters are as in `train`; `names` are those of the features, by which a family that learns delays in steps finds them, and none
    where it is not to: in a model for other places than those of its windows.

    Raises
    ------
    InputError
        Where the family has no such parameter.
    """
    made = family(family_name)

    def make() -> Family:
        model = made()
        try:
            model.set_params(**{"random_state": seed, **(parameters or {})})
            if "n_jobs" in model.get_params():
                model.set_params(n_jobs=jobs or os.cpu_count())
            if "delays" in model.get_params():
                model.set_params(delays=delays_among(names))
        except ValueError as error:
            raise InputError(str(error).splitlines()[0], where=f"family {family_name}", do="see docs/models.md") from error
        return model

    return make


def _of_group(family_name: str, group: Group) -> dict[str, Any]:
    """Return parameters that suit what there is a model of: a category is of many products, and no twin of another one."""
    return {"twins_above": 1.0} if group.label == "category" and "twins_above" in family(family_name)().get_params() else {}


def describe(windows: LabelledWindows, group: Group) -> dict[str, Any]:
    """Return what a model was trained on, for its manifest: days, units, windows of each class."""
    labels, counts = np.unique(windows.labels(group.label).astype(str), return_counts=True)
    return {
        "days": [day_name(day) for day in np.unique(day_of(windows.start))],
        "units": sorted(set(windows.units().tolist())),
        "windows": dict(zip(labels.tolist(), counts.tolist(), strict=True)),
    }


def _manifest(
    windows: LabelledWindows,
    family_name: str,
    group: Group,
    model: Family,
    members: Members,
    calibration: Calibration,
    seed: int,
    training: Mapping[str, Any],
) -> Manifest:
    return Manifest(
        features_version=windows.version,
        features=windows.names,
        sequence=packets_of(model),
        family=family_name,
        group=group.name,
        label=group.label,
        classes=members.classes,
        categories=windows.categories(),
        graphs=(),
        length=windows.length,
        feature_set=feature_set_of(windows.length),
        temperature=calibration.temperature,
        unknown_below=calibration.unknown_below,
        named_above=calibration.named_above,
        familiar_above=calibration.familiar_above,
        set_above=calibration.set_above,
        parameters={name: value for name, value in sorted(model.get_params().items()) if name not in UNWRITTEN},
        training={**describe(windows, group), "unknown_below": calibration.unknown_below, **training},
        scores={"days_set_aside": calibration.scores},
        libraries=libraries_of(model),
        seed=seed,
    )


def sequence_of(family_name: str) -> int:
    """Return how many packets of a window's sequence a family looks at."""
    return packets_of(family(family_name)())


def packets_of(model: Family) -> int:
    """Return how many packets of the sequence stand behind the features in a model's rows."""
    return int(model.get_params().get("sequence_length", 0))


def check_finite(rows: np.ndarray) -> None:
    """Refuse rows with infinite numbers; a missing one (NaN) is none."""
    if np.isinf(rows).any():
        raise InputError("windows hold infinite numbers", do="compute their features again")


def libraries_of(model: Family) -> dict[str, str]:
    """Return the versions of what trained a model, for its manifest."""
    return {name: importlib.metadata.version(name) for name in model.libraries} | {"python": platform.python_version()}


def _check_classes(labels: np.ndarray, group: Group) -> None:
    classes = sorted(set(labels.tolist()))
    if not classes:
        raise InputError("no window is left to train on", do="widen --from, --until, --only, --without or --phase")
    if len(classes) == 1:
        raise InputError(f"only one {group.label} is left to train on: '{classes[0]}'", do="give windows of at least two")
