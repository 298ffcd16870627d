"""The command train."""

from __future__ import annotations

from headwise.cli.train import GROUP_NAMES
from headwise.models import GROUPS


def test_every_group_can_be_asked_for() -> None:
    """The groups that the help shows are those that there are."""
    assert tuple(GROUPS) == GROUP_NAMES
