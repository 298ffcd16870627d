"""Every device of a home, with its evidence and its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from headwise.clock import NS, iso_time
from headwise.devices import format_mac, parse_mac
from headwise.identity.events import Event
from headwise.identity.evidence import Evidence, EvidenceSettings, Posterior
from headwise.identity.naming import Decide, Decision, Naming
from headwise.identity.states import Heard, Identity, StateSettings, observe, tell
from headwise.windows import content_weights

LASTING = EvidenceSettings()
RECENT = EvidenceSettings(half_life_s=3 * 3600.0)
MOST_DEVICES = 2048
LEAST_PROBABILITY = 1e-6
NOTHING = Decision("nothing", None, None)


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
    """A device: what it is called, its evidence of days and of hours, and when it was there.

    Attributes
    ----------
    identity : Identity
    lasting, recent : Evidence
    first_seen, last_seen : int
        Start of its first window and end of its last: ns since 1970 UTC.
    """

    identity: Identity
    lasting: Evidence
    recent: Evidence
    first_seen: int
    last_seen: int

    def to_json(self) -> dict[str, Any]:
        """Return what `Identities.from_json` takes of a device."""
        return {
            "identity": self.identity.to_json(),
            "lasting": self.lasting.to_json(),
            "recent": self.recent.to_json(),
            "first_seen": self.first_seen,
            "last_seen": self.last_seen,
        }


@dataclass
class Identities:
    """The devices of a home, in memory that does not grow with time.

    Attributes
    ----------
    classes : tuple of str
        Labels of the model in use, in the order of its probabilities.
    decide : callable
        From posterior to name, guess or unknown.
    states, lasting, recent
        Settings; `recent` has the shorter half-life and is what notices changes.
    most_devices : int
        Where there are more, those not told that were silent longest are forgotten, each with an event.
    devices : dict of int to Known
        By MAC.
    """

    classes: tuple[str, ...]
    decide: Decide = field(default_factory=Naming)
    states: StateSettings = field(default_factory=StateSettings)
    lasting: EvidenceSettings = LASTING
    recent: EvidenceSettings = RECENT
    most_devices: int = MOST_DEVICES
    devices: dict[int, Known] = field(default_factory=dict)

    def add(self, windows: Windows, probabilities: np.ndarray, strangeness: np.ndarray | None = None) -> list[Event]:
        """Count windows in, in the order of their ends, and return what happened.

        Parameters
        ----------
        windows : WindowTable or LabelledWindows
            n windows, none older than those before.
        probabilities : float array of n x len(classes)
            Calibrated.
        strangeness : float array of n, optional
            How unlike anything known each window is.
        """
        logarithms = np.log(np.maximum(probabilities, LEAST_PROBABILITY))
        weights = content_weights(windows.features, windows.names)
        ends = windows.start + np.round(windows.length_s * NS).astype(np.int64)
        events: list[Event] = []
        for row in np.argsort(ends, kind="stable").tolist():
            known, forgotten = self._find(int(windows.device[row]), int(windows.start[row]))
            known.last_seen = max(known.last_seen, int(ends[row]))
            strange = None if strangeness is None else float(strangeness[row])
            fresh = known.lasting.add(int(ends[row]), logarithms[row], float(weights[row]), strange)
            known.recent.add(int(ends[row]), logarithms[row], float(weights[row]), strange)
            event = self._observe(known, fresh, int(ends[row]))
            events += [each for each in (*forgotten, event) if each is not None]
        return events

    def posterior(self, device: int) -> Posterior:
        """Return what is believed of a device that was seen."""
        return self.devices[device].lasting.posterior()

    def tell(self, device: int, label: str, time: int) -> Event:
        """Take a person's word for what a device is, whether it was seen or not."""
        known, _ = self._find(device, time)
        known.identity, event = tell(known.identity, label, time)
        return event

    def link(self, new: int, old: int, time: int) -> Event:
        """Take one MAC for another's device from now on: it goes on with its name and its evidence; the old MAC is forgotten.

        Raises
        ------
        KeyError
            Where one of them was never seen.
        """
        arrived, gone = self.devices[new], self.devices.pop(old)
        identity = replace(gone.identity, device=new)
        self.devices[new] = replace(gone, identity=identity, last_seen=max(gone.last_seen, arrived.last_seen))
        was = arrived.identity.label if arrived.identity.label != identity.label else None
        words = (f"it was {format_mac(old)} until {iso_time(gone.last_seen)}",)
        return Event(time, "linked", new, identity.state, identity.label, was, identity.probability, words)

    def under(self, classes: Sequence[str], decide: Decide | None = None) -> Identities:
        """Return the same devices for a model of other classes."""
        moved = {
            mac: replace(known, lasting=known.lasting.under(classes), recent=known.recent.under(classes))
            for mac, known in self.devices.items()
        }
        return replace(self, classes=tuple(classes), decide=decide or self.decide, devices=moved)

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {"classes": list(self.classes), "devices": {format_mac(mac): known.to_json() for mac, known in sorted(self.devices.items())}}

    @classmethod
    def from_json(cls, content: Mapping[str, Any], **settings: Any) -> Identities:
        """Return the devices that `to_json` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError, InputError
            Where it is none.
        """
        made = cls(tuple(map(str, content["classes"])), **settings)
        for text, each in content["devices"].items():
            made.devices[parse_mac(text)] = Known(
                Identity.from_json(each["identity"]),
                Evidence.from_json(each["lasting"], made.classes, made.lasting),
                Evidence.from_json(each["recent"], made.classes, made.recent),
                int(each["first_seen"]),
                int(each["last_seen"]),
            )
        return made

    def _find(self, device: int, time: int) -> tuple[Known, list[Event]]:
        forgotten: list[Event] = []
        if device not in self.devices:
            while len(self.devices) >= self.most_devices and (event := self._forget(time)):
                forgotten.append(event)
            evidence = (Evidence(self.classes, self.lasting), Evidence(self.classes, self.recent))
            self.devices[device] = Known(Identity(device), *evidence, first_seen=time, last_seen=time)
        return self.devices[device], forgotten

    def _forget(self, time: int) -> Event | None:
        untold = [known for known in self.devices.values() if known.identity.state != "told"]
        if not untold:
            return None
        gone = min(untold, key=lambda known: (known.last_seen, known.identity.device)).identity
        del self.devices[gone.device]
        return Event(time, "forgotten", gone.device, None, None, gone.label, gone.probability)

    def _observe(self, known: Known, fresh: float, time: int) -> Event | None:
        posterior = known.lasting.posterior()
        recent = self.decide(known.recent.posterior())
        if known.identity.label is not None and known.identity.state != "unknown" and known.identity.label not in self.classes:
            recent = NOTHING  # a model that does not know the name cannot doubt it
        heard = Heard(self.decide(posterior), recent, fresh, time, tuple(in_words(posterior)))
        known.identity, event = observe(known.identity, heard, self.states)
        return event

    def __iter__(self) -> Iterator[Known]:
        return iter(self.devices.values())


def in_words(posterior: Posterior) -> Iterator[str]:
    """Yield what the evidence is, in words."""
    chances = ", ".join(f"{label} {chance:.0%}" for label, chance in posterior.best(3) if chance >= 0.005)
    yield f"{posterior.amount:.1f} independent windows' worth of traffic: {chances}"
