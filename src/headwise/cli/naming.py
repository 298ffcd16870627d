"""How the name of a device is shown in a table's two cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headwise.testbeds import UNKNOWN

if TYPE_CHECKING:
    from headwise.identity.answer import Answer


def told(answer: Answer) -> tuple[str, str]:
    """Return the name and how sure it is: a product, else a line of products, else unknown with the category's sureness.

    A guess has a question mark. Of what is unknown in every way there is nothing to be sure of; of what is new there is nothing to say.
    """
    if answer.state == "new":
        return "", ""
    mark = "?" if answer.state == "guessing" else ""
    if answer.product.label != UNKNOWN:
        return answer.product.label + mark, _percent(answer.product.probability)
    if answer.family is not None:
        article = "an" if answer.family.label[0] in "aeio" else "a"
        return f"{article} {answer.family.label} product{mark}", _percent(answer.family.probability)
    return UNKNOWN, "" if answer.category.label == UNKNOWN else _percent(answer.category.probability)


def kind(answer: Answer) -> str:
    """Return the category, unknown where it is not sure; nothing of what is new."""
    return "" if answer.state == "new" else answer.category.label


def _percent(probability: float | None) -> str:
    return "" if probability is None else f"{probability:.0%}"
