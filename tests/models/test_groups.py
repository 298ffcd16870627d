"""What a model has one of."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.errors import InputError
from headwise.models.groups import against, choose_group


@pytest.mark.parametrize(
    ("group", "label", "expected"),
    [
        (None, None, "all-device"),
        (None, "category", "all-category"),
        ("per-category", None, "per-category"),
        ("per-device", "device", "per-device"),
    ],
)
def test_label_or_group_is_enough(group: str | None, label: str | None, expected: str) -> None:
    """Either option chooses; nothing chosen is one model for all devices."""
    assert choose_group(group, label).name == expected


def test_a_contradiction_is_refused() -> None:
    """A group of devices does not name categories."""
    with pytest.raises(InputError, match="labels of kind 'device', not 'category'"):
        choose_group("per-device", "category")


def test_a_network_for_one_class_is_shown_it_all_and_a_sample_of_the_rest() -> None:
    """Every row of the class, and as many of each other class, spread over all of them; rare ones whole."""
    labels = np.repeat(np.array(["lamp", "plug", "hub", "cam"], object), [20, 500, 500, 5])
    shown = against(labels, "lamp")
    counted = {name: int((labels[shown] == name).sum()) for name in set(labels)}
    assert counted == {"lamp": 20, "plug": 33, "hub": 33, "cam": 5}
    plugs = shown[labels[shown] == "plug"]
    assert np.diff(plugs).max() - np.diff(plugs).min() <= 1
