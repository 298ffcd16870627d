"""What a command calls a device."""

from __future__ import annotations

import pytest

from headwise.cli.naming import kind, told
from headwise.identity.answer import NOTHING, Answer
from headwise.models.voting import Guess


@pytest.mark.parametrize(("line", "said"), [("apple", "an apple product"), ("belkin-wemo", "a belkin-wemo product")])
def test_a_line_of_products_has_its_article(line: str, said: str) -> None:
    """As in spoken English; a guess has a question mark."""
    assert told(Answer("named", family=Guess(line, 0.94))) == (said, "94%")
    assert told(Answer("guessing", family=Guess(line, 0.94))) == (f"{said}?", "94%")


def test_of_what_is_new_nothing_is_shown() -> None:
    """Unknown is said of what there is enough evidence of, and of a kind that is not sure."""
    assert (told(NOTHING), kind(NOTHING)) == (("", ""), "")
    strange = Answer("unknown", product=Guess("unknown", 0.2), category=Guess("unknown", 0.4))
    assert (told(strange), kind(strange)) == (("unknown", ""), "unknown")
    assert kind(Answer("unknown", category=Guess("hub", 0.7))) == "hub"
