"""A home's folder: the models that were in use, the windows of the last days, and one file that says which of them count.

``home.json`` decides alone. A night writes its windows and its model beside what is there, then replaces ``home.json``, which is
its one moment of truth; what no ``home.json`` names is litter of a night that did not end, and the next one removes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from headwise.devices import format_mac, parse_mac
from headwise.durable import replacing
from headwise.errors import HeadwiseError, InputError, SystemFailure
from headwise.identity.events import Event
from headwise.identity.noticed import Noticed

STATE, LOCK, MODELS, WINDOWS = "home.json", "lock", "models", "windows"
FORMAT = 1
KEPT_MODELS = 5
KEPT_EVENTS = 1000
BASE = "base.headwise"
# Also what was being written when a process was killed. Other files in these folders are not ours to remove.
_OURS = re.compile(r"\.*(base|[0-9]{6})\.(headwise|parquet)(\..*\.part)?")


@dataclass(frozen=True)
class Promoted:
    """A model that came into use.

    Attributes
    ----------
    file : str
        Its name in the folder of models.
    since : int
        When it came into use: ns since 1970 UTC.
    why : tuple of str
        The checks that it passed.
    """

    file: str
    since: int
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stored:
    """A file of windows: its name, and the first start and last end of what it holds, ns since 1970 UTC."""

    file: str
    since: int
    until: int


@dataclass(frozen=True)
class Moved:
    """A MAC whose windows are another one's: a device went on under that. Those that start later, ns since 1970 UTC, are its own again."""

    old: int
    new: int
    until: int


@dataclass(frozen=True)
class Home:
    """What ``home.json`` says.

    Attributes
    ----------
    night : int
        Nights that there were.
    models : tuple of Promoted
        The base model, then those that came after it, at most the last five; the last one is in use.
    windows : tuple of Stored
        Files of windows, oldest first.
    categories : dict of str to str
        Category of each product that a person named and the base model does not know.
    identities : dict
        As `headwise.identity.Identities.to_json` gives it; empty before the first night.
    events : tuple of Event
        The last thousand, oldest first.
    moved : tuple of Moved
        MACs that devices had before, of which windows are kept.
    refused : tuple of Promoted
        Models that a person rolled back, each since when: the end of the last window then. Their files are kept to compare with.
    noticed : tuple of Noticed
        What changed of devices and was told, as far back as windows are kept.
    """

    night: int = 0
    models: tuple[Promoted, ...] = ()
    windows: tuple[Stored, ...] = ()
    categories: dict[str, str] = field(default_factory=dict)
    identities: dict[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    moved: tuple[Moved, ...] = ()
    refused: tuple[Promoted, ...] = ()
    noticed: tuple[Noticed, ...] = ()

    @property
    def in_use(self) -> Promoted:
        """The model in use."""
        return self.models[-1]

    @property
    def now(self) -> int:
        """End of the last window: ns since 1970 UTC; 0 before the first."""
        return max((each.until for each in self.windows), default=0)

    def promote(self, model: Promoted) -> Home:
        """Return the home with a model in use, which ends what was refused; of those before it the base and the last four are kept."""
        later = [each for each in self.models if each.file != BASE]
        return replace(self, models=(self.models[0], *[*later, model][-KEPT_MODELS:]), refused=())

    def roll_back(self, time: int, why: tuple[str, ...]) -> tuple[Home, Event]:
        """Return the home with the model before the one in use, and the event.

        Raises
        ------
        InputError
            Where there is none before it.
        """
        if len(self.models) < 2:
            raise InputError("is already at its first model", do="there is no earlier one to roll back to")
        earlier = self.models[-2]
        event = Event(time, "rolled-back", label=earlier.file, was=self.in_use.file, evidence=why)
        # From now on it is in use since now: what came before is no evidence against it.
        return replace(self, models=(*self.models[:-2], replace(earlier, since=time))), event

    def refuse(self, time: int, why: tuple[str, ...]) -> tuple[Home, Event]:
        """Return the home rolled back by a person, who does not want the same model again.

        Raises
        ------
        InputError
            Where there is no model before the one in use.
        """
        refused = (*self.refused, replace(self.in_use, since=self.now))
        home, event = self.roll_back(time, why)
        return replace(home, refused=refused), event

    def move(self, old: int, new: int, until: int) -> Home:
        """Return the home in which a MAC's windows that start before a moment are another's, and what was that MAC's already with them."""
        before = (replace(each, new=new) if each.new == old else each for each in self.moved)
        moved = (*before, Moved(old, new, until))
        noticed = tuple(replace(each, device=new) if each.device == old else each for each in self.noticed)
        return replace(self, moved=tuple(each for each in moved if each.old != each.new), noticed=noticed)

    def with_events(self, events: list[Event]) -> Home:
        """Return the home with more events; the oldest make room."""
        return replace(self, events=(*self.events, *events)[-KEPT_EVENTS:])

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``home.json``."""
        return {
            "format": FORMAT,
            "night": self.night,
            "models": [asdict(each) for each in self.models],
            "windows": [asdict(each) for each in self.windows],
            "categories": self.categories,
            "identities": self.identities,
            "events": [each.to_json() for each in self.events],
            "moved": [{"old": format_mac(each.old), "new": format_mac(each.new), "until": each.until} for each in self.moved],
            "refused": [asdict(each) for each in self.refused],
            "noticed": [each.to_json() for each in self.noticed],
        }


class HomeFolder:
    """A home's folder, while one process alone works on it.

    Parameters
    ----------
    folder : Path
        Made where it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextlib.contextmanager
    def alone(self) -> Iterator[Home]:
        """Keep others out, remove what a killed process left, and give what is known.

        Raises
        ------
        InputError
            Where ``home.json`` is broken.
        SystemFailure
            Where another process works on it, or the folder cannot be written.
        """
        with self._locked():
            home = self.read()
            self._tidy(home)
            yield home

    def read(self) -> Home:
        """Return what ``home.json`` says; an empty home where there is nothing yet.

        Raises
        ------
        InputError
            Where it is broken, or gone from a folder that has models or windows.
        """
        path = self.folder / STATE
        try:
            return _parse(json.loads(path.read_bytes()))
        except (FileNotFoundError, NotADirectoryError):
            if any(self._files(part) for part in (MODELS, WINDOWS)):
                what = f"has models or windows, but no {STATE}"
                raise InputError(what, where=str(self.folder), do="put back a copy of it, or begin with a new folder") from None
            return Home()
        except (KeyError, TypeError, ValueError, AttributeError, HeadwiseError) as error:
            raise InputError("is broken", where=str(path), do="put back a copy of it, or begin with a new folder") from error
        except OSError as error:
            raise SystemFailure(f"cannot read: {error.strerror}", where=str(path)) from error

    def commit(self, home: Home) -> None:
        """Make a home the truth, whole or not at all, then remove what it no longer names."""
        with replacing(self.folder / STATE) as file:
            file.write(json.dumps(home.to_json(), ensure_ascii=False, allow_nan=False).encode())
        self._tidy(home)

    def begin(self, model: Path) -> None:
        """Copy the base model in."""
        try:
            with open(model, "rb") as source, replacing(self.model(BASE)) as target:
                shutil.copyfileobj(source, target)
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", where=str(model), do="give a model file") from error

    def model(self, file: str) -> Path:
        """Return the path of a model."""
        return self.folder / MODELS / file

    def windows(self, file: str) -> Path:
        """Return the path of a file of windows."""
        return self.folder / WINDOWS / file

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            for folder in (self.folder, self.folder / MODELS, self.folder / WINDOWS):
                folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise SystemFailure(f"cannot write: {error.strerror}", where=str(self.folder)) from error
        with contextlib.closing(os.fdopen(descriptor)):
            # The kernel lets go of it when the process ends, however it ends.
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SystemFailure("another process works on it", where=str(self.folder), do="wait until it is done") from None
            yield

    def _files(self, part: str) -> list[Path]:
        """Return the files of ours in a folder that are whole."""
        folder = self.folder / part
        if not folder.is_dir():
            return []
        return [path for path in folder.iterdir() if _OURS.fullmatch(path.name) and path.suffix != ".part"]

    def _tidy(self, home: Home) -> None:
        named = {MODELS: {each.file for each in (*home.models, *home.refused)}, WINDOWS: {each.file for each in home.windows}}
        for folder, files in named.items():
            for path in (self.folder / folder).iterdir():
                if path.name not in files and _OURS.fullmatch(path.name):
                    path.unlink(missing_ok=True)


def _parse(content: dict[str, Any]) -> Home:
    if content["format"] != FORMAT:
        raise ValueError("format")
    files = [each["file"] for part in (MODELS, WINDOWS, "refused") for each in content.get(part, ())]
    if any(Path(file).name != file or file.startswith(".") for file in files):
        raise ValueError("file")
    if content["night"] and not content["models"]:
        raise ValueError("models")
    return Home(
        night=int(content["night"]),
        models=_models(content["models"]),
        windows=tuple(Stored(each["file"], int(each["since"]), int(each["until"])) for each in content["windows"]),
        categories={str(product): str(category) for product, category in content["categories"].items()},
        identities=dict(content["identities"]),
        events=tuple(map(Event.from_json, content["events"])),
        # A home of before headwise kept them has none.
        moved=tuple(Moved(parse_mac(each["old"]), parse_mac(each["new"]), int(each["until"])) for each in content.get("moved", ())),
        refused=_models(content.get("refused", ())),
        noticed=tuple(map(Noticed.from_json, content.get("noticed", ()))),
    )


def _models(content: Iterable[Mapping[str, Any]]) -> tuple[Promoted, ...]:
    return tuple(Promoted(each["file"], int(each["since"]), tuple(each["why"])) for each in content)
