"""What a window holds to tell a device by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# Every device sends these alike: most wrong names of short windows are of windows that hold an ARP exchange and nothing else.
COMMON = ("arp_sent", "igmp_sent", "icmpv6_sent", "eapol_sent")
COMMON_COUNTS = 0.02
HALF = 2.0


def content_weights(features: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return what each window holds, from 0 (nothing) to nearly 1 (plenty); of other feature sets than ours each row counts 1.

    Two packets of a device's own business, which is all but ARP, IGMP, ICMPv6 and EAPOL, give a half; an ARP exchange next to
    nothing.

    Parameters
    ----------
    features : float array of n x len(names)
        NaN where undefined.
    names : sequence of str
        Of the features.
    """
    if "packets_sent" not in names:
        return np.ones(len(features))
    sent = _column(features, names, "packets_sent")
    common = np.sum([_column(features, names, name) for name in COMMON], axis=0)
    own = sent * np.maximum(0.0, 1 - common)
    telling = own + COMMON_COUNTS * (sent - own)
    weights: np.ndarray = telling / (telling + HALF)
    return weights


def _column(features: np.ndarray, names: Sequence[str], name: str) -> np.ndarray:
    column: np.ndarray = np.nan_to_num(features[:, names.index(name)].astype(float))
    return column
