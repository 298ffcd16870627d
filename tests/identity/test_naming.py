"""From belief to name."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.identity import Naming, Posterior


def posterior(best: float, amount: float, typical: float = 0.9, strangeness: float | None = None) -> Posterior:
    """Return a belief in `plug`."""
    return Posterior(("bulb", "plug"), np.array([1 - best, best]), amount, typical, strangeness)


@pytest.mark.parametrize(
    ("belief", "verdict", "label"),
    [
        (posterior(0.99, 0.0), "nothing", None),
        (posterior(0.99, 0.2), "guess", "plug"),
        (posterior(0.99, 0.6), "name", "plug"),
        (posterior(0.80, 0.6), "guess", "plug"),
        (posterior(0.99, 0.6, typical=0.4), "unknown", "unknown"),
        (posterior(0.99, 0.2, typical=0.4), "guess", "plug"),
        (posterior(0.99, 0.6, strangeness=3.0), "unknown", "unknown"),
        (posterior(0.99, 0.6, strangeness=1.0), "name", "plug"),
    ],
)
def test_a_name_needs_enough_evidence_that_is_sure_and_not_strange(belief: Posterior, verdict: str, label: str | None) -> None:
    """Little evidence gives a guess; evidence that fits nothing gives unknown; none gives nothing."""
    decision = Naming(sure=0.9, enough=0.5, least=0.02, unknown_below=0.5, strange_above=2.0)(belief)
    assert (decision.verdict, decision.label) == (verdict, label)


def test_strangeness_counts_only_where_it_is_asked_for() -> None:
    """Without a bound a strange device is named by its probabilities alone."""
    assert Naming()(posterior(0.99, 1.0, strangeness=99.0)).verdict == "name"
