"""What the product says of units: by the same code that names the devices of a home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from headwise.identity.evidence import Evidence, EvidenceSettings
from headwise.identity.habits import signs_of
from headwise.identity.products import Products
from headwise.identity.reasons import Shown
from headwise.identity.verdict import Verdict
from headwise.models.fingerprints import showings
from headwise.models.groups import GROUPS
from headwise.models.knowledge import telling_values
from headwise.models.manifest import MOST_AT_HOME
from headwise.models.training import Trained, train
from headwise.models.voting import EVIDENCE_FLOOR
from headwise.study.accuracy.contenders import NS, Contender
from headwise.testbeds import LabelledWindows
from headwise.windows import content_weights


@dataclass(frozen=True)
class Said:
    """What is said of a unit by all its windows."""

    unit: str
    verdict: Verdict


def trained_as(
    contender: Contender, known: LabelledWindows, seed: int, jobs: int, turns: Sequence[int] = (), most_evidence: float = MOST_AT_HOME
) -> Trained:
    """Train a contender as the product trains a model of products; the rest is told in `headwise.models.training.train`."""
    how = {"family_name": contender.family, "group": GROUPS["all-device"], "parameters": contender.parameters}
    return train(known, **how, seed=seed, jobs=jobs, replay=0, turns=turns, most_evidence=most_evidence)  # type: ignore[arg-type]


def ask(trained: Trained, windows: LabelledWindows, *, use_vendor: bool) -> Iterator[Said]:
    """Yield what is said of each unit, by all its windows in the order of time.

    Parameters
    ----------
    trained : Trained
        Of products.
    windows : LabelledWindows
        Of the units.
    use_vendor : bool
        Whether the vendor of a unit's MAC is a prior; of a unit with two MACs, of the one with most windows.
    """
    products = Products(trained.manifest, trained.knowledge, use_vendor)
    found = trained.probabilities(windows)
    logarithms = np.log(np.maximum(found, EVIDENCE_FLOOR))
    weights = content_weights(windows.features, windows.names)
    telling, marks = telling_values(windows.features, windows.names), list(showings(windows.features, windows.names))
    signs = signs_of(windows.features, windows.names)
    end = windows.start + np.round(windows.length_s * NS).astype(np.int64)
    names = windows.units().astype(str)
    for unit in np.unique(names).tolist():
        rows = np.flatnonzero(names == unit)
        evidence = Evidence(trained.manifest.classes, EvidenceSettings(most=trained.manifest.most_evidence))
        shown = Shown()
        for row in rows[np.argsort(end[rows], kind="stable")].tolist():
            evidence.add(int(end[row]), logarithms[row], float(weights[row]))
            shown.add(telling[row], marks[row], signs[row])
        macs, counts = np.unique(windows.device[rows], return_counts=True)
        yield Said(unit, products.verdict(evidence, shown, int(macs[np.argmax(counts)])))
