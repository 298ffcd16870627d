"""The devices of a capture, each with its name."""

from __future__ import annotations

from typing import cast

import numpy as np

from headwise.clock import NS
from headwise.identity.identifying import Names
from headwise.models.model import Model
from headwise.windows import WindowTable, names
from tests.identity.naming import products_of

CAMERA, PLUG = 0x50C7BFEBECC4, 0x0C80636564DE


class Undecided:
    """Stands for a model that finds its two products alike likely."""

    def __init__(self) -> None:
        products = products_of(("bulb", "plug"), familiar_above=0.99)
        self.manifest, self.knowledge = products.manifest, products.knowledge

    def probabilities(self, features: np.ndarray, sequence: np.ndarray) -> np.ndarray:
        """Return a half for each."""
        assert len(features) == len(sequence)
        return np.full((len(features), 2), 0.5)


def windows(*macs: int) -> WindowTable:
    """Return a window of each device, which the camera uses for sending film."""
    features = np.zeros((len(macs), len(names())), np.float32)
    features[:, names().index("packets_sent")] = 30
    films = np.array(macs) == CAMERA
    features[films, names().index("bytes_sent")] = 5e6
    features[films, names().index("to_rtsp_sent")] = 0.5
    return WindowTable(
        device=np.array(macs, np.uint64),
        start=np.arange(len(macs)) * 600 * NS,
        length_s=np.full(len(macs), 600.0),
        features=features,
        sequence=np.zeros((len(macs), *WindowTable.empty(0).sequence.shape[1:]), np.float32),
        capture=np.full(len(macs), -1, np.int32),
    )


def test_each_device_is_judged_by_its_own_windows() -> None:
    """What one does says nothing of the other, whether windows add up or stand alone."""
    found = Names(cast("Model", Undecided()))
    found.add(windows(PLUG, CAMERA, PLUG, CAMERA))
    assert "sends much more than it receives, as many of the kind surveillance do" in found.of(CAMERA).evidence
    assert found.of(PLUG).category.label != "surveillance"
    plug, camera = found.alone(windows(PLUG, CAMERA))
    assert (camera.category.label, plug.category.label != "surveillance") == ("surveillance", True)
    assert found.of(1).state == "new"
