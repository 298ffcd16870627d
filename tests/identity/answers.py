"""Whether what is said of one device holds together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from headwise.identity.naming import fits

NOBODY = {"label": "unknown", "probability": None}
NOTHING = {
    "state": "new",
    "product": NOBODY,
    "category": NOBODY,
    "family": None,
    "alternatives": [],
    "prediction_set": [],
    "evidence": [],
    "since": None,
}
NAMED = ("named", "changed", "told")
ROUNDED = 1e-5


def contradictions(said: Mapping[str, Any], kinds: Mapping[str, str]) -> list[str]:
    """Return which parts of an answer, as JSON, contradict each other.

    Parameters
    ----------
    said : mapping
        What ``--json`` prints of a device.
    kinds : mapping of str to str
        Category of each product; empty for a model of categories.
    """
    return list(_of_nothing(said) if said["state"] == "new" else _of_categories(said) if not kinds else _of_products(said, kinds))


def _of_nothing(said: Mapping[str, Any]) -> Iterator[str]:
    for name, empty in NOTHING.items():
        if said[name] != empty:
            yield f"a device of which nothing is known has {name} {said[name]}"


def _of_categories(said: Mapping[str, Any]) -> Iterator[str]:
    if said["state"] != "told" and (said["product"] != NOBODY or said["prediction_set"]):
        yield "a model of categories names a product"
    if said["state"] in ("named", "changed") and said["category"]["label"] == "unknown":
        yield "a named device has no category"
    if said["family"] is not None or said["alternatives"]:
        yield "a model of categories knows products"
    if said["since"] is None:
        yield "it is something since no time"


def _of_products(said: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[str]:
    state, product, family = said["state"], said["product"], said["family"]
    alone = product["label"] != "unknown"
    chances = {each["label"]: each["probability"] for each in said["alternatives"]}
    label, line = (product["label"], False) if alone else (family["label"], True) if family else (None, False)
    if said["since"] is None or not said["evidence"]:
        yield "it is something since no time, or for no reason"
    if state in NAMED and label is None:
        yield "it has a name, and none is said"
    if state == "unknown" and label is not None:
        yield "it is unknown, and a name is said"
    if state == "told" and not chances:
        return
    ordered = list(chances.values())
    if not ordered or ordered != sorted(ordered, reverse=True):
        yield "the alternatives are none, or not the likeliest first"
    wanted = chances.get(product["label"], ordered[0] if not alone else None)
    if state != "told" and wanted is not None and abs(product["probability"] - wanted) > ROUNDED:
        yield "the product has another probability than among the alternatives"
    if state != "told" and alone and wanted is None and product["probability"] > ordered[-1] + ROUNDED:
        yield "the product is likelier than the alternatives, and is none of them"
    if alone and family and not fits(family["label"], True, label, False):
        yield "the product is not of its line"
    if family and family["probability"] is not None:
        inside = sum(chance for name, chance in chances.items() if fits(family["label"], True, name, False))
        if family["probability"] < inside - ROUNDED:
            yield "the line is less likely than its products"
    if alone and label in kinds and said["category"]["label"] not in (kinds[label], "unknown"):
        yield "the category is another product's"
    if state not in ("changed", "told") and next(iter(chances)) not in said["prediction_set"]:
        yield "the prediction set does not hold the likeliest"
    if label and not any(fits(label, line, each, False) for each in said["prediction_set"]):
        yield "the prediction set does not hold what it is called"
    if label and not fits(label, line, next(iter(chances)), False) and not any("like" in words for words in said["evidence"]):
        yield "something else is likelier, and no word says so"
