"""Models that never saw a place, or a product of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.models import GROUPS, train
from headwise.study.accuracy.abroad import Abroad, beds_away, by_votes, products_away
from headwise.study.accuracy.asked import ask
from headwise.study.accuracy.contenders import Contender, Votes
from headwise.study.accuracy.effort import QUICK
from headwise.study.accuracy.kinds import Answers
from headwise.study.accuracy.places import Found, place
from headwise.study.accuracy.splits import of_units
from headwise.study.accuracy.strangers import Heard, Told, hear
from tests.study.accuracy.beds import two_beds

SMALL = Contender("small", "etc", {"n_estimators": 10}, weighs=True)
WINDOWS = two_beds(classes=6, away=2)


def abroad(units: list[str], probabilities: list[list[float]], sure: list[float]) -> Abroad:
    """Return what a model of products a and b might say."""
    said = np.array(probabilities)
    return Abroad(np.array(["a", "b"], object), Votes(np.array(units), said, np.array(sure)), np.array(["x", "y"], object), said)


def test_what_is_left_out_trains_nothing() -> None:
    """A whole test-bed, or one product of it that is elsewhere too: what may train and what is scored share no window."""
    beds, products = list(beds_away(WINDOWS)), list(products_away(WINDOWS))
    assert len(beds) == 2
    assert len(products) == 8
    for learn, test in beds + products:
        assert not (learn & test).any()
        assert (learn | test).all()
    assert all(len(set(WINDOWS.testbed[learn].tolist())) == 1 for learn, _ in beds)


def test_products_are_found_in_the_other_place() -> None:
    """Made-up products behave alike everywhere: all that are in both are first; and the ones only in the north are strangers there."""
    found = place(WINDOWS, SMALL, QUICK)
    assert len(found.ranks) == 8
    assert found.firsts().mean == 8
    assert found.text() == "first 8.0, among three 8.0 of 8"
    assert found.separated[0] > 0.9


def test_the_rank_of_the_truth_and_what_was_said_instead_are_kept() -> None:
    """A unit of a known product that is second counts among three and as confused; units of unknown products have no rank."""
    found = Found()
    product = {"n/1": "a", "n/2": "b", "n/3": "c"}
    found.add([abroad(["n/1", "n/2", "n/3"], [[0.9, 0.1], [0.6, 0.4], [0.5, 0.5]], [0.9, 0.6, 0.7])], product)
    assert found.ranks == {"n/1": [1], "n/2": [2]}
    assert found.confused == {("b", "a"): 1}
    assert found.separated == [0.5]


def test_strangers_of_a_known_line_can_be_left_out() -> None:
    """What is as sure as the known and of their line counts against telling strangers, and not where the line's name is right for it."""
    found = Found()
    product = {"n/1": "wemo-plug", "n/2": "wemo-lamp", "n/3": "kettle"}
    rows = [[0.8, 0.05, 0.05, 0.05, 0.05]] * 2 + [[0.2] * 5]
    classes = np.array(["echo-dot", "roku-tv", "sonos-one", "wemo-plug", "wemo-switch"], object)
    found.add([replace(abroad(["n/1", "n/2", "n/3"], rows, [0.9, 0.9, 0.1]), classes=classes)], product)
    assert (found.separated, found.apart) == ([0.75], [1.0])


def test_categories_are_right_as_often_as_said() -> None:
    """The share right of all, and of the surest half."""
    answers = Answers()
    answers.add({"n/1": "x", "n/2": "x"}, [abroad(["n/1", "n/2"], [[0.9, 0.1], [0.4, 0.6]], [0.9, 0.6])])
    assert (answers.always.mean, answers.surest(0.5).mean, answers.trusted().mean) == (0.5, 1.0, 0.5)
    assert answers.confused == {("x", "y"): 1}


def test_the_product_is_asked_as_it_answers_in_a_home() -> None:
    """What it says of each unit is by all its windows; a vendor that is unknown changes nothing."""
    learn, test = next(iter(beds_away(WINDOWS)))
    trained = train(
        WINDOWS.select(learn), family_name="etc", group=GROUPS["all-device"], jobs=1, replay=0, turns=(), parameters={"n_estimators": 10}
    )
    product = of_units(WINDOWS, WINDOWS.product)
    off, on = (list(ask(trained, WINDOWS.select(test), use_vendor=vendor)) for vendor in (False, True))
    assert [each.unit for each in off] == sorted(set(WINDOWS.units()[test].tolist()))
    known = [each for each in off if product[each.unit] in trained.manifest.classes]
    assert len(known) == 4
    assert all(trained.manifest.classes[int(each.verdict.probabilities.argmax())] == product[each.unit] for each in known)
    assert all(each.verdict.habits for each in off)
    for one, other in zip(off, on, strict=True):
        assert np.allclose(one.verdict.probabilities, other.verdict.probabilities)
        assert sum(one.verdict.categories().values()) == pytest.approx(1)


def test_every_product_is_once_unknown_and_else_known() -> None:
    """In five folds; classes that lie apart are told from strangers nearly always."""
    units = list(hear(WINDOWS, SMALL, 0, QUICK))
    assert len(units) == 5 * 10
    assert sum(not unit.known for unit in units) == 10
    assert all(unit.right for unit in units if unit.known)
    told = Told.of([units])
    assert told.auroc.mean > 0.9
    assert told.right.mean <= told.kept.mean


def test_a_wrong_name_is_not_kept_right() -> None:
    """Sure and wrong counts as kept, not as right."""
    units = [Heard("a", "a", 0.9, True, True), Heard("b", "a", 0.8, True, True), Heard("c", "a", 0.3, False, False)]
    told = Told.of([units])
    assert (told.auroc.mean, told.right.mean, told.kept.mean) == (1.0, 0.5, 1.0)


def test_votes_of_a_contender_name_units_of_the_place_left_out() -> None:
    """They are units of the test-bed alone, and over the products that trained."""
    away = next(iter(beds_away(WINDOWS)))
    found = by_votes(WINDOWS, away, SMALL, 0, 1)
    assert set(found.votes.units.tolist()) == set(WINDOWS.units()[away[1]].tolist())
    assert set(found.classes.tolist()) == set(WINDOWS.product[away[0]].tolist())
    assert len(found.categories) == 0
