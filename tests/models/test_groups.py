"""What a model has one of."""

from __future__ import annotations

import pytest

from headwise.errors import InputError
from headwise.models.groups import choose_group


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
