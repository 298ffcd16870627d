"""Labelled windows that are made up: classes that lie apart, on days that follow each other."""

from __future__ import annotations

import numpy as np

from headwise.testbeds import LabelledWindows
from headwise.windows import FEATURES_VERSION, names

DAY_NS = 86_400 * 10**9
WINDOW_NS = 600 * 10**9
PACKETS = 8


def synthetic_windows(classes: int = 4, days: int = 6, each: int = 12, seed: int = 0, spread: float = 1.0) -> LabelledWindows:
    """Return `each` windows a class and day; a tenth of the values are missing; two classes share a category."""
    random = np.random.default_rng(seed)
    count = classes * days * each
    kind = np.repeat(np.arange(classes), days * each)
    place = np.tile(np.arange(days * each), classes)
    centres = np.random.default_rng(99).normal(scale=3, size=(classes, len(names())))
    features = (centres[kind] + random.normal(scale=spread, size=(count, len(names())))).astype(np.float32)
    features[random.random(features.shape) < 0.1] = np.nan
    # Every window holds enough to tell by.
    features[:, [names().index(name) for name in ("arp_sent", "igmp_sent", "icmpv6_sent", "eapol_sent")]] = 0
    features[:, names().index("packets_sent")] = 50
    return LabelledWindows(
        device=(kind + 0x020000000000).astype(np.uint64),
        start=place // each * DAY_NS + place % each * WINDOW_NS,
        length_s=np.full(count, 600.0),
        features=features,
        sequence=random.random((count, PACKETS, 4)).astype(np.float32),
        capture=np.full(count, -1, np.int32),
        testbed=np.full(count, "lab", object),
        unit=np.array([f"unit-{number}" for number in kind], object),
        product=np.array([f"product-{number}" for number in kind], object),
        category=np.array([f"category-{number // 2}" for number in kind], object),
        names=names(),
        version=FEATURES_VERSION,
        length=600.0,
    )
