"""What a home may teach."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.clock import NS
from headwise.identity import Identities
from headwise.identity.lessons import Lessons, LessonSettings, lessons_of
from tests.identity.test_identities import BULB, PLUG, PRODUCTS, chances, windows

CATEGORIES = {"bulb": "home-automation", "plug": "home-automation", "phone": "computer", "kettle": "appliance"}
DAY = 86_400 * NS


def after_a_day(plug: float, *, then: float | None = None, told: str | None = None) -> Lessons:
    """Return what a device teaches after two days of windows that say plug; `then` on its last six hours; told what it is or not."""
    table = windows(*((PLUG, place) for place in range(288)))
    says = np.full(288, plug)
    says[252:] = plug if then is None else then
    home = Identities(PRODUCTS)
    if told is not None:
        home.tell(PLUG, told, 0)
    home.add(table, chances(*says))
    return lessons_of(table, chances(*says), home, CATEGORIES, 600.0, 2 * DAY)


def test_a_sure_and_steady_name_teaches_all_its_windows() -> None:
    """They are labelled by the name that the MAC earned, with the category of the product."""
    lessons = after_a_day(0.97)
    assert len(lessons.windows) == 288
    assert set(lessons.windows.product) == {"plug"}
    assert set(lessons.windows.category) == {"home-automation"}
    assert lessons.left_out == {}


def test_windows_that_disagree_are_labelled_by_the_mac_and_not_by_the_model() -> None:
    """A few windows that the model takes for another product are what there is to learn."""
    table = windows(*((PLUG, place) for place in range(288)))
    says = np.where(np.arange(288) % 10 == 0, 0.05, 0.97)
    home = Identities(PRODUCTS)
    home.add(table, chances(*says))
    lessons = lessons_of(table, chances(*says), home, CATEGORIES, 600.0, 2 * DAY)
    assert len(lessons.windows) == 288
    assert set(lessons.windows.product) == {"plug"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"plug": 0.55}, "guessing"),
        ({"plug": 0.97, "then": 0.03}, "changed"),
        ({"plug": 0.97, "told": "phone"}, "no product"),
        ({"plug": 0.97, "told": "no idea"}, "no product"),
    ],
)
def test_others_teach_nothing(given: dict[str, float | str], reason: str) -> None:
    """A guess, a device that no longer behaves like its name, and what is no product are left out and counted."""
    lessons = after_a_day(**given)  # type: ignore[arg-type]
    assert (len(lessons.windows), lessons.left_out) == (0, {reason: 288})


def test_a_fresh_name_teaches_nothing_yet() -> None:
    """A name of some hours is not steady."""
    table = windows(*((PLUG, place) for place in range(18)))
    home = Identities(PRODUCTS)
    home.add(table, chances(*[0.97] * 18))
    assert lessons_of(table, chances(*[0.97] * 18), home, CATEGORIES, 600.0, DAY // 8).left_out == {"not steady": 18}


def test_the_households_word_is_stronger() -> None:
    """A told device teaches by what it was told to be, whatever the model says of it, and at once; also a product of its own."""
    assert set(after_a_day(0.97, told="bulb").windows.product) == {"bulb"}
    assert set(after_a_day(0.97, told="kettle").windows.category) == {"appliance"}


def test_a_device_that_the_model_takes_for_its_twin_too_often_teaches_nothing() -> None:
    """A third of its windows are firmly the other's: it would pull the other's labels over."""
    table = windows(*((PLUG, place) for place in range(288)))
    says = np.where(np.arange(288) % 3 == 0, 0.05, 0.995)
    home = Identities(PRODUCTS)
    home.add(table, chances(*np.full(288, 0.97)))
    assert lessons_of(table, chances(*says), home, CATEGORIES, 600.0, 2 * DAY).left_out == {"disputed": 288}


def test_no_device_floods_the_others() -> None:
    """Of each device at most so many windows are taken, spread over its time; a device that nobody saw teaches nothing."""
    table = windows(*((PLUG, place) for place in range(288)), (BULB, 300))
    home = Identities(PRODUCTS)
    home.add(table.select(table.device == PLUG), chances(*[0.97] * 288))
    lessons = lessons_of(table, chances(*[0.97] * 289), home, CATEGORIES, 600.0, 3 * DAY, LessonSettings(most_each=50))
    assert len(lessons.windows) == 50
    assert (lessons.windows.start.min(), lessons.windows.start.max()) == (0, 287 * 600 * NS)
    assert lessons.left_out == {"never seen": 1}
