"""Product lines: what a maker's products are called together, read off their names."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# A line that holds most of what is known says nothing.
MOST = 0.5


@dataclass(frozen=True)
class Line:
    """Products whose names begin alike.

    Attributes
    ----------
    name : str
        What they begin with: ``tp-link`` of ``tp-link-hs100`` and ``tp-link-smart-plug``.
    members : tuple of int
        Positions of the products, two at least.
    """

    name: str
    members: tuple[int, ...]


@functools.lru_cache(maxsize=32)
def lines_of(classes: tuple[str, ...]) -> tuple[Line, ...]:
    """Return the lines of products, wider ones first; a line may lie inside another.

    Names are cut at hyphens: words that two products or more begin with make a line. One that would hold over half of the products,
    of three or more, is none.

    Parameters
    ----------
    classes : tuple of str
        Names of products.
    """
    members: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, name in enumerate(classes):
        words = name.split("-")
        for count in range(1, len(words)):
            members[tuple(words[:count])].append(place)
    # Words that only ever come together (tp-link, d-link) are one: the longest stands for all that have its members.
    longest: dict[tuple[int, ...], tuple[str, ...]] = {}
    for begin, places in sorted(members.items()):
        longest[tuple(places)] = max(longest.get(tuple(places), ()), begin, key=len)
    found = [Line("-".join(words), places) for places, words in longest.items() if len(places) > 1]
    kept = [line for line in found if len(line.members) <= max(2, MOST * len(classes))]
    return tuple(sorted(kept, key=lambda line: (-len(line.members), line.name)))


def narrowest(probabilities: np.ndarray, classes: tuple[str, ...], least: float) -> tuple[Line, float] | None:
    """Return the smallest line whose products together have a probability of at least `least`, and that probability.

    Parameters
    ----------
    probabilities : float array of len(classes)
        Of the products.
    """
    sure = [(line, float(probabilities[list(line.members)].sum())) for line in lines_of(classes)]
    enough = [(line, total) for line, total in sure if total >= least]
    return min(enough, key=lambda pair: (len(pair[0].members), -pair[1])) if enough else None


def line_mass(probabilities: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    """Return the probability of the line of the likeliest product, of the narrowest that it is in, or its own.

    Parameters
    ----------
    probabilities : float array of n x len(classes)
    """
    mass: np.ndarray = (probabilities * together(classes)[probabilities.argmax(axis=1)]).sum(axis=1)
    return mass


@functools.lru_cache(maxsize=32)
def together(classes: tuple[str, ...]) -> np.ndarray:
    """Return for each product which ones are of the narrowest line that it is in: itself alone where it is in none (K x K of bool)."""
    found = np.eye(len(classes), dtype=bool)
    for line in lines_of(classes):
        for place in line.members:
            found[place] = False
            found[place, list(line.members)] = True
    found.setflags(write=False)
    return found


def answers(truth: np.ndarray, called: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    """Return names with each that is of the true product's line replaced by the true product.

    So scored, the line's name counts: whoever says only ``edimax-sp`` of two twins is right about either.

    Parameters
    ----------
    truth, called : arrays of n str
        The products, and what they were called.
    classes : tuple of str
        All products that could be said. Of the lines that a product is in, the narrowest counts; one without a line has only its own name.
    """
    place, same = {name: number for number, name in enumerate(classes)}, together(classes)
    known = zip([place.get(name) for name in truth.tolist()], [place.get(name) for name in called.tolist()], strict=True)
    right = [one is not None and other is not None and bool(same[one, other]) for one, other in known]
    return np.where(np.array(right, bool), truth, called)


def of_known_line(labels: Sequence[str], classes: tuple[str, ...]) -> np.ndarray:
    """Return for each label that is no class whether a line of the classes would be its right name.

    That is so where it begins with the words of a line, or shares its first words with one class as products of a line do.
    """
    return np.array([_has_line(label, classes) for label in labels], bool)


def _has_line(label: str, classes: tuple[str, ...]) -> bool:
    if label in classes:
        return True
    return any(len(classes) in line.members for line in lines_of((*classes, label)))
