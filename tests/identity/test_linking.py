"""The same device under a new MAC."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headwise.devices import is_random
from headwise.identity.likeness import distances, likeness
from headwise.identity.linking import LinkSettings, suggest
from headwise.study.replay_home import table_of
from headwise.testbeds import LabelledWindows, day_of
from headwise.windows import WindowTable

HOUR = 3600 * 10**9
BULB, PLUG = 0x50C7BFEBECC4, 0x0C80636564DE


def rotated(mac: int) -> int:
    """Return the MAC that a device chose instead of its own."""
    return (mac & 0xFFFFFFFF) | 0x025A << 32


def half_way(windows: LabelledWindows, days: int) -> int:
    """Return a moment so many days after the first."""
    return int(day_of(windows.start).min() + days) * 24 * HOUR


def table(windows: LabelledWindows, since: int, *rotating: int, gone: tuple[int, ...] = (), arrived: tuple[int, ...] = ()) -> WindowTable:
    """Return a home in which some devices rotate their MAC at a moment, some fall silent, and some arrive under a chosen MAC."""
    later = windows.start >= since
    lost = np.isin(windows.device, gone) & later | np.isin(windows.device, arrived) & ~later
    moved = np.isin(windows.device, (*rotating, *arrived)) & later
    device = np.where(moved, [rotated(mac) for mac in windows.device.tolist()], windows.device).astype(np.uint64)
    return table_of(replace(windows, device=device).select(~lost))


def until(windows: LabelledWindows, moment: int, since: int = 0) -> LabelledWindows:
    """Return the windows before a moment."""
    return windows.select((windows.start < moment) & (windows.start >= since))


@pytest.fixture(scope="module")
def home(stevens: LabelledWindows) -> tuple[LabelledWindows, int, int]:
    """Return four days of a home, the moment in their midst, and their end."""
    middle = half_way(stevens, 6)
    return until(stevens, middle + 24 * HOUR, middle - 3 * 24 * HOUR), middle, middle + 24 * HOUR


def test_a_rotated_mac_is_linked_to_its_device_and_to_no_other(home: tuple[LabelledWindows, int, int]) -> None:
    """The plug, whose twin the bulb stays: the one suggestion is right, sure enough for a rule, and says since when it is gone."""
    windows, middle, now = home
    assert is_random(rotated(PLUG))
    links = suggest(table(windows, middle, PLUG), now)
    assert [(link.new, link.old) for link in links] == [(rotated(PLUG), PLUG)]
    assert links[0].sure >= LinkSettings().accept
    event = links[0].event("tp-link-smart-plug", now)
    assert (event.kind, event.device) == ("link", rotated(PLUG))
    assert event.evidence[0].startswith("it behaves like tp-link-smart-plug (0c:80:63:65:64:de), gone since 2019-07-05T00:0")


def test_a_mac_that_rotates_within_a_window_is_linked(home: tuple[LabelledWindows, int, int]) -> None:
    """The last window of the old MAC is the first of the new one, unless the moment falls between two."""
    windows, middle, now = home
    rotating = table(windows, middle, PLUG)
    both = np.flatnonzero((rotating.device == rotated(PLUG)) & (rotating.start == rotating.start[rotating.device == rotated(PLUG)].min()))
    shared = replace(rotating.select(both), device=np.full(len(both), PLUG, np.uint64))
    links = suggest(WindowTable.concatenate([rotating, shared], 0), now)
    assert [(link.new, link.old) for link in links] == [(rotated(PLUG), PLUG)]
    assert links[0].sure >= LinkSettings().accept


def test_devices_that_rotate_at_once_are_told_apart(home: tuple[LabelledWindows, int, int]) -> None:
    """All seven in the same minute: each is linked to itself, twins too."""
    windows, middle, now = home
    macs = np.unique(windows.device).tolist()
    links = suggest(table(windows, middle, *macs), now)
    assert {link.new: link.old for link in links} == {rotated(mac): mac for mac in macs}


@pytest.mark.parametrize("gone", [(), (PLUG,)], ids=["nobody", "its twin"])
def test_a_really_new_device_is_linked_to_nobody(home: tuple[LabelledWindows, int, int], gone: tuple[int, ...]) -> None:
    """The bulb arrives, under a chosen MAC, while nobody or its twin falls silent: nothing is suggested."""
    windows, middle, now = home
    assert suggest(table(windows, middle, gone=gone, arrived=(BULB,)), now) == []


def test_no_device_is_two_at_once(home: tuple[LabelledWindows, int, int]) -> None:
    """Where the old MAC goes on speaking, the new one is another unit, however alike they are."""
    windows, middle, now = home
    plug = windows.select((windows.device == PLUG) & (windows.start >= middle))
    both = WindowTable.concatenate([table_of(windows), table_of(replace(plug, device=np.full(len(plug), rotated(PLUG), np.uint64)))], 0)
    assert suggest(both, now) == []


def test_a_burnt_in_mac_is_never_linked_by_a_rule(home: tuple[LabelledWindows, int, int]) -> None:
    """A maker's MAC does not rotate: of the same maker it may be another port and is suggested, of another maker it is not."""
    windows, middle, now = home
    for mac, suggested in ((PLUG + 1, [PLUG]), (0x001788000001, [])):
        device = np.where((windows.device == PLUG) & (windows.start >= middle), np.uint64(mac), windows.device)
        links = suggest(table_of(replace(windows, device=device)), now)
        assert [link.old for link in links if link.sure >= LinkSettings().suggest] in (suggested, [PLUG])
        assert all(link.sure < LinkSettings().accept for link in links)


def test_units_of_one_product_that_rotate_at_once_are_not_told_apart(floridatech: LabelledWindows) -> None:
    """Three cameras alike: no rule links any of them."""
    middle = half_way(floridatech, 2)
    cameras = np.unique(floridatech.device[floridatech.product == "amazon-blink-indoor-camera"]).tolist()
    links = suggest(table(floridatech, middle, *cameras), int(floridatech.start.max()))
    assert [link for link in links if link.sure >= LinkSettings().accept] == []


def test_one_of_several_units_of_a_product_is_suggested_and_left_to_a_person(floridatech: LabelledWindows) -> None:
    """Each of three cameras alike takes a new MAC while the others stay: the one that fell silent is meant, by no rule."""
    middle = half_way(floridatech, 2)
    for camera in np.unique(floridatech.device[floridatech.product == "amazon-blink-indoor-camera"]).tolist():
        links = suggest(table(floridatech, middle, camera), int(floridatech.start.max()))
        assert [(link.new, link.old) for link in links] == [(rotated(camera), camera)]
        assert links[0].sure < links[0].if_back
        assert links[0].sure < LinkSettings().accept


def test_one_more_unit_of_a_product_is_not_linked_to_one_that_fell_silent(floridatech: LabelledWindows) -> None:
    """A camera arrives in the hour in which another one goes, while a third one stays: no rule takes them for one."""
    middle = half_way(floridatech, 2)
    gone, arrived, _ = np.unique(floridatech.device[floridatech.product == "amazon-blink-indoor-camera"]).tolist()
    links = suggest(table(floridatech, middle, gone=(gone,), arrived=(arrived,)), int(floridatech.start.max()))
    assert [link for link in links if link.sure >= LinkSettings().accept] == []


def test_distance_is_a_share_of_features() -> None:
    """Equal is 0, far apart is 1, and one side undefined is as far apart as can be."""
    nan = np.nan
    some = np.array([[0.0, 0.0, nan, nan]])
    others = np.array([[0.0, 0.0, nan, nan], [0.5, 9.0, nan, 1.0], [nan, nan, 0.0, 0.0]])
    assert distances(some, others).tolist() == [[0.0, pytest.approx(2.5 / 4), 1.0]]


def test_a_devices_own_windows_are_half_like_it() -> None:
    """Drawn from the same, about a half; from elsewhere, nothing; without enough windows of the device, nothing."""
    random = np.random.default_rng(0)
    own, start = random.normal(size=(120, 5)), np.arange(120) * HOUR
    assert likeness(random.normal(size=(60, 5)), own, start) == pytest.approx(0.5, abs=0.1)
    assert likeness(random.normal(loc=3, size=(60, 5)), own, start) < 0.02
    assert likeness(own[:5], own[:3], start[:3]) == 0
    assert likeness(own[:0], own, start) == 0
