"""Labelled windows to a model file. Only a process that ends imports what this needs."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from headwise.errors import InputError
from headwise.models.archive import CARD, write_archive
from headwise.models.calibration import Calibration, learn_calibration
from headwise.models.card import card
from headwise.models.families import Family, family
from headwise.models.groups import Group, Members, fit_members
from headwise.models.manifest import Manifest
from headwise.models.model import rows_of
from headwise.testbeds import LabelledWindows, day_name, day_of


@dataclass(frozen=True)
class Trained:
    """A fitted group of models and what is known of it."""

    manifest: Manifest
    members: Members

    def save(self, path: Path) -> None:
        """Write the model file, whole or not at all."""
        graphs = self.members.graphs()
        write_archive(path, replace(self.manifest, graphs=tuple(graphs)), {CARD: card(self.manifest).encode(), **graphs})


def train(
    windows: LabelledWindows,
    *,
    family_name: str,
    group: Group,
    seed: int = 0,
    jobs: int | None = None,
    parameters: Mapping[str, Any] | None = None,
    training: Mapping[str, Any] | None = None,
    progress: Callable[[int, int | None], None] | None = None,
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
    parameters : mapping, optional
        Of the family's constructor.
    training : mapping, optional
        What the windows are, for the manifest.
    progress : callable, optional
        Told of fits done and their total.

    Raises
    ------
    InputError
        Where there are fewer than two classes.
    """
    labels = windows.labels(group.label)
    _check_classes(labels, group)
    make = maker(family_name, seed, parameters, jobs)
    rows = rows_of(windows.features, windows.sequence, _packets(make()))
    fit = _counting(lambda x, y: fit_members(make, group, x, y), progress)
    calibration = learn_calibration(windows, rows, labels, fit)
    members = fit(rows, labels)
    return Trained(_manifest(windows, family_name, group, make(), members, calibration, seed, training or {}), members)


def maker(family_name: str, seed: int, parameters: Mapping[str, Any] | None = None, jobs: int | None = None) -> Callable[[], Family]:
    """Return what makes unfitted models of a family, all alike.

    Parameters are as in `train`.

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
        except ValueError as error:
            raise InputError(str(error).splitlines()[0], where=f"family {family_name}", do="see docs/models.md") from error
        return model

    return make


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
        sequence=_packets(model),
        family=family_name,
        group=group.name,
        label=group.label,
        classes=members.classes,
        categories=windows.categories(),
        graphs=(),
        length=windows.length,
        temperature=calibration.temperature,
        unknown_below=calibration.unknown_below,
        parameters={name: value for name, value in sorted(model.get_params().items()) if name not in ("random_state", "n_jobs")},
        training={**describe(windows, group), **training},
        scores={"days_set_aside": calibration.scores},
        libraries={name: importlib.metadata.version(name) for name in model.libraries} | {"python": platform.python_version()},
        seed=seed,
    )


def sequence_of(family_name: str) -> int:
    """Return how many packets of a window's sequence a family looks at."""
    return _packets(family(family_name)())


def _packets(model: Family) -> int:
    return int(model.get_params().get("sequence_length", 0))


def _check_classes(labels: np.ndarray, group: Group) -> None:
    classes = sorted(set(labels.tolist()))
    if not classes:
        raise InputError("no window is left to train on", do="widen --from, --until, --only, --without or --phase")
    if len(classes) == 1:
        raise InputError(f"only one {group.label} is left to train on: '{classes[0]}'", do="give windows of at least two")


def _counting(
    fit: Callable[[np.ndarray, np.ndarray], Members], progress: Callable[[int, int | None], None] | None
) -> Callable[[np.ndarray, np.ndarray], Members]:
    from headwise.models.folds import FOLDS

    done = 0

    def counted(rows: np.ndarray, labels: np.ndarray) -> Members:
        nonlocal done
        fitted = fit(rows, labels)
        done += 1
        if progress:
            progress(done, FOLDS + 1)
        return fitted

    return counted
