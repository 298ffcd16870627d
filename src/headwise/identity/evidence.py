"""What the windows of one device say together, as time goes by."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from headwise.clock import NS
from headwise.identity.lead import Lead

# No single window may rule a label out for good, whoever calibrated it.
LEAST_LOGARITHM = -12.0


@dataclass(frozen=True)
class EvidenceSettings:
    """How windows add up.

    Attributes
    ----------
    half_life_s : float
        Seconds of traffic after which a window counts half.
    independence_s : float
        Seconds after which a window tells as much anew as the first did; sooner ones tell less, for they are much like those
        just before them. So an hour of short windows is worth as much as an hour of long ones.
    most : float
        Independent windows' worth at which sureness stops to grow: what is odd about one device is odd in all its windows.
    """

    half_life_s: float = 2 * 86_400.0
    independence_s: float = 3_600.0
    most: float = 4.0


@dataclass(frozen=True)
class Posterior:
    """What is believed of a device by the windows of it that there were.

    Attributes
    ----------
    classes : tuple of str
        Labels.
    probabilities : float array of len(classes)
        Sum 1.
    amount : float
        How much evidence there is, in independent windows that are rich in content; 0 for none.
    """

    classes: tuple[str, ...]
    probabilities: np.ndarray
    amount: float = 0.0

    @property
    def label(self) -> str:
        """The likeliest label."""
        return self.classes[int(np.argmax(self.probabilities))]

    @property
    def probability(self) -> float:
        """Of the likeliest label."""
        return float(self.probabilities.max())

    def of(self, label: str) -> float:
        """Return the probability of a label; 0 of one that is no class."""
        return float(self.probabilities[self.classes.index(label)]) if label in self.classes else 0.0

    def best(self, count: int) -> list[tuple[str, float]]:
        """Return the likeliest labels with their probabilities, likeliest first."""
        order = np.argsort(-self.probabilities, kind="stable")[:count]
        return [(self.classes[place], float(self.probabilities[place])) for place in order]


class Evidence:
    """Windows of one device added up, in memory that does not grow.

    Two things are kept apart. *What the windows say* is the mean of their log-probabilities, weighted by what each holds and
    halved with every half-life. *How much they are worth* is counted in independent windows: each adds its weight, less where
    its neighbours told the same just before. The posterior raises what they say to the power of what they are worth. Silence
    adds nothing and takes nothing away: however long a device was quiet, at most one half-life passes.

    Parameters
    ----------
    classes : sequence of str
        Labels, in the order of the log-probabilities.
    settings : EvidenceSettings, optional

    Attributes
    ----------
    lead : Lead
        Which label was the likeliest when, by all that is known of the device, as whoever counts windows in notes it.
    """

    def __init__(self, classes: Sequence[str], settings: EvidenceSettings | None = None) -> None:
        self.classes = tuple(classes)
        self.settings = settings or EvidenceSettings()
        self.sums = np.zeros(len(self.classes))
        self.mass = self.amount = self.recent = 0.0
        self.last: int | None = None
        self.lead = Lead()

    def add(self, end: int, logarithms: np.ndarray, weight: float = 1.0) -> float:
        """Count a window in, and return what it adds to the amount of evidence; windows come in the order of time.

        Parameters
        ----------
        end : int
            When the window ended: ns since 1970 UTC. One that ended before the last counts as if it had ended with it.
        logarithms : float array of len(classes)
            Calibrated log-probabilities.
        weight : float
            What the window holds to tell by: 0 nothing, 1 plenty (`headwise.windows.content_weights`).
        """
        if not weight > 0:
            return 0.0
        self._pass_time(end)
        self.sums += weight * np.maximum(logarithms, LEAST_LOGARITHM)
        self.mass += weight
        fresh = weight * (1 - self.recent)
        self.recent += fresh
        self.amount += fresh
        return fresh

    def posterior(self, prior: np.ndarray | None = None, most: float | None = None) -> Posterior:
        """Return what is believed now.

        Parameters
        ----------
        prior : float array of len(classes), optional
            Log-probabilities before any window, such as the vendor's; the same for all by default.
        most : float, optional
            Evidence at which sureness stops to grow; by default that of the settings.
        """
        return Posterior(self.classes, _scaled(self._believed(prior, most)), self.amount)

    def likeliest(self, prior: np.ndarray | None = None, most: float | None = None) -> int:
        """Return the place of the label that is believed most now; parameters are as in `posterior`."""
        return int(self._believed(prior, most).argmax())

    def typical(self) -> np.ndarray:
        """Return the probabilities of the labels by a typical window alone, however many there are."""
        return _scaled(self._said())

    def under(self, classes: Sequence[str], settings: EvidenceSettings | None = None) -> Evidence:
        """Return the same evidence for a model of other classes.

        A label that is new was never voted on: it starts with the mean of the others, and all evidence counts as one window's
        worth at most, so that a few windows under the new model outweigh it.

        Parameters
        ----------
        classes : sequence of str
        settings : EvidenceSettings, optional
            From now on; by default as before.
        """
        settings = settings or self.settings
        if tuple(classes) == self.classes:
            moved = copy.copy(self)
            moved.settings, moved.sums, moved.lead = settings, self.sums.copy(), replace(self.lead, left=dict(self.lead.left))
            return moved
        moved = Evidence(classes, settings)
        known = dict(zip(self.classes, self.sums.tolist(), strict=True))
        middle = float(self.sums.mean()) if len(self.sums) else 0.0
        share = min(1.0, 1.0 / self.mass) if self.mass else 0.0
        moved.sums = share * np.array([known.get(name, middle) for name in moved.classes])
        moved.mass, moved.amount = share * self.mass, min(self.amount, 1.0)
        moved.recent, moved.last = self.recent, self.last
        moved.lead = self.lead.under(self.classes, moved.classes)
        return moved

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes, without the classes and the settings, which are the same for all devices."""
        return {
            "sums": [round(value, 6) for value in self.sums.tolist()],
            "mass": round(self.mass, 6),
            "amount": round(self.amount, 6),
            "recent": round(self.recent, 6),
            "last": self.last,
            "lead": self.lead.to_json(),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any], classes: Sequence[str], settings: EvidenceSettings | None = None) -> Evidence:
        """Return evidence that `to_json` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError
            Where it is none, or of another number of classes.
        """
        evidence = cls(classes, settings)
        sums = np.array([float(value) for value in content["sums"]])
        if sums.shape != evidence.sums.shape or not np.isfinite(sums).all():
            raise ValueError("sums")
        evidence.sums = sums
        for name in ("mass", "amount", "recent"):
            setattr(evidence, name, _number(content, name, least=0.0))
        evidence.last = None if content["last"] is None else int(content["last"])
        evidence.lead = _lead(content, len(evidence.classes))
        return evidence

    def _believed(self, prior: np.ndarray | None, most: float | None) -> np.ndarray:
        said = min(self.amount, self.settings.most if most is None else most) * self._said()
        return said if prior is None else np.asarray(prior, float) + said

    def _said(self) -> np.ndarray:
        return self.sums / self.mass if self.mass else self.sums

    def _pass_time(self, end: int) -> None:
        if self.last is None:
            self.last = end
            return
        seconds = max(0, end - self.last) / NS
        self.last = max(self.last, end)
        kept = 0.5 ** min(1.0, seconds / self.settings.half_life_s)
        self.sums *= kept
        self.mass *= kept
        self.amount *= kept
        self.recent *= math.exp(-seconds / self.settings.independence_s)


def _scaled(logarithms: np.ndarray) -> np.ndarray:
    raised = np.exp(logarithms - logarithms.max())
    scaled: np.ndarray = raised / raised.sum()
    return scaled


def _lead(content: Mapping[str, Any], count: int) -> Lead:
    if "lead" in content or content["leader"] is None:
        return Lead.from_json(content.get("lead"), count)
    # A home of before headwise kept more has the place and the time.
    place, since = content["leader"]
    return Lead.from_json({"place": place, "begun": since, "latest": since, "left": {}}, count)


def _number(content: Mapping[str, Any], name: str, least: float) -> float:
    value = float(content[name])
    if not (value >= least and math.isfinite(value)):
        raise ValueError(name)
    return value
