"""Names of a live capture: windows of a device add up to a vote, by a model made for such windows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from headwise.cli.live_names import LENGTH_S, LiveNames, load_names
from headwise.devices import Device
from headwise.errors import InputError
from headwise.identity.identifying import Names
from headwise.models import model as models
from headwise.models.knowledge import Knowledge
from headwise.models.model import Model
from headwise.windows import WindowTable, names

LAMP, RADIO, ROUTER = 0x240AC4000001, 0x98F170000002, 0x00005E005301
SPAN = names().index("span")


@dataclass
class Manifest:
    """Stands for what a model file says of itself."""

    label: str = "device"
    length: Any = 60.0
    sequence: int = 3
    unknown_below: float = 0.6
    named_above: float = 0.6
    familiar_above: float = 0.75
    set_above: float = 0.1
    most_evidence: float = 4.0
    at_home: dict[str, float] = field(default_factory=dict)
    classes: tuple[str, ...] = ("lamp", "radio")

    @property
    def categories(self) -> dict[str, str]:
        """Category of each product."""
        return {"lamp": "home-automation", "radio": "audio"}


@dataclass
class Judge:
    """Stands for a model: the feature `span` of a window is the probability of the first class."""

    manifest: Manifest
    knowledge: Knowledge = field(default_factory=Knowledge)

    def probabilities(self, features: np.ndarray, sequence: np.ndarray) -> np.ndarray:
        """Return probabilities of windows, n x 2."""
        return np.stack([features[:, SPAN], 1 - features[:, SPAN]], axis=1)


def judged(manifest: Manifest) -> LiveNames:
    """Return names by a stand-in for a model."""
    return LiveNames(Names(cast(Model, Judge(manifest))), 60.0, 3)


def table(*windows: tuple[int, float]) -> WindowTable:
    """Return windows of devices, each with the probability of the first class."""
    empty = WindowTable.empty(3)
    count = len(windows)
    features = np.zeros((count, len(names())), np.float32)
    features[:, SPAN] = [value for _, value in windows]
    features[:, names().index("packets_sent")] = 100
    macs = np.array([mac for mac, _ in windows], np.uint64)
    zeros = np.zeros(count, np.int64)
    sequence = np.zeros((count, *empty.sequence.shape[1:]), np.float32)
    return WindowTable(macs, zeros, np.full(count, 60.0), features, sequence, zeros.astype(np.int32))


def device(mac: int, role: str = "device") -> Device:
    """Return a device that sent one packet."""
    return Device(mac, 0, role, 10**18, 10**18, 1, 0, 60, 0, (), ())


def test_windows_of_a_device_add_up() -> None:
    """One odd window does not change the name that the others gave; devices vote for themselves alone."""
    live = judged(Manifest())
    alone = live.add(table((LAMP, 0.9), (RADIO, 0.05)))
    assert [(answer.product.label, answer.category.label) for answer in alone] == [("lamp", "home-automation"), ("radio", "audio")]
    live.add(table((LAMP, 0.95), (LAMP, 0.4), (LAMP, 0.9)))
    told = live.of(device(LAMP))
    assert (told.answer.product.label, told.answer.category.label, told.windows) == ("lamp", "home-automation", 4)
    assert 0.6 < (told.answer.product.probability or 0) < 0.99
    assert live.of(device(RADIO)).answer.product.label == "radio"


def test_unsure_is_unknown() -> None:
    """A device whose best probability is too low is unknown, with that probability; one without windows has none."""
    live = judged(Manifest())
    live.add(table((LAMP, 0.55)))
    assert live.of(device(LAMP)).answer.product.label == "unknown"
    assert live.of(device(LAMP)).answer.product.probability == pytest.approx(0.55, abs=0.01)
    assert live.of(device(RADIO)).answer.product.probability is None


def test_a_router_is_not_named() -> None:
    """What a router sends is other devices' business: it gets no name."""
    live = judged(Manifest())
    live.add(table((ROUTER, 0.99)))
    assert live.of(device(ROUTER, "router")).answer.product.probability is None


def test_a_model_of_categories_names_no_product() -> None:
    """Where a model knows categories alone the product stays unknown."""
    live = judged(Manifest(label="category", classes=("audio", "hub")))
    live.add(table((RADIO, 0.9)))
    assert [live.of(device(RADIO)).answer.product.label, live.of(device(RADIO)).answer.category.label] == ["unknown", "audio"]


def test_without_a_model_there_is_one_that_comes_with_headwise() -> None:
    """It is of windows of ten minutes; windows of another length are counted though nothing names them."""
    assert load_names(None, None).names is not None
    live = load_names(None, 60.0)
    live.add(table((LAMP, 0.9), (LAMP, 0.9)))
    assert (live.length, live.of(device(LAMP)).windows, live.of(device(LAMP)).answer.product.label) == (60.0, 2, "unknown")
    assert load_names(None, LENGTH_S).names is not None


def test_takes_the_window_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Length and sequence come from the model, and another length is refused."""
    monkeypatch.setattr(models, "load_model", lambda path, runtime: Judge(Manifest()))
    live = load_names(Path("home.headwise"), None)
    assert (live.length, live.sequence) == (60.0, 3)
    assert load_names(Path("home.headwise"), 60.0).length == 60.0
    with pytest.raises(InputError, match=r"home\.headwise: was trained on windows of 60 s, not 600 s; leave --length out"):
        load_names(Path("home.headwise"), 600.0)


def test_refuses_a_model_of_whole_captures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live capture never ends, so a model of whole captures has no window to name."""
    monkeypatch.setattr(models, "load_model", lambda path, runtime: Judge(Manifest(length="capture")))
    with pytest.raises(InputError, match="trained on windows of whole captures"):
        load_names(Path("boots.headwise"), None)
