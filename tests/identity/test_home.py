"""A home's folder."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from headwise.errors import InputError, SystemFailure
from headwise.identity import Event
from headwise.identity.home import BASE, Home, HomeFolder, Moved, Promoted, Stored
from headwise.identity.noticed import Noticed


def five_nights() -> Home:
    """Return a home that promoted seven models."""
    home = Home(models=(Promoted(BASE, 0),))
    for night in range(1, 8):
        home = home.promote(Promoted(f"{night:06d}.headwise", night))
    return home


def test_the_base_model_and_the_last_five_are_kept() -> None:
    """Older ones are dropped, the base model never."""
    assert [each.file for each in five_nights().models] == [BASE, *(f"{night:06d}.headwise" for night in range(3, 8))]


def test_rolling_back_goes_to_the_model_before_until_the_base() -> None:
    """Each is one step and an event; before the base there is none."""
    home = five_nights()
    for expected in ("000006", "000005", "000004", "000003", "base"):
        home, event = home.roll_back(100, ("why",))
        assert home.in_use == Promoted(f"{expected}.headwise", 100, home.in_use.why)
        assert (event.kind, event.label, event.evidence) == ("rolled-back", f"{expected}.headwise", ("why",))
    with pytest.raises(InputError, match="already at its first model"):
        home.roll_back(101, ())


def test_what_a_person_refused_is_kept_until_another_is_promoted(tmp_path: Path) -> None:
    """Each model that was rolled back, since the last window of then; its file is no litter."""
    home = replace(five_nights(), windows=(Stored("000007.parquet", 1, 50),))
    for _ in range(2):
        home, _ = home.refuse(100, ("why",))
    assert [(each.file, each.since) for each in home.refused] == [("000007.headwise", 50), ("000006.headwise", 50)]
    assert home.in_use.file == "000005.headwise"
    place = HomeFolder(tmp_path)
    with place.alone():
        place.commit(Home())
        place.model("000007.headwise").write_bytes(b"")
        place.commit(home)
    assert place.read() == home
    assert place.model("000007.headwise").exists()
    assert home.promote(Promoted("000008.headwise", 60)).refused == ()


def test_what_was_committed_is_read_again(tmp_path: Path) -> None:
    """All of it, and no more than a thousand events."""
    place = HomeFolder(tmp_path / "home")
    events = [Event(number * 1000, "promoted", label="x") for number in range(1200)]
    home = Home(3, (Promoted(BASE, 0, ("why",)),), (Stored("000001.parquet", 1, 2),), {"kettle": "appliance"}).with_events(events)
    home = replace(home, noticed=(Noticed(1, "answers", False, 4, 8),)).move(1, 2, 10)
    with place.alone():
        place.commit(home)
    assert place.read() == home
    assert len(home.events) == 1000
    assert home.events[-1] == events[-1]


def test_windows_of_a_mac_go_with_the_device_to_each_new_one() -> None:
    """One MAC may become another and that a third one; a device that goes back to its first one has that alone."""
    home = Home().move(1, 2, 10).move(2, 3, 20)
    assert home.moved == (Moved(1, 3, 10), Moved(2, 3, 20))
    assert home.move(3, 1, 30).moved == (Moved(2, 1, 20), Moved(3, 1, 30))
    told = Noticed(1, "answers", False, 4, 8)
    assert replace(Home(), noticed=(told,)).move(1, 2, 10).noticed == (replace(told, device=2),)


def test_a_home_of_before_is_read(tmp_path: Path) -> None:
    """What a later version keeps beside is nothing there."""
    place = HomeFolder(tmp_path)
    content = Home(2, (Promoted(BASE, 0),)).to_json()
    for later in ("moved", "noticed", "refused"):
        del content[later]
    (tmp_path / "home.json").write_text(json.dumps(content))
    assert place.read() == Home(2, (Promoted(BASE, 0),))


def test_litter_of_a_killed_night_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """Files that home.json does not name go; what a person put there stays."""
    place = HomeFolder(tmp_path)
    with place.alone():
        place.model(BASE).write_bytes(b"model")
        place.commit(Home(models=(Promoted(BASE, 0),)))
    litter = (".000009.headwise.abc.part", "..000009.headwise.control.part.abc.part")
    for name in ("000009.headwise", *litter, "my-own.headwise"):
        place.model(name).write_bytes(b"")
    with place.alone():
        pass
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [BASE, "my-own.headwise"]


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    """The second one is told so, and the first one's work is untouched."""
    place = HomeFolder(tmp_path)
    with place.alone() as home:
        with pytest.raises(SystemFailure, match="another process works on it"), HomeFolder(tmp_path).alone():
            raise AssertionError("it was let in")
        place.commit(home)
    with HomeFolder(tmp_path).alone() as again:
        assert again == home


def hold(folder: Path, ready: str) -> None:
    """Take a folder and never let go."""
    with HomeFolder(folder).alone():
        Path(ready).touch()
        signal.pause()


def test_a_killed_process_locks_nobody_out(tmp_path: Path) -> None:
    """The lock ends with the process."""
    process = multiprocessing.get_context("fork").Process(target=hold, args=(tmp_path / "home", str(tmp_path / "ready")))
    process.start()
    while not (tmp_path / "ready").exists():
        os.sched_yield()
    with pytest.raises(SystemFailure), HomeFolder(tmp_path / "home").alone():
        pass
    process.kill()
    process.join()
    with HomeFolder(tmp_path / "home").alone():
        pass


@pytest.mark.parametrize("file", ["models/base.headwise", "windows/000001.parquet"])
def test_models_or_windows_without_a_state_are_kept_and_told(tmp_path: Path, file: str) -> None:
    """A folder that was put back by half is no new home: nothing is removed from it."""
    place = HomeFolder(tmp_path)
    with place.alone():
        place.commit(Home())
    (tmp_path / file).write_bytes(b"")
    (tmp_path / "home.json").unlink()
    with pytest.raises(InputError, match=r"has models or windows, but no home\.json"), place.alone():
        pass
    assert (tmp_path / file).exists()


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"format": 2}', None])
def test_a_broken_state_is_refused_in_one_line(tmp_path: Path, broken: str | None) -> None:
    """It says which file, and nothing is removed."""
    place = HomeFolder(tmp_path)
    with place.alone():
        place.commit(Home(models=(Promoted(BASE, 0),)))
    content = json.loads((tmp_path / "home.json").read_text()) | {"models": [{"file": "../../etc/passwd", "since": 0, "why": []}]}
    (tmp_path / "home.json").write_text(json.dumps(content) if broken is None else broken)
    place.model("000001.headwise").write_bytes(b"")
    with pytest.raises(InputError, match=r"home\.json: is broken"), place.alone():
        pass
    assert place.model("000001.headwise").exists()
