"""How sure that a device is of a known line."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.models.familiarity import KNOWN_ODDS, TYPICAL_POWER, familiarity

CLASSES = ("belkin-wemo-insight", "belkin-wemo-switch", "ring-chime", "roku-tv", "sonos-one")


def of(typical: list[float], backing: list[float], best: int) -> float:
    """Return it of one device."""
    return float(familiarity(np.array([typical]), np.array([backing]), np.array([best]), CLASSES)[0])


def test_it_is_of_the_whole_line() -> None:
    """Twins share their probability, and marks of either speak for both."""
    found = of([0.3, 0.4, 0.1, 0.1, 0.1], [KNOWN_ODDS, 0, 9, 9, 9], 1)
    assert found == pytest.approx(0.7**TYPICAL_POWER / 2)


def test_marks_and_vendor_raise_and_lower_it() -> None:
    """Traffic that says little is familiar with marks that are rare, and strange with another's."""
    row = [0.2, 0.2, 0.2, 0.2, 0.2]
    assert of(row, [0, 0, 6, 0, 0], 2) > 0.5 > of(row, [0, 0, 2, 0, 0], 2) > of(row, [0, 0, -3, 0, 0], 2)


def test_nothing_is_surer_than_sure() -> None:
    """It is a number between 0 and 1, also at the ends."""
    assert of([0, 0, 1, 0, 0], [0, 0, 700, 0, 0], 2) == pytest.approx(1)
    assert of([1, 0, 0, 0, 0], [-700, -700, 0, 0, 0], 0) == pytest.approx(0, abs=1e-9)
