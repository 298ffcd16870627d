"""What is said of a device that is something already: the evidence speaks, under the name that the device has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from headwise.identity.answer import NOTHING, Answer
from headwise.identity.category_verdict import CategoryVerdict
from headwise.identity.naming import LEAST, fits, members
from headwise.identity.reasons import Shown
from headwise.identity.states import EARNED, Identity, unlike
from headwise.models.voting import NO_GUESS, Guess
from headwise.testbeds import UNKNOWN

if TYPE_CHECKING:
    from headwise.identity.verdict import Verdict

TOLD = "a person said so"


def product_under(identity: Identity, verdict: Verdict, shown: Shown, vendor: str | None, categories: Mapping[str, str]) -> Answer:
    """Return what is said of a device, by a model of products.

    Parameters
    ----------
    identity : Identity
        What it is called.
    verdict : Verdict
        What its evidence says.
    shown : Shown
        What it showed.
    vendor : str or None
        Of its MAC.
    categories : mapping of str to str
        Of products: those of the model, and those that a person named.
    """
    if identity.state == "unknown":
        return verdict.said("unknown", shown, vendor)
    if identity.state not in (*EARNED, "told"):
        return _unnamed(NOTHING if verdict.amount < LEAST else verdict.answer(shown, vendor))
    if identity.state == "told" and verdict.amount < LEAST:
        return _told_alone(identity, categories)
    name = Guess(str(identity.label), None if identity.state == "told" else verdict.sure_of(identity.label, identity.line))
    inside = identity.line and fits(name.label, True, verdict.one.label, False)
    around = verdict.line is not None and fits(name.label, False, verdict.line.label, True)
    return Answer(
        state=identity.state,
        product=name if not identity.line else verdict.one if inside else verdict.no_one,
        category=_category(identity, verdict, categories),
        family=name if identity.line else verdict.line if around else None,
        alternatives=verdict.alternatives(),
        prediction_set=_with(identity, verdict),
        evidence=tuple(_words(identity, verdict, shown, vendor)),
        since=identity.since,
    )


def category_under(identity: Identity, verdict: CategoryVerdict, categories: Mapping[str, str]) -> Answer:
    """Return what is said of a device, by a model of categories: of such a one what was earned is the name of a category."""
    if identity.state == "unknown":
        return verdict.said("unknown")
    if identity.state not in (*EARNED, "told"):
        return _unnamed(verdict.answer() if verdict.amount >= LEAST else NOTHING)
    if identity.state == "told":
        return _told_alone(identity, categories)
    words = (unlike(identity.label, identity.rival),) if identity.rival else ()
    return Answer(
        identity.state, category=Guess(str(identity.label), verdict.sure_of(identity.label)), evidence=words, since=identity.since
    )


def _unnamed(found: Answer) -> Answer:
    """Return an answer without a name that no event told of yet, as where the model has just become another one."""
    return replace(found, state="guessing") if found.state in EARNED else found


def _told_alone(identity: Identity, categories: Mapping[str, str]) -> Answer:
    category = categories.get(str(identity.label))
    return Answer(
        "told",
        product=Guess(str(identity.label), None),
        category=Guess(category, None) if category is not None else NO_GUESS,
        prediction_set=(str(identity.label),),
        evidence=(TOLD,),
        since=identity.since,
    )


def _category(identity: Identity, verdict: Verdict, categories: Mapping[str, str]) -> Guess:
    own, found, every = verdict.manifest.categories, verdict.category(), verdict.categories()
    if not identity.line:
        category = categories.get(str(identity.label))
        if category is None:
            return found
        return Guess(category, None if identity.state == "told" else every.get(category, 0.0))
    kinds = {own[verdict.manifest.classes[place]] for place in members(identity.label, True, verdict.manifest.classes)}
    # What is of a line may be a product of it that nobody knows, and of another kind.
    if found.label in kinds or found.label == UNKNOWN or fits(identity.label, True, verdict.product, False):
        return found
    return Guess(kind := kinds.pop(), every[kind]) if len(kinds) == 1 else Guess(UNKNOWN, found.probability)


def _with(identity: Identity, verdict: Verdict) -> tuple[str, ...]:
    """Return the prediction set with what the device is called in it."""
    found = verdict.prediction_set()
    if any(fits(identity.label, identity.line, each, False) for each in found):
        return found
    own = verdict.likeliest(identity.label, identity.line)
    return (own or str(identity.label), *found) if own or not identity.line else found


def _words(identity: Identity, verdict: Verdict, shown: Shown, vendor: str | None) -> list[str]:
    words = [TOLD] if identity.state == "told" else []
    own, product = verdict.likeliest(identity.label, identity.line), verdict.product
    if identity.rival is not None:
        words.append(unlike(identity.label, identity.rival))
        rival = verdict.likeliest(identity.rival) or verdict.likeliest(identity.rival, True)
        return words + (verdict.reasons(rival, shown, vendor) if rival else [])
    if own is not None and fits(identity.label, identity.line, product, False):
        return words + verdict.reasons(own, shown, vendor)
    if own is None:
        words.append(f"the model does not know {identity.label}")
    if verdict.state in ("new", "unknown"):
        return [*words, f"what it does is hardly like anything known: {product} least unlike"]
    return [*words, f"what it does is more like {product}", *verdict.reasons(product, shown, vendor)]
