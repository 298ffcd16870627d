"""A home replayed: labelled windows are given to it day by day without their labels, which then say how right it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from headwise.identity import Event
from headwise.identity.home import BASE, HomeFolder, Promoted
from headwise.identity.night import Night, NightSettings
from headwise.models import GROUPS, Model, load_model, train
from headwise.models.scores import score
from headwise.testbeds import LabelledWindows, day_name, day_of
from headwise.windows import WindowTable


@dataclass(frozen=True)
class Day:
    """A day of a home.

    Attributes
    ----------
    name : str
        ``2019-07-01``.
    windows : int
        Scored.
    without, found : float
        Macro F1 a window of the model that the home began with, and of the one in use on this day, which learned from the days before.
    missed : int
        Windows that the model in use got wrong more than the first one; negative where it got more right.
    model : str
        File of the model in use.
    events : tuple of Event
        What happened in the night after it.
    right : dict of str to (float, float)
        Of each product's windows the share that is right, by the model that the home began with and by the one in use.
    """

    name: str
    windows: int
    without: float
    found: float
    missed: int
    model: str
    events: tuple[Event, ...]
    right: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def table_of(windows: LabelledWindows) -> WindowTable:
    """Return windows without their labels."""
    return WindowTable(windows.device, windows.start, windows.length_s, windows.features, windows.sequence, windows.capture)


def days_of(windows: LabelledWindows) -> list[LabelledWindows]:
    """Return the windows of each UTC day."""
    day = day_of(windows.start)
    return [windows.select(day == each) for each in np.unique(day)]


def base_model(windows: LabelledWindows, path: Path, family: str = "rfc", **parameters: object) -> Path:
    """Train the model that a home begins with, and save it."""
    train(windows, family_name=family, group=GROUPS["all-device"], jobs=1, parameters=parameters).save(path)
    return path


def began(folder: Path, model: Path) -> HomeFolder:
    """Return a home's folder that has its base model and no night behind it."""
    place = HomeFolder(folder)
    with place.alone() as home:
        place.begin(model)
        place.commit(replace(home, models=(Promoted(BASE, 0),)))
    return place


def replayed(place: HomeFolder, days: Sequence[LabelledWindows], settings: NightSettings | None = None) -> Iterator[Day]:
    """Let a home live through days, a night after each.

    Parameters
    ----------
    place : HomeFolder
        With its base model.
    days : sequence of LabelledWindows
        One after another; the home is not told the labels.
    settings : NightSettings, optional
    """
    first = load_model(place.model(BASE))
    for windows in days:
        with place.alone() as home:
            in_use = home.in_use.file
            without, found = called(first, windows), called(load_model(place.model(in_use)), windows)
            events = Night(place, home, settings or NightSettings()).run(table_of(windows))
        truth = windows.product
        yield Day(
            day_name(int(day_of(windows.start)[0])),
            len(windows),
            score(truth, without).macro_f1,
            score(truth, found).macro_f1,
            int((without == truth).sum() - (found == truth).sum()),
            in_use,
            tuple(events),
            {each: _right(truth == each, without == each, found == each) for each in np.unique(truth).tolist()},
        )


def _right(own: np.ndarray, without: np.ndarray, found: np.ndarray) -> tuple[float, float]:
    return float(without[own].mean()), float(found[own].mean())


def called(model: Model, windows: LabelledWindows) -> np.ndarray:
    """Return the likeliest class of each window."""
    probabilities = model.probabilities(windows.features, windows.sequence)
    names: np.ndarray = np.array(model.manifest.classes, object)[probabilities.argmax(axis=1)]
    return names
