"""Windows of devices without a name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from headwise.identity.anchors import MOST_EACH, not_of, unnamed
from headwise.models.manifest import Manifest
from tests.identity.naming import products_of
from tests.identity.test_identities import BULB, PLUG, windows

ELSEWHERE = products_of(("bulb", "plug"), most_evidence=0.5).manifest


class Fixed:
    """A model that says the same of every window."""

    def __init__(self, manifest: Manifest, *row: float) -> None:
        self.manifest, self.row = manifest, row

    def probabilities(self, features: np.ndarray, sequence: np.ndarray) -> np.ndarray:
        """Return the row for each window."""
        return np.tile(np.array(self.row), (len(features), 1))


def anchored(*row: float, named: tuple[int, ...] = (), manifest: Manifest = ELSEWHERE) -> Any:
    """Return the anchors of two devices of 300 windows each."""
    table = windows(*((mac, place) for place in range(300) for mac in (PLUG, BULB)))
    return unnamed(table, Fixed(manifest, *row), named)  # type: ignore[arg-type]


def test_labels_are_drawn_from_what_the_base_model_says() -> None:
    """Of a device that is a bulb by 30 %, about 30 % of its windows are; of each device so many; the same each time."""
    found = anchored(0.3, 0.7)
    assert len(found) == 2 * MOST_EACH
    assert 0.2 < (found.product == "bulb").mean() < 0.4
    assert found.product.tolist() == anchored(0.3, 0.7).product.tolist()


def test_who_teaches_is_no_anchor_and_a_model_of_the_home_needs_none() -> None:
    """Nothing is there to be held fast."""
    assert set(anchored(0.3, 0.7, named=(PLUG,)).device.tolist()) == {BULB}
    assert anchored(0.3, 0.7, named=(PLUG, BULB)) is None
    assert anchored(0.3, 0.7, manifest=replace(ELSEWHERE, most_evidence=4.0)) is None


def test_what_is_like_a_product_that_the_home_taught_is_let_go() -> None:
    """A second plug is not held to what the base model says of it; what is less like the plug than the plug itself is."""
    taught = replace(ELSEWHERE, at_home={"plug": 0.95})
    anchors = anchored(0.5, 0.5)
    assert len(not_of(Fixed(taught, 0.01, 0.99), anchors)) == 0  # type: ignore[arg-type]
    assert len(not_of(Fixed(taught, 0.1, 0.9), anchors)) == len(anchors)  # type: ignore[arg-type]
    assert len(not_of(Fixed(taught, 0.99, 0.01), anchors)) == len(anchors)  # type: ignore[arg-type]
