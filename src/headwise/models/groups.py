"""What a model has one of: one for all classes, or one for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headwise.errors import InputError
from headwise.models.families import Family, is_network
from headwise.models.telling import Tell, silent, within
from headwise.models.voting import each_against_rest
from headwise.testbeds import Label

REST = 5
LEAST_OF_EACH = 10
"""Rows of each other class that a network for one class is shown, where the class itself has few."""


@dataclass(frozen=True)
class Group:
    """A way to arrange models.

    Attributes
    ----------
    name : str
        As the command line has it.
    label : "device" or "category"
        What the classes are.
    each : bool
        One model a class that tells it from the rest, instead of one for all.
    """

    name: str
    label: Label
    each: bool


GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        Group("all-device", "device", False),
        Group("per-device", "device", True),
        Group("all-category", "category", False),
        Group("per-category", "category", True),
    )
}


def choose_group(name: str | None, label: str | None) -> Group:
    """Return the group for what the command line says; one model for all devices where it says nothing.

    Raises
    ------
    InputError
        Where group and label contradict each other.
    """
    group = GROUPS[name or f"all-{label or 'device'}"]
    if label is not None and group.label != label:
        raise InputError(f"'{group.name}' has labels of kind '{group.label}', not '{label}'", where="--group", do="leave out --label")
    return group


@dataclass(frozen=True)
class Members:
    """Fitted models of a group, as one.

    Attributes
    ----------
    classes : tuple of str
        Sorted, in the order of the probabilities.
    fitted : tuple of Family
        One, or one a class.
    """

    classes: tuple[str, ...]
    fitted: tuple[Family, ...]

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return probabilities (n x classes), before calibration."""
        parts = [each.predict_proba(rows) for each in self.fitted]
        return parts[0] if len(parts) == 1 else each_against_rest(np.stack([part[:, 1] for part in parts], axis=1))

    def graphs(self) -> dict[str, bytes]:
        """Return the ONNX graphs by the name of their file, in the order of the fitted models."""
        if len(self.fitted) == 1:
            return {"model.onnx": self.fitted[0].graph()}
        return {f"model-{number:03d}.onnx": each.graph() for number, each in enumerate(self.fitted)}

    def weights(self) -> list[dict[str, np.ndarray]]:
        """Return the weights of each network, in the order of the fitted models; nothing of other families."""
        return [each.weights() for each in self.fitted if is_network(each)]


def fit_members(
    make: Callable[[], Family],
    group: Group,
    rows: np.ndarray,
    labels: np.ndarray,
    *,
    validation: np.ndarray | None = None,
    tell: Tell = silent,
) -> Members:
    """Fit the models of a group.

    Parameters
    ----------
    make : callable
        Gives an unfitted model.
    rows : float32 array of n x columns
        Of windows.
    labels : array of str
        Of each row; at least two classes.
    validation : bool array of n, optional
        Rows that only tell a network when to stop; other families learn from them too. Given, a network for one class is shown
        a sample of the rest, since it takes many passes over what it is shown.
    tell : callable
        Told after each model, and of a network after each pass.
    """
    classes = tuple(sorted(set(labels.tolist())))
    if not group.each:
        return Members(classes, (_fit(make(), rows, labels.astype(str), validation, tell, (0, 1)),))
    fitted = []
    for number, one in enumerate(classes):
        shown = np.arange(len(rows)) if validation is None else against(labels, one)
        held = None if validation is None else validation[shown]
        fitted.append(_fit(make(), rows[shown], labels[shown] == one, held, tell, (number, len(classes))))
    return Members(classes, tuple(fitted))


def against(labels: np.ndarray, one: str) -> np.ndarray:
    """Return the positions of a class's rows and of a sample of the rest: `REST` times as many, as even over the others as can be."""
    others = [np.flatnonzero(labels == other) for other in np.unique(labels.astype(str)) if other != one]
    own = np.flatnonzero(labels == one)
    each = max(LEAST_OF_EACH, REST * len(own) // max(len(others), 1))
    return np.sort(np.concatenate([own, *(spread(rows, each) for rows in others)]))


def spread(rows: np.ndarray, count: int) -> np.ndarray:
    """Return up to `count` of the rows, as far from each other as can be."""
    if len(rows) <= count:
        return rows
    return rows[(np.arange(count) * 2 + 1) * len(rows) // (2 * count)]


def _fit(model: Family, rows: np.ndarray, target: np.ndarray, validation: np.ndarray | None, tell: Tell, place: tuple[int, int]) -> Family:
    number, count = place
    if is_network(model):
        model.fit(rows, target, validation=validation, progress=within(tell, number, count))
    else:
        model.fit(rows, target)
    tell((number + 1) / count, "")
    return model
