"""Windows of one device added up."""

from __future__ import annotations

import json

import numpy as np
import pytest

from headwise.clock import NS
from headwise.identity import Evidence, EvidenceSettings

CLASSES = ("bulb", "camera", "plug")
MINUTE, HOUR = 60 * NS, 3600 * NS


def says(label: str, chance: float = 0.8) -> np.ndarray:
    """Return log-probabilities of a window that gives a label this chance and the others the rest."""
    rest = (1 - chance) / (len(CLASSES) - 1)
    return np.log([chance if name == label else rest for name in CLASSES])


def evidence_of(*windows: tuple[int, str], weight: float = 1.0, settings: EvidenceSettings | None = None) -> Evidence:
    """Return the evidence of windows, each an end and what it says."""
    evidence = Evidence(CLASSES, settings)
    for end, label in windows:
        evidence.add(end, says(label), weight)
    return evidence


def test_without_a_window_nothing_is_believed() -> None:
    """All labels are equally likely, and the amount is 0."""
    posterior = Evidence(CLASSES).posterior()
    assert posterior.probabilities.tolist() == pytest.approx([1 / 3] * 3)
    assert posterior.amount == 0


def test_one_full_window_is_believed_as_it_says() -> None:
    """The posterior of one window that is rich in content is that window's probabilities."""
    posterior = evidence_of((HOUR, "plug")).posterior()
    assert posterior.probabilities == pytest.approx(np.exp(says("plug")))
    assert (posterior.label, posterior.amount) == ("plug", 1)


def test_a_window_of_next_to_nothing_weighs_next_to_nothing() -> None:
    """It neither names a device that has no other window, nor moves one that has."""
    alone = evidence_of((HOUR, "plug"), weight=0.02).posterior()
    assert alone.probability < 0.36
    evidence = evidence_of((HOUR, "camera"))
    before = evidence.posterior().of("camera")
    evidence.add(2 * HOUR, says("plug", 0.99), 0.02)
    assert evidence.posterior().of("camera") == pytest.approx(before, abs=0.03)
    assert evidence.add(3 * HOUR, says("plug"), 0.0) == 0


def test_neighbours_tell_less_than_windows_apart() -> None:
    """Six windows within ten minutes are worth little more than one; six that lie hours apart nearly six."""
    near = evidence_of(*((HOUR + i * MINUTE, "plug") for i in range(6))).posterior()
    apart = evidence_of(*((i * 6 * HOUR, "plug") for i in range(6))).posterior()
    assert 1 < near.amount < 1.1
    assert 4 < apart.amount < 6
    assert near.probability < apart.probability


def test_an_hour_is_worth_the_same_however_it_is_cut() -> None:
    """Sixty windows of a minute and six of ten minutes add the same amount, within a seventh."""
    minutes = evidence_of(*((i * MINUTE, "plug") for i in range(1, 61))).amount
    tens = evidence_of(*((i * 10 * MINUTE, "plug") for i in range(1, 7))).amount
    assert minutes == pytest.approx(tens, rel=1 / 7)


def test_sureness_stops_to_grow() -> None:
    """A device that is odd in all its windows is not believed more than `most` windows' worth."""
    settings = EvidenceSettings(most=2)
    few, many = (evidence_of(*((i * 6 * HOUR, "plug") for i in range(n)), settings=settings).posterior() for n in (3, 300))
    assert many.probability == pytest.approx(few.probability)
    assert few.probability == pytest.approx(0.8**2 / (0.8**2 + 2 * 0.1**2))


def test_old_windows_are_forgotten() -> None:
    """A device that behaves like another for longer than some half-lives is believed to be that one."""
    settings = EvidenceSettings(half_life_s=6 * 3600)
    evidence = evidence_of(*((i * HOUR, "plug") for i in range(48)), settings=settings)
    for hour in range(48, 96):
        evidence.add(hour * HOUR, says("bulb"))
        if evidence.posterior().label == "bulb":
            break
    assert 50 < hour < 60


def test_silence_is_no_evidence() -> None:
    """A month without a packet changes nothing, and the first window after it does not overrule all that were before."""
    evidence = evidence_of(*((i * HOUR, "plug") for i in range(48)))
    before = evidence.posterior().probabilities
    assert evidence.posterior().probabilities == pytest.approx(before)
    evidence.add(31 * 24 * HOUR, says("bulb"))
    assert evidence.posterior().label == "plug"
    assert evidence.posterior().probability > 0.9


def test_a_window_that_comes_late_does_no_harm() -> None:
    """It counts as if it had ended with the last; time does not run backwards."""
    evidence = evidence_of((10 * HOUR, "plug"))
    evidence.add(5 * HOUR, says("plug"))
    assert evidence.last == 10 * HOUR
    assert evidence.amount == pytest.approx(1)


def test_one_impossible_window_rules_nothing_out() -> None:
    """A log-probability of minus infinity is floored."""
    evidence = evidence_of(*((i * HOUR, "plug") for i in range(24)))
    evidence.add(24 * HOUR, np.array([0.0, -np.inf, -np.inf]))
    posterior = evidence.posterior()
    assert np.isfinite(posterior.probabilities).all()
    assert posterior.label == "plug"


def test_a_prior_counts_once() -> None:
    """What is believed before any window, such as by the vendor, decides alone and yields to many windows."""
    prior = np.log([0.98, 0.01, 0.01])
    assert Evidence(CLASSES).posterior(prior).label == "bulb"
    assert evidence_of(*((i * 6 * HOUR, "plug") for i in range(12))).posterior(prior).label == "plug"


def test_evidence_moves_to_a_model_of_other_classes() -> None:
    """Labels that both know keep their order, a new one may win soon, and the old evidence is worth one window at most."""
    moved = evidence_of(*((i * 6 * HOUR, "plug") for i in range(12))).under(("camera", "kettle", "plug"))
    posterior = moved.posterior()
    assert posterior.label == "plug"
    assert posterior.amount <= 1
    kettle = np.log([0.05, 0.9, 0.05])
    for hour in range(80, 90):
        moved.add(hour * HOUR, kettle)
    assert moved.posterior().label == "kettle"


def test_evidence_is_kept_as_json() -> None:
    """What was written and read goes on as if nothing had happened; what is broken is refused."""
    evidence = evidence_of(*((i * HOUR, "plug") for i in range(5)))
    again = Evidence.from_json(json.loads(json.dumps(evidence.to_json())), CLASSES)
    for each in (evidence, again):
        each.add(6 * HOUR, says("bulb"))
    assert again.posterior().probabilities == pytest.approx(evidence.posterior().probabilities, abs=1e-4)
    for broken in ({"sums": [1.0]}, {"mass": -1}, {"amount": float("nan")}, {"lead": {"place": 7, "begun": 0, "latest": 0, "left": {}}}):
        with pytest.raises(ValueError):
            Evidence.from_json({**evidence.to_json(), **broken}, CLASSES)


def test_evidence_of_before_headwise_kept_more_is_read() -> None:
    """It has the place of the likeliest label and the time from when on it was that, or neither."""
    content = evidence_of((HOUR, "plug")).to_json()
    del content["lead"]
    place = CLASSES.index("plug")
    assert Evidence.from_json({**content, "leader": [place, 5]}, CLASSES).lead.since([place]) == 5
    assert Evidence.from_json({**content, "leader": None}, CLASSES).lead.since([place]) is None
