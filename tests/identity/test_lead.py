"""Which label has been the likeliest of a device, and from when on."""

from __future__ import annotations

import json

import pytest

from headwise.identity.lead import Lead

CLASSES = ("bulb", "plug", "tv")


def lead_of(*labels: str) -> Lead:
    """Return the lead after windows, ten apart, with which these labels led."""
    lead = Lead()
    for number, label in enumerate(labels):
        lead.note(CLASSES.index(label), 10 * number)
    return lead


def test_a_label_leads_from_the_window_that_made_it_lead() -> None:
    """Whatever led before; once it was overtaken, from when on it led again."""
    assert Lead().since([1]) is None
    assert lead_of("plug", "plug", "plug").since([1]) == 0
    assert lead_of("bulb", "plug", "plug").since([1]) == 10
    assert lead_of("plug", "bulb", "plug", "plug").since([1]) == 20


def test_labels_of_a_line_lead_together() -> None:
    """That twins overtake each other changes nothing for their line."""
    lead = lead_of("tv", "bulb", "plug", "bulb", "plug")
    assert (lead.since([0, 1]), lead.since([1])) == (10, 40)


def test_what_no_window_made_lead_does_so_since_the_last() -> None:
    """As where a model was retrained: nobody knows better."""
    assert lead_of("bulb", "plug").since([2]) == 10


def test_a_window_that_comes_late_does_no_harm() -> None:
    """It counts as if it had begun with the last; time does not run backwards."""
    lead = lead_of("bulb", "bulb", "bulb")
    lead.note(1, 5)
    assert lead.since([1]) == 20


def test_a_lead_moves_to_a_model_of_other_classes() -> None:
    """Labels that both know keep their times; where the one that leads is not known any more, it begins anew, since the last window."""
    lead = lead_of("tv", "bulb", "plug").under(CLASSES, ("plug", "bulb"))
    assert (lead.since([0]), lead.since([0, 1])) == (20, 10)
    anew = lead_of("bulb", "tv").under(CLASSES, ("plug", "bulb"))
    assert (anew.place, anew.since([0]), anew.since([1])) == (None, 10, 10)
    anew.note(1, 20)
    assert (anew.since([0]), anew.since([1])) == (20, 20)


def test_a_lead_is_kept_as_json() -> None:
    """It comes back equal; what is none is refused."""
    for lead in (Lead(), Lead(latest=10), lead_of("tv"), lead_of("tv", "bulb", "plug", "bulb")):
        assert Lead.from_json(json.loads(json.dumps(lead.to_json())), 3) == lead
    for broken in ({"place": 3}, {"left": {"-1": 0}}, {"begun": "now"}):
        with pytest.raises(ValueError):
            Lead.from_json({**(lead_of("tv").to_json() or {}), **broken}, 3)
