"""Product lines."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.models.lines import answers, line_mass, lines_of, narrowest, of_known_line

CLASSES = (
    "belkin-link",
    "belkin-wemo-insight",
    "belkin-wemo-switch",
    "kettle",
    "ring-chime",
    "tp-link-hs100",
    "tp-link-hs110",
    "yi-camera",
)


def test_lines_are_read_off_the_names() -> None:
    """Words that products begin with make lines, one inside another; words that never part are one."""
    assert {line.name: [CLASSES[place] for place in line.members] for line in lines_of(CLASSES)} == {
        "belkin": ["belkin-link", "belkin-wemo-insight", "belkin-wemo-switch"],
        "belkin-wemo": ["belkin-wemo-insight", "belkin-wemo-switch"],
        "tp-link": ["tp-link-hs100", "tp-link-hs110"],
    }


def test_a_line_of_nearly_everything_is_none() -> None:
    """Where all products begin alike their common word says nothing."""
    assert lines_of(("simulated-bulb", "simulated-camera", "simulated-plug-1", "simulated-plug-2"))[0].name == "simulated-plug"


def test_the_narrowest_line_that_is_sure() -> None:
    """Twins share a line; a probability spread wider has a wider line; one spread everywhere has none."""
    row = np.array([0.02, 0.45, 0.43, 0.02, 0.02, 0.02, 0.02, 0.02])
    line, probability = narrowest(row, CLASSES, 0.8) or (None, 0)
    assert line is not None
    assert line.name == "belkin-wemo"
    assert probability == pytest.approx(0.88)
    assert (narrowest(np.roll(row, -1), CLASSES, 0.8) or [None])[0] == lines_of(CLASSES)[0]
    assert narrowest(np.full(8, 1 / 8), CLASSES, 0.8) is None


def test_the_mass_of_the_best_products_line() -> None:
    """A product in a line counts with its siblings, one alone for itself."""
    rows = np.array([[0.0, 0.5, 0.3, 0, 0, 0, 0, 0.2], [0, 0, 0, 0.6, 0.4, 0, 0, 0]])
    assert line_mass(rows, CLASSES) == pytest.approx([0.8, 0.6])


def test_strangers_of_a_known_line() -> None:
    """A product that is unknown has a right name where its line is known."""
    assert of_known_line(["belkin-wemo-mini", "tp-link-hs200", "ring-doorbell", "sonos-one"], CLASSES).tolist() == [True, True, True, False]


def test_the_name_of_the_narrowest_line_counts() -> None:
    """A twin's name is as good as the line's, a wider line's or a stranger's is not, and what is right stays."""
    truth = np.array(["tp-link-hs100", "belkin-wemo-switch", "belkin-wemo-switch", "belkin-link", "kettle", "kettle"], object)
    called = np.array(["tp-link-hs110", "belkin-wemo-insight", "belkin-link", "belkin-wemo-switch", "yi-camera", "kettle"], object)
    assert (answers(truth, called, CLASSES) == truth).tolist() == [True, True, False, True, False, True]
    assert answers(truth, called, CLASSES)[[2, 4]].tolist() == ["belkin-link", "yi-camera"]
