"""Every device of a home, with its evidence and its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from headwise.clock import NS, iso_time
from headwise.devices import format_mac, parse_mac
from headwise.identity.answer import Answer
from headwise.identity.events import Event
from headwise.identity.evidence import Evidence, EvidenceSettings, Posterior
from headwise.identity.habits import signs_of
from headwise.identity.naming import LEAST, NOTHING, members
from headwise.identity.products import Products
from headwise.identity.reasons import Shown
from headwise.identity.states import Heard, Identity, StateSettings, observe, tell
from headwise.models.fingerprints import showings
from headwise.models.knowledge import telling_values
from headwise.models.voting import EVIDENCE_FLOOR
from headwise.windows import content_weights

LASTING = EvidenceSettings()
RECENT = EvidenceSettings(half_life_s=3 * 3600.0)
MOST_DEVICES = 2048


class Windows(Protocol):
    """What is needed of windows: of a `WindowTable`, or of `LabelledWindows`."""

    @property
    def device(self) -> np.ndarray: ...  # noqa: D102
    @property
    def start(self) -> np.ndarray: ...  # noqa: D102
    @property
    def length_s(self) -> np.ndarray: ...  # noqa: D102
    @property
    def features(self) -> np.ndarray: ...  # noqa: D102
    @property
    def names(self) -> Sequence[str]: ...  # noqa: D102


@dataclass
class Known:
    """A device: what it is called, its evidence of days and of hours, what it showed, and when it was there.

    Attributes
    ----------
    identity : Identity
    lasting, recent : Evidence
    first_seen, last_seen : int
        Start of its first window and end of its last: ns since 1970 UTC.
    shown : Shown
        What is telling of what it did, for words.
    """

    identity: Identity
    lasting: Evidence
    recent: Evidence
    first_seen: int
    last_seen: int
    shown: Shown = field(default_factory=Shown)

    def to_json(self) -> dict[str, Any]:
        """Return what `Identities.from_json` takes of a device."""
        return {
            "identity": self.identity.to_json(),
            "lasting": self.lasting.to_json(),
            "recent": self.recent.to_json(),
            "first_seen": self.first_seen,
            "last_seen": self.last_seen,
            "shown": self.shown.to_json(),
        }


@dataclass
class Identities:
    """The devices of a home, in memory that does not grow with time.

    Attributes
    ----------
    products : Products
        Says what a device is, by the model in use.
    states, lasting, recent
        Settings; `recent` has the shorter half-life and is what notices changes. How much evidence makes surer is the model's to say.
    most_devices : int
        Where there are more, those not told that were silent longest are forgotten, each with an event.
    devices : dict of int to Known
        By MAC.
    """

    products: Products
    states: StateSettings = field(default_factory=StateSettings)
    lasting: EvidenceSettings = LASTING
    recent: EvidenceSettings = RECENT
    most_devices: int = MOST_DEVICES
    devices: dict[int, Known] = field(default_factory=dict)

    @property
    def classes(self) -> tuple[str, ...]:
        """Labels of the model in use, in the order of its probabilities."""
        return self.products.manifest.classes

    def add(self, windows: Windows, probabilities: np.ndarray) -> list[Event]:
        """Count windows in, in the order of their ends, and return what happened.

        Parameters
        ----------
        windows : WindowTable or LabelledWindows
            n windows, none older than those before.
        probabilities : float array of n x len(classes)
            Calibrated.
        """
        logarithms = np.log(np.maximum(probabilities, EVIDENCE_FLOOR))
        weights = content_weights(windows.features, windows.names)
        telling = telling_values(windows.features, tuple(windows.names))
        marks, signs = list(showings(windows.features, windows.names)), signs_of(windows.features, windows.names)
        ends = windows.start + np.round(windows.length_s * NS).astype(np.int64)
        events: list[Event] = []
        for row in np.argsort(ends, kind="stable").tolist():
            known, forgotten = self._find(int(windows.device[row]), int(windows.start[row]))
            known.last_seen = max(known.last_seen, int(ends[row]))
            known.shown.add(telling[row], marks[row], signs[row])
            fresh = known.lasting.add(int(ends[row]), logarithms[row], float(weights[row]))
            known.recent.add(int(ends[row]), logarithms[row], float(weights[row]))
            event = self._observe(known, fresh, int(windows.start[row]), int(ends[row]))
            events += [each for each in (*forgotten, event) if each is not None]
        return events

    def posterior(self, device: int) -> Posterior:
        """Return what is believed of a device that was seen."""
        return self.devices[device].lasting.posterior()

    def answer(self, device: int, categories: Mapping[str, str] | None = None) -> Answer:
        """Return all that is said of a device that was seen: by its evidence, under the name that it has.

        Parameters
        ----------
        device : int
            MAC.
        categories : mapping of str to str, optional
            Of products that a person named and the model does not know.
        """
        known = self.devices[device]
        return self.products.answer_under(known.identity, known.lasting, known.shown, categories or {})

    def tell(self, device: int, label: str, time: int) -> Event:
        """Take a person's word for what a device is, whether it was seen or not."""
        known, _ = self._find(device, time)
        known.identity, event = tell(known.identity, label, time)
        return event

    def link(self, new: int, old: int, time: int) -> Event:
        """Take one MAC for another's device from now on: it goes on with its name and its evidence; the old MAC is forgotten.

        A name that a person told of the new MAC stays.

        Raises
        ------
        KeyError
            Where one of them was never seen.
        """
        arrived, gone = self.devices[new], self.devices.pop(old)
        identity = arrived.identity if arrived.identity.state == "told" else replace(gone.identity, device=new)
        self.devices[new] = replace(gone, identity=identity, last_seen=max(gone.last_seen, arrived.last_seen))
        was = arrived.identity.label if arrived.identity.label != identity.label else None
        words = (f"it was {format_mac(old)} until {iso_time(gone.last_seen)}",)
        return Event(time, "linked", new, identity.state, identity.label, was, identity.probability, words)

    def under(self, products: Products) -> Identities:
        """Return the same devices for another model."""
        made = replace(self, products=products, devices={})
        made.devices = {mac: made._moved(known) for mac, known in self.devices.items()}
        return made

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {"classes": list(self.classes), "devices": {format_mac(mac): known.to_json() for mac, known in sorted(self.devices.items())}}

    @classmethod
    def from_json(cls, content: Mapping[str, Any], products: Products, **settings: Any) -> Identities:
        """Return the devices that `to_json` wrote, for a model that need not be the one of then.

        Raises
        ------
        KeyError, TypeError, ValueError, InputError
            Where it is none.
        """
        made, classes = cls(products, **settings), tuple(map(str, content["classes"]))
        for text, each in content["devices"].items():
            known = Known(
                Identity.from_json(each["identity"]),
                Evidence.from_json(each["lasting"], classes),
                Evidence.from_json(each["recent"], classes),
                int(each["first_seen"]),
                int(each["last_seen"]),
                # A home of before headwise kept it has none.
                Shown.from_json(each.get("shown", {})),
            )
            made.devices[parse_mac(text)] = made._moved(known)
        return made

    def _settings(self) -> tuple[EvidenceSettings, EvidenceSettings]:
        most = self.products.manifest.most_evidence
        return replace(self.lasting, most=most), replace(self.recent, most=most)

    def _moved(self, known: Known) -> Known:
        lasting, recent = self._settings()
        return replace(known, lasting=known.lasting.under(self.classes, lasting), recent=known.recent.under(self.classes, recent))

    def _find(self, device: int, time: int) -> tuple[Known, list[Event]]:
        forgotten: list[Event] = []
        if device not in self.devices:
            while len(self.devices) >= self.most_devices and (event := self._forget(time)):
                forgotten.append(event)
            lasting, recent = (Evidence(self.classes, settings) for settings in self._settings())
            self.devices[device] = Known(Identity(device), lasting, recent, first_seen=time, last_seen=time)
        return self.devices[device], forgotten

    def _forget(self, time: int) -> Event | None:
        untold = [known for known in self.devices.values() if known.identity.state != "told"]
        if not untold:
            return None
        gone = min(untold, key=lambda known: (known.last_seen, known.identity.device)).identity
        del self.devices[gone.device]
        return Event(time, "forgotten", gone.device, None, None, gone.label, gone.probability)

    def _observe(self, known: Known, fresh: float, start: int, time: int) -> Event | None:
        device, identity = known.identity.device, known.identity
        likeness = self.products.likeness(known.shown)
        recent = self.products.decide(known.recent, likeness, device)
        has_name = identity.label is not None and identity.state != "unknown"
        if has_name and not members(identity.label, identity.line, self.classes):
            recent = NOTHING  # a model that does not know the name cannot doubt it
        lasting = self.products.judge(known.lasting, likeness, device)
        if known.lasting.amount:
            known.lasting.lead.note(lasting.best, start)
        decision = lasting.decision() if known.lasting.amount >= LEAST else NOTHING
        own = lasting.sure_of(identity.label, identity.line) if has_name else None
        heard = Heard(decision, recent, fresh, time, lambda: self._words(known), lambda: self._recent_words(known), own)
        known.identity, event = observe(identity, heard, self.states)
        return event

    def _words(self, known: Known) -> tuple[str, ...]:
        return self._in_words(known, known.lasting, "traffic")

    def _recent_words(self, known: Known) -> tuple[str, ...]:
        return self._in_words(known, known.recent, "traffic of the last hours")

    def _in_words(self, known: Known, evidence: Evidence, of_what: str) -> tuple[str, ...]:
        answer = self.products.answer(evidence, known.shown, known.identity.device)
        likeliest = [(each.label, each.probability or 0.0) for each in answer.alternatives]
        return (in_words(evidence.amount, likeliest or evidence.posterior().best(3), of_what), *answer.evidence)

    def __iter__(self) -> Iterator[Known]:
        return iter(self.devices.values())


def in_words(amount: float, likeliest: Sequence[tuple[str, float]], of_what: str = "traffic") -> str:
    """Return what the evidence is, in words: how much of what, and the likeliest labels with their probabilities."""
    chances = ", ".join(f"{label} {chance:.0%}" for label, chance in likeliest if chance >= 0.005)
    return f"{amount:.1f} independent windows' worth of {of_what}: {chances or 'nothing known is likely'}"
