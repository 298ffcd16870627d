"""States of a device and the events of their changes."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwise.identity.events import KINDS, Event
from headwise.identity.naming import Decision
from headwise.identity.states import STATES, Heard, Identity, observe, tell

MAC = 0x0C80636564DE
NOTHING, UNKNOWN = Decision("nothing", None, None), Decision("unknown", "unknown", 0.6)


LINE = Decision("name", "kasa", 0.9, line=True)


def name(label: str) -> Decision:
    """Return a firm decision."""
    return Decision("name", label, 0.97)


def guess(label: str) -> Decision:
    """Return a decision that is not firm."""
    return Decision("guess", label, 0.6)


def follow(
    identity: Identity, decisions: Iterable[Decision | tuple[Decision, Decision]], fresh: float = 0.25
) -> tuple[Identity, list[Event]]:
    """Return the identity after decisions (lasting and recent alike, or a pair), and the events."""
    events = []
    for time, decision in enumerate(decisions, start=1):
        lasting, recent = decision if isinstance(decision, tuple) else (decision, decision)
        identity, event = observe(identity, Heard(lasting, recent, fresh, time))
        events += [event] if event else []
    return identity, events


def kinds(events: list[Event]) -> list[str]:
    """Return what happened, in order."""
    return [event.kind for event in events]


def test_a_device_goes_from_new_over_a_guess_to_its_name() -> None:
    """Each step is one event; repeating the same is none."""
    identity, events = follow(Identity(MAC), [NOTHING, guess("plug"), guess("plug"), name("plug"), name("plug")])
    assert kinds(events) == ["guess", "named"]
    assert (identity.state, identity.label, identity.since, identity.state_since) == ("named", "plug", 2, 4)


def test_a_guess_that_becomes_another_is_told() -> None:
    """The event says what the guess was before."""
    _, events = follow(Identity(MAC), [guess("plug"), guess("bulb")])
    assert (events[1].label, events[1].was) == ("bulb", "plug")


def test_a_guess_that_falls_is_told() -> None:
    """Where more of so little traffic is like nothing known, there is no guess any more, and the event says which one it was."""
    identity, events = follow(Identity(MAC), [guess("plug"), NOTHING, NOTHING])
    assert [(event.kind, event.state, event.label, event.was) for event in events[1:]] == [("guess", "new", None, "plug")]
    assert (identity.state, identity.label, identity.since) == ("new", None, None)


def test_unknown_is_left_only_by_a_name() -> None:
    """A guess does not make an unknown device flicker."""
    identity, events = follow(Identity(MAC), [UNKNOWN, guess("plug"), UNKNOWN, name("plug")])
    assert kinds(events) == ["unknown", "named"]
    assert identity.state == "named"


def test_a_named_device_that_behaves_otherwise_keeps_its_name_and_it_is_an_event() -> None:
    """It is changed only after one independent window's worth of contradiction in a row, and says what it behaves like."""
    named, _ = follow(Identity(MAC), [name("plug")] * 40)
    wavering, events = follow(named, [name("bulb")] * 3 + [name("plug")] + [name("bulb")] * 3)
    assert (wavering.state, events) == ("named", [])
    changed, events = follow(named, [name("bulb")] * 4)
    assert kinds(events) == ["changed"]
    assert (changed.state, changed.label, changed.rival, changed.rival_since) == ("changed", "plug", "bulb", 1)
    assert "behaves like plug but like bulb" in events[0].evidence[0]
    assert not changed.holds


def test_what_a_changed_device_behaves_like_is_told_when_it_is_known() -> None:
    """At first it is like nothing known, as hours mix both; what it is like then is an event of its own, once, also under a told name."""
    plug, _ = follow(Identity(MAC), [name("plug")] * 400)
    told, _ = tell(Identity(MAC), "plug", 5)
    for identity, kind in ((plug, "changed"), (told, "doubt")):
        at_first, events = follow(identity, [UNKNOWN] * 8)
        assert (kinds(events), at_first.rival) == ([kind], "unknown")
        assert events[0].evidence[0] == "it no longer behaves like plug, nor, so far, like anything known"
        after, events = follow(at_first, [guess("bulb"), LINE, name("kasa-plug"), UNKNOWN, LINE] * 4)
        assert (kinds(events), after.rival, after.label) == ([kind], "kasa", "plug")
        assert events[0].evidence[0] == "it no longer behaves like plug but like kasa"
        assert (events[0].state, events[0].label, events[0].was) == (identity.state if kind == "doubt" else "changed", "plug", None)


def test_a_changed_device_that_behaves_as_before_is_named_again() -> None:
    """It returns after as much agreement in a row, under the name that it had since it earned it."""
    changed, _ = follow(Identity(MAC), [name("plug")] * 40 + [UNKNOWN] * 4)
    returned, events = follow(changed, [name("plug")] * 4)
    assert kinds(events) == ["returned"]
    assert (returned.state, returned.since, returned.rival) == ("named", 1, None)


def test_a_name_of_long_standing_is_not_lost_to_a_shorter_contradiction() -> None:
    """What changed after ten days keeps its name for ten days; a name earned within the hour falls after two."""
    old, events = follow(Identity(MAC), [name("plug")] * 400 + [name("bulb")] * 399)
    assert (old.label, kinds(events)) == ("plug", ["named", "changed"])
    young, events = follow(Identity(MAC), [name("plug")] * 3 + [name("bulb")] * 8)
    assert (young.state, young.label, kinds(events)) == ("named", "bulb", ["named", "changed", "renamed"])
    assert events[-1].was == "plug"


def test_a_line_becomes_one_of_its_products_and_never_silently_another() -> None:
    """The line's name is narrowed by an event; a product named is not doubted by its line, and is by its twin."""
    identity, events = follow(Identity(MAC), [LINE, LINE, name("kasa-plug"), LINE, LINE])
    assert [(event.kind, event.label, event.was) for event in events] == [("named", "kasa", None), ("narrowed", "kasa-plug", "kasa")]
    assert (identity.state, identity.line) == ("named", False)
    twin, events = follow(identity, [name("kasa-bulb")] * 4)
    assert (kinds(events), twin.label, twin.rival) == (["changed"], "kasa-plug", "kasa-bulb")
    other, events = follow(follow(Identity(MAC), [LINE])[0], [name("bulb")] * 4)
    assert (kinds(events)[0], other.rival or other.label) == ("changed", "bulb")


def test_unknown_takes_no_name_away() -> None:
    """However long a named device is like nothing known, it keeps its name."""
    identity, _ = follow(Identity(MAC), [name("plug")] + [UNKNOWN] * 1000)
    assert (identity.state, identity.label) == ("changed", "plug")


def test_nothing_overwrites_what_a_person_said() -> None:
    """A told device keeps its name; that it behaves like something else is an event, and that it no longer does is another."""
    told, event = tell(Identity(MAC, "named", "bulb"), "plug", 5)
    assert (event.kind, event.label, event.was, told.state) == ("told", "plug", "bulb", "told")
    doubted, events = follow(told, [name("bulb")] * 1000)
    assert (doubted.state, doubted.label, kinds(events)) == ("told", "plug", ["doubt"])
    assert not doubted.holds
    _, events = follow(doubted, [name("plug")] * 1000)
    assert kinds(events) == ["returned"]


DECISIONS = st.sampled_from(
    [NOTHING, UNKNOWN, LINE, *(kind(label) for kind in (name, guess) for label in ("plug", "bulb", "kasa-plug", "kasa-bulb"))]
)


@given(st.lists(st.tuples(DECISIONS, DECISIONS), max_size=60), st.booleans())
def test_no_label_and_no_state_changes_silently(decisions: list[tuple[Decision, Decision]], told: bool) -> None:
    """Whatever is heard, state and label are known, change only with an event that tells both, and told never."""
    identity = tell(Identity(MAC), "plug", 0)[0] if told else Identity(MAC)
    for time, (lasting, recent) in enumerate(decisions):
        after, event = observe(identity, Heard(lasting, recent, 0.4, time))
        if (after.state, after.label) != (identity.state, identity.label):
            assert event is not None
            assert (event.state, event.label) == (after.state, after.label)
            assert event.was == (identity.label if identity.label != after.label else None)
        assert after.state in STATES
        assert not told or (after.state, after.label) == ("told", "plug")
        identity = after


def test_identities_and_events_are_kept_as_json() -> None:
    """They come back equal; what is none is refused."""
    identity, events = follow(Identity(MAC), [name("plug")] * 40 + [name("bulb")] * 5)
    assert Identity.from_json(json.loads(json.dumps(identity.to_json()))) == identity
    for event in events:
        assert event.kind in KINDS
        again = Event.from_json(json.loads(json.dumps(event.to_json())))
        assert again == Event(
            0, *[getattr(event, field) for field in ("kind", "device", "state", "label", "was", "probability", "evidence")]
        )
    with pytest.raises(ValueError):
        Identity.from_json({"device": MAC, "state": "asleep"})
    with pytest.raises(TypeError):
        Identity.from_json({"device": MAC, "state": "new", "colour": "red"})
    with pytest.raises(ValueError):
        Event.from_json({**events[0].to_json(), "kind": "party"})
