"""What a command calls a device."""

from __future__ import annotations

import pytest

from headwise.cli.naming import told
from headwise.identity.answer import Answer
from headwise.models.voting import Guess


@pytest.mark.parametrize(("line", "said"), [("apple", "an apple product"), ("belkin-wemo", "a belkin-wemo product")])
def test_a_line_of_products_has_its_article(line: str, said: str) -> None:
    """As in spoken English; a guess has a question mark."""
    assert told(Answer("named", family=Guess(line, 0.94))) == (said, "94%")
    assert told(Answer("guessing", family=Guess(line, 0.94))) == (f"{said}?", "94%")
