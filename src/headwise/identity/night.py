"""One night of a home: what the day's windows say, what may be learned of them, and which model is in use in the morning.

Only a process that ends imports what this needs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

import numpy as np

from headwise.errors import HeadwiseError, InputError, SystemFailure
from headwise.identity.anchors import unnamed
from headwise.identity.drift import drifts_of, event_of
from headwise.identity.events import Event
from headwise.identity.home import BASE, STATE, Home, HomeFolder, Promoted
from headwise.identity.identities import Identities
from headwise.identity.kept import KeptWindows, under_new_macs
from headwise.identity.lessons import Lessons, LessonSettings, lessons_of
from headwise.identity.linking import LinkSettings, suggest
from headwise.identity.naming import members
from headwise.identity.noticed import Noticed, news
from headwise.identity.products import Products
from headwise.identity.retraining import Outcome, review, teach
from headwise.models.model import Model, load_model
from headwise.windows import WindowTable

Tell = Callable[[str], None]


@dataclass(frozen=True)
class NightSettings:
    """How a night goes.

    Attributes
    ----------
    keep_days : int
        Days of windows that are kept to learn from.
    watch : bool
        Whether to look for what changed of devices, and for new MACs of silent ones.
    accept_links : bool
        Whether a rule takes a new MAC for one that fell silent where that is sure enough; otherwise it is only suggested.
    links : LinkSettings
        How sure that is.
    lessons : LessonSettings
        Which of the windows may teach.
    retrain : bool
        Whether to retrain at all.
    use_vendor : bool
        Whether the vendor of a MAC is a prior.
    seed, jobs : int or None
        As in `headwise.models.How`.
    """

    keep_days: int = 14
    watch: bool = True
    accept_links: bool = False
    links: LinkSettings = field(default_factory=LinkSettings)
    lessons: LessonSettings = field(default_factory=LessonSettings)
    retrain: bool = True
    use_vendor: bool = True
    seed: int | None = None
    jobs: int | None = 1


@dataclass
class Night:
    """A night's work on a folder that this process has alone.

    Parameters
    ----------
    folder : HomeFolder
    home : Home
        With at least one model.
    settings : NightSettings
    tell : callable
        Told in words what is being done.
    clock : int
        What this machine's clock says: ns since 1970 UTC.
    """

    folder: HomeFolder
    home: Home
    settings: NightSettings = field(default_factory=NightSettings)
    tell: Tell = lambda words: None
    clock: int = field(default_factory=time.time_ns)

    def __post_init__(self) -> None:
        self.model: Model = load_model(self.folder.model(self.home.in_use.file))
        self.identities = identities_of(self.home, self.model, use_vendor=self.settings.use_vendor)
        self.events: list[Event] = []

    def run(self, table: WindowTable, without: Collection[int] = ()) -> list[Event]:
        """Take new windows in, learn of all that are kept, make it the truth, and return what happened.

        Parameters
        ----------
        table : WindowTable
            Cut as the model wants them. Windows that an earlier night had, that are too old, or of a clock that was ahead, are left out;
            each is told.
        without : collection of int
            MACs that are no devices, such as the router's.
        """
        windows = KeptWindows(self.folder, self.model.manifest.sequence, self.settings.keep_days, self.clock, self.tell)
        devices = self.home.identities
        self.home, kept, new = windows.take_in(self.home, table, without)
        self.events += windows.events
        if self.home.identities is not devices:
            self.identities = identities_of(self.home, self.model, use_vendor=self.settings.use_vendor)
        self.events += self.identities.add(new, self._probabilities(new))
        night = self.home.night + 1
        self.home, kept = windows.store(self.home, kept, new, night)
        self.home = replace(self.home, night=night)
        if len(new) and self.settings.watch:
            self._look_for_drift(kept, new)
            kept = self._look_for_links(kept)
        if self.settings.retrain and len(kept) and self.model.manifest.label == "device":
            self._learn(kept)
        self.home = replace(self.home, identities=self.identities.to_json()).with_events(self.events)
        self.folder.commit(self.home)
        return self.events

    def _look_for_drift(self, kept: WindowTable, new: WindowTable) -> None:
        probabilities = self._probabilities(kept)
        for known in self.identities:
            starts = new.start[new.device == known.identity.device]
            if not len(starts):
                continue
            identity, classes = known.identity, self.identities.classes
            places = members(identity.label, identity.line, classes)
            belief = probabilities[:, places].sum(axis=1) if places else None
            found = drifts_of(kept, identity.device, belief, identity.label)
            drifts = news([each for each in found if each.noticed > starts.min()], self.home.noticed)
            if drifts:
                self.home = replace(self.home, noticed=(*self.home.noticed, *map(Noticed.of, drifts)))
                self.events.append(event_of(drifts, identity.label, identity.state))

    def _look_for_links(self, kept: WindowTable) -> WindowTable:
        """Tell of devices that may have a new MAC, and return the windows under the MACs that are accepted."""
        now = self.home.now
        posteriors = {known.identity.device: known.lasting.posterior() for known in self.identities}
        said = {(event.device, event.evidence[:1]) for event in self.home.events if event.kind == "link"}
        for link in suggest(kept, now, posteriors, self.settings.links):
            if not {link.new, link.old} <= self.identities.devices.keys() or self.identities.devices[link.new].identity.state == "told":
                continue
            event = link.event(self.identities.devices[link.old].identity.label, now)
            if (event.device, event.evidence[:1]) not in said:
                self.events.append(event)
            if self.settings.accept_links and link.sure >= self.settings.links.accept:
                self.home = self.home.move(link.old, link.new, self.identities.devices[link.old].last_seen)
                self.events.append(self.identities.link(link.new, link.old, now))
        return under_new_macs(kept, self.home.moved)

    def _learn(self, kept: WindowTable) -> None:
        now = self.home.now
        lessons = self._lessons(kept, now)
        if len(self.home.models) > 1:
            self.tell("looking back at the model in use")
            self._review(lessons, now)
        self.tell(f"learning from {len(lessons.windows)} windows")
        candidate = f"{self.home.night:06d}.headwise"
        try:
            outcome = teach(
                self.folder.model(BASE),
                self.folder.model(self.home.in_use.file),
                lessons.windows,
                self.folder.model(candidate),
                now,
                anchors=unnamed(kept, load_model(self.folder.model(BASE)), set(lessons.windows.device.tolist())),
                refused=[(path, each.since) for each in self.home.refused if (path := self.folder.model(each.file)).exists()],
                seed=self.settings.seed,
                jobs=self.settings.jobs,
            )
        except SystemFailure as error:
            # Without room for a new model the old one still names devices; the night is not lost for it.
            self.tell(f"cannot learn: {error}")
            self.events.append(Event(now, "kept", label=self.home.in_use.file, evidence=(f"not learned: {error}",)))
            return
        if outcome.promoted:
            was = self.home.in_use.file
            self.home = self.home.promote(Promoted(candidate, now, outcome.why))
            self.events.append(Event(now, "promoted", label=candidate, was=was, evidence=outcome.why))
            self._use()
        elif outcome.tried:
            self.events.append(Event(now, "kept", label=self.home.in_use.file, evidence=outcome.why))
        else:
            self.tell(outcome.why[0])

    def _review(self, lessons: Lessons, now: int) -> Outcome:
        in_use, previous = self.home.models[-1], self.home.models[-2]
        outcome = review(self.folder.model(in_use.file), self.folder.model(previous.file), lessons.windows, in_use.since)
        if outcome.promoted:
            self.home, event = self.home.roll_back(now, outcome.why)
            self.events.append(event)
            self._use()
        return outcome

    def _use(self) -> None:
        self.model = load_model(self.folder.model(self.home.in_use.file))
        self.identities = self.identities.under(products_of(self.model, use_vendor=self.settings.use_vendor))

    def _lessons(self, kept: WindowTable, now: int) -> Lessons:
        categories = {**self.home.categories, **load_model(self.folder.model(BASE)).manifest.categories}
        probabilities, length = self._probabilities(kept), self.model.manifest.length
        return lessons_of(kept, probabilities, self.identities, categories, length, now, self.settings.lessons)

    def _probabilities(self, table: WindowTable) -> np.ndarray:
        return self.model.probabilities(table.features, table.sequence)


def identities_of(home: Home, model: Model, *, use_vendor: bool = True) -> Identities:
    """Return the devices of a home as they were left, for the model in use.

    Raises
    ------
    InputError
        Where what ``home.json`` says of them is broken.
    """
    products = products_of(model, use_vendor=use_vendor)
    if not home.identities:
        return Identities(products)
    try:
        return Identities.from_json(home.identities, products)
    except (KeyError, TypeError, ValueError, AttributeError, HeadwiseError) as error:
        raise InputError(
            f"holds a device that is none ({error})", where=STATE, do="put back a copy of it, or begin with a new folder"
        ) from error


def products_of(model: Model, *, use_vendor: bool = True) -> Products:
    """Return what names devices by a model, as `headwise identify` does."""
    return Products(model.manifest, model.knowledge, use_vendor)
