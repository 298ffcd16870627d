"""Which kinds of model there are, by what is measured of them."""

from __future__ import annotations

NETWORKS = ("fc", "lstm", "conv1d", "hybrid")
LITERT_OF_ONE = ("hybrid",)
"""Networks that `headwise export` takes only where there is one for all classes."""
FORESTS = ("rfc", "etc", "lgbm")
WHOLE, EACH = ("all-device", "all-category"), ("per-device", "per-category")
"""Groups of one model for all classes, and of one a class."""
GROUPS = (*WHOLE, *EACH)
METHOD = 2
"""Of measuring: what was measured by an earlier one is left out."""
