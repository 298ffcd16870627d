"""A home that begins with a model of another place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.identity import Identity
from headwise.identity.home import BASE
from headwise.identity.night import NightSettings
from headwise.models import load_model
from headwise.study.base_model import train_on
from headwise.study.first_nights import drawn, first_nights, word_of
from headwise.study.replay_home import began, days_of
from headwise.testbeds import LabelledWindows

CAMERAS, BRIDGE = "amazon-blink-indoor-camera", "ultraloq-bridge-wifi-adapter"


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_told_names_are_learned_and_spread_to_nobody_else(stevens: LabelledWindows, floridatech: LabelledWindows, tmp_path: Path) -> None:
    """One of three cameras alike and a bridge are told: the other cameras earn their name, and three devices that nobody knows get none."""
    base = tmp_path / "base.headwise"
    train_on(stevens, ["stevens-2019"], lambda _: None, jobs=1).save(base)
    cameras = np.unique(floridatech.device[floridatech.product == CAMERAS]).tolist()
    settings = NightSettings(watch=False, use_vendor=False)
    bridge = int(floridatech.device[floridatech.product == BRIDGE][0])
    mornings = list(first_nights(began(tmp_path / "home", base), days_of(floridatech)[:4], [cameras[0], bridge], settings))
    assert all(morning.devices[mac] == "told" for morning in mornings[1:] for mac in (cameras[0], bridge))
    assert mornings[0].model == BASE
    assert mornings[-1].model != BASE
    assert [mornings[-1].labels[mac] for mac in (*cameras, bridge)] == [CAMERAS] * 3 + [BRIDGE]
    assert [morning.count("wrong") for morning in mornings] == [0] * len(mornings)
    manifest = load_model(tmp_path / "home/models" / mornings[-1].model).manifest
    assert manifest.most_evidence < 1
    assert set(manifest.at_home) == {CAMERAS, BRIDGE}
    assert min(manifest.at_home.values()) > manifest.named_above


def test_a_line_is_a_right_name_and_a_guess_is_none() -> None:
    """What a household reads decides: the state and the label."""
    named = Identity(1, "named", "tp-link", 0.9, line=True)
    assert word_of(named, "tp-link-bulb") == "right"
    assert word_of(named, "ring-chime") == "wrong"
    assert word_of(replace(named, state="changed"), "tp-link-bulb") == "changed"
    assert word_of(Identity(1, "guessing", "tp-link-bulb", 0.7), "tp-link-bulb") == "unknown"
    assert word_of(Identity(1, "told", "tp-link-bulb"), "tp-link-bulb") == "told"


def test_one_unit_of_each_drawn_product_is_told(floridatech: LabelledWindows) -> None:
    """The same draw gives the same units."""
    first = drawn(floridatech, 3, 1)
    assert first == drawn(floridatech, 3, 1)
    assert len(set(first.values())) == 3
