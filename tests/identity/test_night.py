"""Nights of real homes: what they learn, and what they refuse to learn."""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise import durable
from headwise.clock import NS
from headwise.identity.home import BASE, HomeFolder, Promoted
from headwise.identity.kept import KeptWindows, ends_of
from headwise.identity.night import Night, NightSettings
from headwise.identity.nightly import roll_back, tell_device
from headwise.study.replay_home import began, days_of, table_of
from headwise.testbeds import LabelledWindows
from headwise.testbeds.labelled import join
from tests.identity.homes import f1, f1_in_use, kinds, night, small_model

BULB, PLUG = 0x50C7BFEBECC4, 0x0C80636564DE
CAMERA, COFFEE = 0x146B9C858AFE, 0x84F3EB1891DD


@pytest.fixture(scope="module")
def first_day(stevens: LabelledWindows, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model of one day."""
    return small_model(days_of(stevens)[2], tmp_path_factory.mktemp("night") / "base.headwise")


def test_a_home_learns_from_its_own_windows_and_is_not_worse(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """Three nights later a retrained model is in use, nobody having labelled anything, and is as right on the next day but for a window."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    happened = [kinds(night(place, days[number])) for number in (3, 4, 5)]
    assert happened[0] == []  # no later day to check on yet
    assert "promoted" in happened[1] + happened[2]
    assert f1_in_use(place, days[6]) >= f1(first_day, days[6]) - 0.002
    names = {known["identity"]["label"] for known in place.read().identities["devices"].values()}
    assert names == set(stevens.product)


def test_a_night_that_cannot_write_its_model_keeps_its_names(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """Where the new model has no room, the night's windows and names are kept all the same, and what happened is told."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    night(place, days[3])
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)

    def no_room_to_learn(words: str) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, usual[1]) if words.startswith("learning") else usual)

    try:
        with place.alone() as home:
            events = Night(place, home, tell=no_room_to_learn).run(table_of(days[4]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert kinds(events) == ["kept"]
    assert "not learned: " in events[-1].evidence[0]
    assert "cannot write" in events[-1].evidence[0]
    found = place.read()
    assert (found.night, found.in_use.file, len(found.windows)) == (2, BASE, 2)


@pytest.mark.parametrize("pair", [(CAMERA, COFFEE), (BULB, PLUG)], ids=["strangers", "twins"])
def test_labels_of_two_devices_that_were_swapped_are_not_promoted(
    stevens: LabelledWindows, first_day: Path, tmp_path: Path, pair: tuple[int, int]
) -> None:
    """Even where a person swapped them, the replay set tells, and the model stays as it was."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    night(place, days[3])
    products = {mac: str(stevens.product[stevens.device == mac][0]) for mac in pair}
    for mac, other in (pair, pair[::-1]):
        tell_device(place.folder, mac, products[other], None, 0)
    happened = [kinds(night(place, days[number])) for number in (4, 5)]
    assert happened == [["kept"], ["kept"]]
    assert place.read().in_use.file == BASE
    assert "recall of" in place.read().events[-1].evidence[1]


def imitating(windows: LabelledWindows, who: int, whom: int) -> LabelledWindows:
    """Return windows in which one device does what another did."""
    theirs = windows.select(windows.device == whom)
    rows = np.flatnonzero(windows.device == who)
    source = np.arange(len(rows)) % len(theirs)
    features, sequence = windows.features.copy(), windows.sequence.copy()
    features[rows], sequence[rows] = theirs.features[source], theirs.sequence[source]
    return replace(windows, features=features, sequence=sequence)


def test_a_device_that_imitates_another_teaches_nothing_and_keeps_its_name(
    stevens: LabelledWindows, first_day: Path, tmp_path: Path
) -> None:
    """The plug behaves like the camera from the third night on: an event tells, and no model forgets what a plug or a camera is."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    night(place, days[3])
    events = [event for number in (4, 5, 6) for event in night(place, imitating(days[number], PLUG, CAMERA))]
    changed = [event for event in events if event.device == PLUG and event.kind == "changed"]
    assert {(event.label, event.state) for event in changed} == {("tp-link-smart-plug", "changed")}
    assert "but like tenvis-camera" in changed[-1].evidence[0]
    assert f1_in_use(place, days[7]) >= f1(first_day, days[7])


def test_a_model_that_turns_out_worse_is_rolled_back(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """A poisoned model that is in use loses products on the next day that the one before knew, and goes."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    night(place, days[3])
    names = dict(zip(*(side.tolist() for side in (stevens.device, stevens.product)), strict=True))
    swapped = {CAMERA: names[COFFEE], COFFEE: names[CAMERA]}
    product = np.array([swapped.get(mac, names[mac]) for mac in days[3].device.tolist()], object)
    poison = replace(days[3], product=product, category=np.array([days[3].categories()[name] for name in product], object))
    with place.alone() as home:
        small_model(poison, place.model("000001.headwise"))
        place.commit(home.promote(Promoted("000001.headwise", home.now)))
    for mac in (CAMERA, COFFEE):
        tell_device(place.folder, mac, names[mac], None, 0)
    events = night(place, days[4])
    assert kinds(events)[0] == "rolled-back"
    assert f1_in_use(place, days[5]) >= f1(first_day, days[5])


def test_what_a_person_rolled_back_is_not_promoted_again_until_it_is_bettered(stevens: LabelledWindows, tmp_path: Path) -> None:
    """Neither from the same lessons nor a day later; one is that knows what a person told since."""
    days = days_of(stevens)
    known = ~np.isin(days[2].device, (COFFEE, CAMERA))
    place = began(tmp_path / "home", small_model(days[2].select(known), tmp_path / "base.headwise"))
    night(place, days[3])
    tell_device(place.folder, COFFEE, "coffee-maker", "appliance", 0)
    assert kinds(night(place, days[4])) == ["promoted"]
    assert roll_back(place.folder, 0).kind == "rolled-back"
    assert kinds(night(place, days[4])) == []
    assert kinds(night(place, days[5])) == ["kept"]
    assert "of the model that was rolled back" in place.read().events[-1].evidence[-1]
    tell_device(place.folder, CAMERA, "camera", "surveillance", 0)
    assert kinds(night(place, days[6])) == ["promoted"]
    assert place.read().refused == ()


def test_a_refused_model_is_forgotten_with_what_taught_it(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """Once no window of before the rollback is kept, nothing is held against its like."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    settings = NightSettings(keep_days=2, retrain=False)
    night(place, days[3], settings)
    with place.alone() as home:
        place.model("000001.headwise").write_bytes(first_day.read_bytes())
        place.commit(home.promote(Promoted("000001.headwise", home.now)))
    roll_back(place.folder, 0)
    found = []
    for number in (4, 5, 6):
        night(place, days[number], settings)
        found.append((len(place.read().refused), place.model("000001.headwise").exists()))
    assert found == [(1, True), (0, False), (0, False)]


def test_a_product_that_a_person_told_is_learned(stevens: LabelledWindows, tmp_path: Path) -> None:
    """A model that knows no chime has it as a class two nights after a person said what it is."""
    days = days_of(stevens)
    base = small_model(days[2].select(days[2].product != "ring-chime"), tmp_path / "base.headwise")
    place, chime = began(tmp_path / "home", base), int(stevens.device[stevens.product == "ring-chime"][0])
    night(place, days[3])
    tell_device(place.folder, chime, "ring-chime", "surveillance", 0)
    assert kinds(night(place, days[4])) == ["promoted"]
    assert f1_in_use(place, days[5]) > 0.98
    assert place.read().categories == {"ring-chime": "surveillance"}


def test_windows_that_were_taken_in_already_count_once(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """The same capture given twice changes neither evidence nor what is kept to learn from."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    night(place, days[3], NightSettings(retrain=False))
    before = place.read()
    assert night(place, days[3], NightSettings(retrain=False)) == []
    assert (place.read().identities, place.read().windows) == (before.identities, before.windows)


def test_old_windows_and_routers_are_left_out(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """Days beyond those that are kept go, with their files."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    for number in (3, 4, 5, 6):
        night(place, days[number], NightSettings(keep_days=2, retrain=False))
    stored = [path.name for path in sorted((place.folder / "windows").iterdir())]
    assert stored == [each.file for each in place.read().windows] == ["000003.parquet", "000004.parquet"]


def ahead(windows: LabelledWindows, seconds: int, every: int) -> LabelledWindows:
    """Return windows of which some are of a clock that was ahead."""
    return replace(windows, start=windows.start + np.where(np.arange(len(windows)) % every == 0, seconds * NS, 0))


def test_a_capture_whose_clock_was_ahead_does_not_stop_the_home(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """Its odd windows are left out and told, in an event too, whatever the machine's clock can say of them; the next nights take all in."""
    days = days_of(stevens)
    for name, seconds in (("now", 34_000_000 * 10), ("then", 34_000_000)):
        place = began(tmp_path / name, first_day)
        odd = ahead(days[3], seconds, 60)
        events = night(place, odd, NightSettings(retrain=False))
        count = (odd.start != days[3].start).sum()
        said = [event.evidence[0] for event in events if event.kind == "left-out"]
        assert len(said) == 1
        assert said[0].startswith(f"{count} windows, the last of ")
        assert night(place, days[4], NightSettings(retrain=False, watch=False)) is not None
        assert [each.until for each in place.read().windows] == [int(ends_of(table_of(each)).max()) for each in days[3:5]]


def test_a_home_that_a_clock_stopped_once_goes_on(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """Where the machine's clock was ahead too, all was believed: once it is right, nights are taken in and no device stands still."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    year = 365 * 86_400 * NS
    with place.alone() as home:
        Night(place, home, NightSettings(retrain=False), clock=int(days[4].start.max()) + year).run(
            table_of(ahead(days[3], 365 * 86_400, 7))
        )
    assert place.read().now > days[4].start.max() + 300 * 86_400 * NS
    with place.alone() as home:
        events = Night(place, home, NightSettings(retrain=False), clock=int(days[4].start.max())).run(table_of(days[4]))
    assert "of earlier nights" in next(event.evidence[0] for event in events if event.kind == "left-out")
    found = place.read()
    assert found.now == ends_of(table_of(days[4])).max()
    assert len(found.windows) == 2
    assert all(known["last_seen"] <= found.now for known in found.identities["devices"].values())


def test_windows_older_than_what_is_kept_are_told(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """A day that comes too late is left out, and an event says how many windows it had and why."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    night(place, days[6], NightSettings(keep_days=2, retrain=False))
    events = night(place, days[3], NightSettings(keep_days=2, retrain=False))
    assert [event.kind for event in events] == ["left-out"]
    assert events[0].evidence[0].startswith(f"{len(days[3])} windows, ")
    assert "older than 2 days before" in events[0].evidence[0]


class Killed(BaseException):
    """What stands for the end of the process."""


def killing(at: int, replacing: Callable[..., object]) -> Callable[..., object]:
    """Return what renames files and ends the process at the given one."""
    count = 0

    def counted(source: str, target: str) -> object:
        nonlocal count
        count += 1
        if count == at:
            raise Killed
        return replacing(source, target)

    return counted


@pytest.mark.slow
def test_a_night_killed_at_any_write_loses_nothing_and_counts_nothing_twice(
    stevens: LabelledWindows, first_day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run again after being killed at its first, second ... write, a night ends as if it had never been killed."""
    days = days_of(stevens)

    def home(name: str) -> HomeFolder:
        place = began(tmp_path / name, first_day)
        night(place, days[3])
        return place

    calm = home("calm")
    night(calm, days[4])
    replacing, at = durable.os.replace, 0
    while True:
        at += 1
        place = home(f"killed-{at}")
        monkeypatch.setattr(durable.os, "replace", killing(at, replacing))
        try:
            night(place, days[4])
            break
        except Killed:
            monkeypatch.setattr(durable.os, "replace", replacing)
            if place.read().night == 1:
                night(place, days[4])
        assert place.read().to_json() == calm.read().to_json()
        assert {path.name for path in (place.folder / "models").iterdir()} == {each.file for each in place.read().models}
    assert at == 5  # windows, model, what it is compared with, and home.json were each lost once


def test_a_new_mac_is_suggested_once_and_linked_where_a_rule_may(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """Two nights after the camera took another MAC: one suggestion without the rule; with it, the new MAC bears the old name."""
    days, rotated = days_of(stevens), 0x025A0000AFE1

    def moved(windows: LabelledWindows) -> LabelledWindows:
        return replace(windows, device=np.where(windows.device == CAMERA, np.uint64(rotated), windows.device))

    for accept in (False, True):
        place = began(tmp_path / f"home-{accept}", first_day)
        settings = NightSettings(retrain=False, accept_links=accept)
        night(place, days[3], settings)
        events = [event for windows in (days[4], days[5]) for event in night(place, moved(windows), settings)]
        assert [(event.device, event.label) for event in events if event.kind == "link"] == [(rotated, "tenvis-camera")]
        assert [event.device for event in events if event.kind == "linked"] == ([rotated] if accept else [])
        assert (CAMERA in {int(mac.replace(":", ""), 16) for mac in place.read().identities["devices"]}) is not accept


@pytest.mark.slow
def test_a_change_is_told_once_by_nights_of_hours_and_after_a_day_that_came_late(
    stevens: LabelledWindows, first_day: Path, tmp_path: Path
) -> None:
    """Captures that end within the hour, and a forgotten one of another device, bring nothing new of what was told."""
    days, place, settings = days_of(stevens), began(tmp_path / "home", first_day), NightSettings(retrain=False)
    forgotten = days[5].device == COFFEE
    night(place, join([days[3], days[4], days[5].select(~forgotten)]), settings)
    changed = join([imitating(days[number], PLUG, CAMERA) for number in (6, 7)])
    part = changed.start // (90 * 60 * NS)
    told = [event for each in np.unique(part) for event in night(place, changed.select(part == each), settings)]
    drifts = [(event.device, word) for event in told if event.kind == "drift" for word in event.evidence[1:]]
    assert (PLUG, "talks to new ports: port 80") in drifts
    assert len(drifts) == len(set(drifts))
    assert [event for event in night(place, days[5].select(forgotten), settings) if event.kind == "drift"] == []


def test_a_device_that_rotates_its_mac_again_and_again_is_linked_each_time(
    stevens: LabelledWindows, first_day: Path, tmp_path: Path
) -> None:
    """A rule links the second new MAC as it did the first, nobody is left behind, and what was learned under all three teaches."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    macs = (CAMERA, 0x025A0000AFE1, 0x026E0000AFE2)
    settings = NightSettings(retrain=False, accept_links=True)

    def under(mac: int, windows: LabelledWindows) -> LabelledWindows:
        return replace(windows, device=np.where(windows.device == CAMERA, np.uint64(mac), windows.device))

    events = night(place, join(days[3:5]), settings)
    for mac, number in ((macs[1], 5), (macs[1], 6), (macs[2], 7), (macs[2], 8)):
        events += night(place, under(mac, days[number]), settings)
    assert [event.device for event in events if event.kind == "linked"] == list(macs[1:])
    home = place.read()
    assert {int(mac.replace(":", ""), 16) for mac in home.identities["devices"]} & set(macs) == {macs[2]}
    with place.alone() as home:
        windows = KeptWindows(place, 0, 14, int(days[8].start.max()), lambda words: None)
        _, kept, again = windows.take_in(home, table_of(join([days[4], under(macs[1], days[5])])), ())
    assert (len(again), set(kept.device.tolist()) & set(macs)) == (0, {macs[2]})
    assert (kept.device == macs[2]).sum() == sum((each.device == CAMERA).sum() for each in days[3:9])


def test_what_changed_of_a_device_is_told_that_night_and_not_again(stevens: LabelledWindows, first_day: Path, tmp_path: Path) -> None:
    """A plug with the firmware of a camera: the event names it as it was named, and says what is new."""
    days, place = days_of(stevens), began(tmp_path / "home", first_day)
    night(place, join(days[3:6]), NightSettings(retrain=False))
    events = [night(place, imitating(days[number], PLUG, CAMERA), NightSettings(retrain=False)) for number in (6, 7)]
    drifts = [[event for event in each if event.kind == "drift" and event.device == PLUG] for each in events]
    assert sum(map(len, drifts)) >= 1
    assert drifts[0] or drifts[1]
    told = [word for each in drifts for event in each for word in event.evidence]
    assert "talks to new ports: port 80" in told
    assert len(told) == len(set(told))
