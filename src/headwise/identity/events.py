"""What happened, to whom, when, and by what evidence: nothing changes without one of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from headwise.clock import iso_time, moment_of
from headwise.devices import format_mac, parse_mac

KINDS = {
    "guess": "the likeliest label of a device without a name is another than before, or there is none any more",
    "unknown": "there is enough evidence, and the device is nothing that the model knows",
    "named": "a device earned its name",
    "narrowed": "a device that was named by its line of products is now one of them",
    "changed": "a device with a name no longer behaves like it, or by now behaves like something known; it keeps the name",
    "returned": "a changed device behaves like its name again",
    "renamed": "the evidence for another name outgrew all that ever spoke for the old one",
    "told": "a person said what a device is",
    "doubt": "a device whose name a person told behaves like something else, or by now like something known; it keeps the name",
    "drift": "something that a device does is not as it was",
    "link": "a new device behaves like one that fell silent",
    "linked": "a suggested link was accepted",
    "forgotten": "a device without a told name made room for newer ones",
    "left-out": "windows were not taken in, or are kept no longer: their clock was ahead, or they are older than what is kept",
    "promoted": "a retrained model came into use",
    "kept": "a retrained model was worse than the one in use, no better than one that was rolled back, or could not be written (full disk)",
    "rolled-back": "an earlier model came back into use",
}
"""Every kind of event with its meaning."""


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes
    ----------
    time : int
        ns since 1970 UTC.
    kind : str
        One of `KINDS`.
    device : int or None
        MAC; None where it is about a model.
    state : str or None
        Of the device from now on.
    label : str or None
        What it is called from now on; of a model event, the model's name.
    was : str or None
        What it was called before, where that is another.
    probability : float or None
        Of what the evidence says.
    evidence : tuple of str
        In words.
    """

    time: int
    kind: str
    device: int | None = None
    state: str | None = None
    label: str | None = None
    was: str | None = None
    probability: float | None = None
    evidence: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Return the object that is kept and printed."""
        return {
            "time": iso_time(self.time),
            "kind": self.kind,
            "device": None if self.device is None else format_mac(self.device),
            "state": self.state,
            "label": self.label,
            "was": self.was,
            "probability": None if self.probability is None else round(self.probability, 4),
            "evidence": list(self.evidence),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Event:
        """Return the event that `to_json` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError
            Where it is none.
        """
        if content["kind"] not in KINDS:
            raise ValueError("kind")
        return cls(
            time=moment_of(content["time"]),
            kind=content["kind"],
            device=None if content["device"] is None else parse_mac(content["device"]),
            state=content["state"],
            label=content["label"],
            was=content["was"],
            probability=content["probability"],
            evidence=tuple(map(str, content["evidence"])),
        )
