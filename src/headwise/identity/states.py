"""What a device is called, and how that may change: never silently.

*new* -> *guessing* -> *named* <-> *changed*; or *unknown*; or *told*, which no evidence overwrites.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from headwise.identity.events import Event
from headwise.identity.naming import Decision, fits, narrower

STATES = {
    "new": "there is too little evidence to tell anything by",
    "guessing": "there is a likeliest label, but too little evidence, or none that is sure",
    "named": "it earned a name and behaves like it",
    "changed": "it earned a name and no longer behaves like it; it keeps the name",
    "unknown": "there is enough evidence, and it is nothing that the model knows",
    "told": "a person said what it is",
}
"""Every state with its meaning."""
EARNED = ("named", "changed")


@dataclass(frozen=True)
class StateSettings:
    """How patient states are.

    Attributes
    ----------
    patience : float
        Evidence, in independent windows in a row, by which a device must contradict its name before it is *changed*, and must
        agree with it before it is *named* again.
    """

    patience: float = 1.0


@dataclass(frozen=True)
class Identity:
    """What a device is called.

    Attributes
    ----------
    device : int
        MAC.
    state : str
        One of `STATES`.
    label : str or None
        What it is called: a product, or a line of products; of *guessing* the guess, of *unknown* ``unknown``, of *new* nothing.
    probability : float or None
        How likely the evidence makes the label now; of *told*, and of a name that the model does not know, None.
    since : int or None
        From when on it was what it is called when it came to be called so, ns since 1970 UTC; of *told*, when it was told.
    state_since : int or None
        From when on it is in this state.
    confirmed, against : float
        Evidence, in independent windows, that agreed with the name since it was earned; that contradicted it since it changed.
    streak : float
        Evidence in a row that speaks for a change of state.
    rival : str or None
        What a device with a name behaves like instead, as the last event said: a label, or ``unknown``.
    rival_since : int or None
        From when on.
    line : bool
        Whether the label is a line of products, and not one product.
    """

    device: int
    state: str = "new"
    label: str | None = None
    probability: float | None = None
    since: int | None = None
    state_since: int | None = None
    confirmed: float = 0.0
    against: float = 0.0
    streak: float = 0.0
    rival: str | None = None
    rival_since: int | None = None
    line: bool = False

    @property
    def holds(self) -> bool:
        """Whether it has a name and behaves like it: what may teach a model."""
        return self.state in ("named", "told") and self.rival is None

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {name: round(value, 6) if isinstance(value, float) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Identity:
        """Return the identity that `to_json` wrote.

        Raises
        ------
        TypeError, ValueError
            Where it is none.
        """
        if content.get("state") not in STATES:
            raise ValueError("state")
        return cls(**content)


@dataclass(frozen=True)
class Heard:
    """What one more window makes of the evidence of a device.

    Attributes
    ----------
    lasting, recent : Decision
        By all its windows, and by those of the last hours.
    own : float or None
        How likely all its windows make the name that it has; None where there is none, or the model does not know it.
    fresh : float
        Evidence that the window adds, in independent windows.
    time : int
        When the window ended: ns since 1970 UTC.
    words, recent_words : callable
        Give the evidence in words, for events: that of all its windows, and that of the last hours.
    """

    lasting: Decision
    recent: Decision
    fresh: float
    time: int
    words: Callable[[], tuple[str, ...]] = tuple
    recent_words: Callable[[], tuple[str, ...]] = tuple
    own: float | None = None


def observe(identity: Identity, heard: Heard, settings: StateSettings | None = None) -> tuple[Identity, Event | None]:
    """Return the identity after one more window, and the event if its state or label is another now."""
    patience = (settings or StateSettings()).patience
    if identity.state == "told":
        return _told(identity, heard, patience)
    if identity.state == "named":
        return _named(replace(identity, probability=heard.own), heard, patience)
    if identity.state == "changed":
        return _changed(replace(identity, probability=heard.own), heard, patience)
    return _unnamed(identity, heard)


def tell(identity: Identity, label: str, time: int) -> tuple[Identity, Event]:
    """Return the identity after a person said what it is."""
    told = Identity(identity.device, "told", label, None, time, time)
    return told, _event("told", identity, told, time, ("a person said so",), None)


def _unnamed(identity: Identity, heard: Heard) -> tuple[Identity, Event | None]:
    decision = heard.lasting
    kept = replace(identity, probability=decision.probability)
    if identity.state == "unknown" and decision.verdict in ("nothing", "guess"):
        return kept, None
    if decision.verdict == "nothing":
        return _nothing(identity, heard)
    state, kind = {"guess": ("guessing", "guess"), "unknown": ("unknown", "unknown"), "name": ("named", "named")}[decision.verdict]
    if (state, decision.label) == (identity.state, identity.label):
        return replace(kept, line=decision.line), None
    since = identity.since if identity.label == decision.label else _since(decision, heard)
    after = Identity(identity.device, state, decision.label, decision.probability, since, heard.time, line=decision.line)
    return after, _event(kind, identity, after, heard.time, heard.words(), decision.probability)


def _nothing(identity: Identity, heard: Heard) -> tuple[Identity, Event | None]:
    if identity.state == "new":
        return identity, None
    after = Identity(identity.device, state_since=heard.time)
    return after, _event("guess", identity, after, heard.time, ("what it did since is like nothing known",), None)


def _named(identity: Identity, heard: Heard, patience: float) -> tuple[Identity, Event | None]:
    if not contradicts(heard.recent, identity):
        if not agrees(heard.recent, identity):
            return identity, None
        if heard.lasting.verdict == "name" and agrees(heard.lasting, identity) and narrower(heard.lasting.label, identity.label):
            return _narrowed(identity, heard)
        return replace(identity, confirmed=identity.confirmed + heard.fresh, streak=0.0, rival_since=None), None
    doubted = _doubted(identity, heard)
    if doubted.streak < patience:
        return doubted, None
    after = replace(doubted, state="changed", state_since=heard.time, rival=heard.recent.label, against=doubted.streak, streak=0.0)
    return after, _unlike("changed", identity, after, heard)


def _narrowed(identity: Identity, heard: Heard) -> tuple[Identity, Event | None]:
    after = replace(
        identity,
        label=heard.lasting.label,
        line=heard.lasting.line,
        probability=heard.lasting.probability,
        since=_since(heard.lasting, heard),
        state_since=heard.time,
        confirmed=heard.fresh,
        streak=0.0,
        rival_since=None,
    )
    return after, _event("narrowed", identity, after, heard.time, heard.words(), heard.lasting.probability)


def _changed(identity: Identity, heard: Heard, patience: float) -> tuple[Identity, Event | None]:
    if agrees(heard.recent, identity):
        return _agreeing(identity, heard, patience, "named")
    if not contradicts(heard.recent, identity):
        return identity, None
    against = replace(identity, against=identity.against + heard.fresh, streak=0.0)
    firm = heard.lasting.verdict == "name" and not agrees(heard.lasting, identity)
    # The longer a name held, the longer the evidence against it must last: a device of months keeps its name.
    if not firm or heard.lasting.label != heard.recent.label or against.against <= max(patience, identity.confirmed):
        return _turned("changed", against, heard)
    after = Identity(
        identity.device,
        "named",
        heard.lasting.label,
        heard.lasting.probability,
        _since(heard.lasting, heard),
        heard.time,
        confirmed=against.against,
        line=heard.lasting.line,
    )
    return after, _event("renamed", identity, after, heard.time, heard.words(), heard.lasting.probability)


def _told(identity: Identity, heard: Heard, patience: float) -> tuple[Identity, Event | None]:
    if agrees(heard.recent, identity):
        if identity.rival is None:
            return replace(identity, confirmed=identity.confirmed + heard.fresh, streak=0.0, rival_since=None), None
        return _agreeing(identity, heard, patience, "told")
    if not contradicts(heard.recent, identity):
        return identity, None
    if identity.rival is not None:
        return _turned("doubt", replace(identity, streak=0.0), heard)
    doubted = _doubted(identity, heard)
    if doubted.streak < patience:
        return doubted, None
    after = replace(doubted, rival=heard.recent.label, streak=0.0)
    return after, _unlike("doubt", identity, after, heard)


def _turned(kind: str, identity: Identity, heard: Heard) -> tuple[Identity, Event | None]:
    """Return the identity with what it behaves like, and the event, where it is firm only now or is another one than was told."""
    label, told = heard.recent.label, identity.rival
    if heard.recent.verdict != "name" or label == told or narrower(label, told) or narrower(told, label):
        return identity, None
    after = replace(identity, rival=label)
    return after, _unlike(kind, identity, after, heard)


def _unlike(kind: str, before: Identity, after: Identity, heard: Heard) -> Event:
    words = (unlike(after.label, after.rival), *heard.recent_words())
    return _event(kind, before, after, heard.time, words, heard.recent.probability)


def _agreeing(identity: Identity, heard: Heard, patience: float, state: str) -> tuple[Identity, Event | None]:
    streak = identity.streak + heard.fresh
    if streak < patience:
        return replace(identity, streak=streak), None
    since = heard.time if state != identity.state else identity.state_since
    after = replace(
        identity,
        state=state,
        state_since=since,
        confirmed=identity.confirmed + streak,
        against=0.0,
        streak=0.0,
        rival=None,
        rival_since=None,
    )
    return after, _event("returned", identity, after, heard.time, heard.recent_words(), heard.recent.probability)


def _doubted(identity: Identity, heard: Heard) -> Identity:
    since = identity.rival_since if identity.rival_since is not None else heard.time
    return replace(identity, streak=identity.streak + heard.fresh, rival_since=since)


def _since(decision: Decision, heard: Heard) -> int:
    return heard.time if decision.since is None else decision.since


def agrees(decision: Decision, identity: Identity) -> bool:
    """Tell whether the evidence says this name, if only as a guess; a line agrees with its products."""
    return decision.verdict in ("name", "guess") and fits(identity.label, identity.line, decision.label, decision.line)


def contradicts(decision: Decision, identity: Identity) -> bool:
    """Tell whether the evidence firmly says something else than this name."""
    return decision.verdict in ("name", "unknown") and not fits(identity.label, identity.line, decision.label, decision.line)


def unlike(label: str | None, rival: str | None) -> str:
    """Return in words that a device does not behave like its name any more."""
    if rival == "unknown":
        return f"it no longer behaves like {label}, nor, so far, like anything known"
    return f"it no longer behaves like {label} but like {rival}"


def _event(kind: str, before: Identity, after: Identity, time: int, words: tuple[str, ...], probability: float | None) -> Event:
    was = before.label if before.label != after.label else None
    return Event(time, kind, after.device, after.state, after.label, was, probability, words)
