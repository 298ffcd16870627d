"""Windows of a home's devices that have no name: a retrained model goes on saying of them what the base model says.

A model that learned some devices of a home takes the others for them, because they are of the same place. Nobody knows what the others
are, but the base model, which knows no place, has an opinion of each of their windows. These opinions are learned beside the lessons, one
drawn for each window (learning without forgetting: Li and Hoiem, 2016).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from headwise.identity.evidence import Evidence
from headwise.identity.lessons import labelled
from headwise.models.groups import spread
from headwise.models.manifest import Manifest
from headwise.models.model import Model
from headwise.models.voting import EVIDENCE_FLOOR
from headwise.testbeds import LabelledWindows
from headwise.windows import WindowTable, content_weights

MOST_EACH = 120


def unnamed(table: WindowTable, base: Model, named: Collection[int], seed: int = 0) -> LabelledWindows | None:
    """Return windows of the devices that teach nothing, each labelled by a product drawn from what the base model says of it.

    Parameters
    ----------
    table : WindowTable
        Of a home.
    base : Model
        None is returned where it was trained at home: it knows the place.
    named : collection of int
        MACs that teach.
    seed : int
    """
    manifest = base.manifest
    others = [mac for mac in np.unique(table.device).tolist() if mac not in set(named)]
    if not manifest.from_elsewhere or manifest.label != "device" or not others:
        return None
    rows = np.concatenate([spread(np.flatnonzero(table.device == mac), MOST_EACH) for mac in others])
    some = table.select(rows)
    chances = base.probabilities(some.features, some.sequence).cumsum(axis=1)
    drawn = (chances < np.random.default_rng(seed).random((len(some), 1)) * chances[:, -1:]).sum(axis=1)
    product = np.array(manifest.classes, object)[drawn]
    return labelled(some, product.tolist(), manifest.categories, manifest.length)


def not_of(model: Model, anchors: LabelledWindows) -> LabelledWindows:
    """Return the anchors of devices that a model does not take for one of the products that it learned at home."""
    probabilities = model.probabilities(anchors.features, anchors.sequence)
    kept = [rows for rows in _by_device(anchors) if not _is_of_home(model.manifest, anchors, probabilities, rows)]
    return anchors.select(np.concatenate(kept) if kept else np.zeros(0, int))


def _by_device(windows: LabelledWindows) -> list[np.ndarray]:
    return [np.flatnonzero(windows.device == mac) for mac in np.unique(windows.device)]


def _is_of_home(manifest: Manifest, windows: LabelledWindows, probabilities: np.ndarray, rows: np.ndarray) -> bool:
    evidence = Evidence(manifest.classes)
    weights = content_weights(windows.features[rows], windows.names)
    for row, weight in zip(rows.tolist(), weights.tolist(), strict=True):
        evidence.add(int(windows.start[row]), np.log(np.maximum(probabilities[row], EVIDENCE_FLOOR)), weight)
    typical = evidence.typical()
    least = manifest.at_home.get(manifest.classes[int(typical.argmax())])
    return evidence.amount > 0 and least is not None and float(typical.max()) >= least
