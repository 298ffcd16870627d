"""A home's folder that is fed labelled windows day by day, without telling it the labels."""

from __future__ import annotations

from pathlib import Path

from headwise.identity import Event
from headwise.identity.home import Home, HomeFolder
from headwise.identity.night import Night, NightSettings
from headwise.models import load_model
from headwise.models.scores import score
from headwise.study.replay_home import base_model, called, table_of
from headwise.testbeds import LabelledWindows
from headwise.windows import WindowTable


def small_model(windows: LabelledWindows, path: Path) -> Path:
    """Train a small forest and save it."""
    return base_model(windows, path, n_estimators=30)


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
    return score(windows.product, called(load_model(path), windows)).macro_f1


def kinds(events: list[Event]) -> list[str]:
    """Return the kinds of the events about models."""
    return [event.kind for event in events if event.device is None]
