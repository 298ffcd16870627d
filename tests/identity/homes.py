"""A home's folder that is fed labelled windows day by day, without telling it the labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from headwise.identity import Event
from headwise.identity.home import BASE, Home, HomeFolder, Promoted
from headwise.identity.night import Night, NightSettings
from headwise.models import GROUPS, load_model, train
from headwise.models.scores import score
from headwise.testbeds import LabelledWindows, day_of
from headwise.windows import WindowTable


def table_of(windows: LabelledWindows) -> WindowTable:
    """Return windows without their labels."""
    return WindowTable(windows.device, windows.start, windows.length_s, windows.features, windows.sequence, windows.capture)


def days_of(windows: LabelledWindows) -> list[LabelledWindows]:
    """Return the windows of each UTC day."""
    day = day_of(windows.start)
    return [windows.select(day == each) for each in np.unique(day)]


def base_model(windows: LabelledWindows, path: Path, trees: int = 30) -> Path:
    """Train a small forest and save it."""
    train(windows, family_name="rfc", group=GROUPS["all-device"], jobs=1, parameters={"n_estimators": trees}).save(path)
    return path


def began(folder: Path, model: Path) -> HomeFolder:
    """Return a home's folder that has its base model and no night behind it."""
    place = HomeFolder(folder)
    with place.alone() as home:
        place.begin(model)
        place.commit(replace(home, models=(Promoted(BASE, 0),)))
    return place


def night(place: HomeFolder, windows: LabelledWindows | WindowTable, settings: NightSettings | None = None) -> list[Event]:
    """Run one night on windows."""
    table = windows if isinstance(windows, WindowTable) else table_of(windows)
    with place.alone() as home:
        return Night(place, home, settings or NightSettings()).run(table)


def f1_in_use(place: HomeFolder, windows: LabelledWindows, home: Home | None = None) -> float:
    """Return the macro F1 of the model in use on windows whose labels are right."""
    return f1(place.model((home or place.read()).in_use.file), windows)


def f1(path: Path, windows: LabelledWindows) -> float:
    """Return the macro F1 of a model on windows whose labels are right."""
    model = load_model(path)
    probabilities = model.probabilities(windows.features, windows.sequence)
    return score(windows.product, np.array(model.manifest.classes, object)[probabilities.argmax(axis=1)]).macro_f1


def kinds(events: list[Event]) -> list[str]:
    """Return the kinds of the events about models."""
    return [event.kind for event in events if event.device is None]
