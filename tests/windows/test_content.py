"""What a window holds to tell by."""

from __future__ import annotations

import numpy as np

from headwise.windows import content_weights, names


def weight(**values: float) -> float:
    """Return the weight of one window; features not given are undefined."""
    row = np.full((1, len(names())), np.nan, np.float32)
    for name, value in values.items():
        row[0, names().index(name)] = value
    return float(content_weights(row, names())[0])


def test_an_arp_exchange_weighs_next_to_nothing() -> None:
    """One or two ARP packets are under a fiftieth; a hundred of them are still not worth one DNS query and its NTP request."""
    assert weight(packets_sent=2, arp_sent=1.0) < 0.02
    assert weight(packets_sent=100, arp_sent=1.0) <= weight(packets_sent=2, arp_sent=0.0) == 0.5


def test_more_of_its_own_business_weighs_more() -> None:
    """Weights grow with packets and stay under 1."""
    weights = [weight(packets_sent=count, arp_sent=0.1, igmp_sent=0.1) for count in (1, 5, 20, 1000)]
    assert weights == sorted(weights)
    assert 0.9 < weights[-1] < 1


def test_a_window_without_anything_sent_weighs_nothing() -> None:
    """Undefined features are none."""
    assert weight() == 0
