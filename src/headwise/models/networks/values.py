"""Preparation of rows for a network that knows numbers by size and single values by heart."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from headwise.models.networks.prepare import Prepare

# A value that stands in fewer training rows is chance.
LEAST_ROWS = 3
# Of one feature no more than so many values are looked at.
MOST_VALUES = 12
MISSING = float(np.float32(-1e30))


class KnownValues(nn.Module):
    """Tell of each feature how large it is, and of single values, *missing* among them, whether a feature has them.

    Lengths of messages, TCP windows and modes of sizes are names rather than quantities: 517 is no nearer to 518 than to
    1400. A dense layer cannot tell neighbours apart on a scale; trees can, and that is most of their lead. So values that are
    common in training are inputs of their own, 1 where the feature is that value and 0 elsewhere.

    Input is ``float32 [batch, features + length * channels]``; output the pair of ``[batch, features + known]``
    (scaled as in `Prepare`, then the known values) and the sequence as it is, ``[batch, length, channels]``.

    Parameters
    ----------
    features, length, channels : int
        What a row holds.
    known : int
        Values that are known at most, of all features together.
    """

    def __init__(self, features: int, length: int, channels: int, known: int) -> None:
        super().__init__()
        self.features, self.length, self.channels = features, length, channels
        self.scale = Prepare(features)
        self.register_buffer("place", torch.zeros(known))
        self.register_buffer("value", torch.zeros(known))
        self.register_buffer("used", torch.zeros(known))

    def columns(self) -> Tensor:
        """Return for each number that it makes the feature that it comes of."""
        return torch.cat([torch.arange(self.features, dtype=torch.float32), self.place])

    def fit(self, X: np.ndarray) -> KnownValues:
        """Learn scales and known values from training rows ``[n, columns]``."""
        self.scale.fit(X[:, : self.features])
        found = known_values(X[:, : self.features])[: len(self.used)]
        for number, (place, value) in enumerate(found):
            self.place[number], self.value[number] = place, value
        self.used.copy_((torch.arange(len(self.used)) < len(found)).float())
        return self

    def forward(self, X: Tensor) -> tuple[Tensor, Tensor]:
        """Return the numbers made of the features, and the sequence with 0 for what is missing."""
        features, sequence = X[:, : self.features], X[:, self.features :]
        filled = torch.where(torch.isnan(features), torch.full_like(features, MISSING), features)
        same = (filled[:, self.place.long()] == self.value).to(X.dtype) * self.used
        made = torch.cat([self.scale(features)[0], same], 1)
        if not self.length:
            return made, sequence
        sequence = torch.where(torch.isnan(sequence), torch.zeros_like(sequence), sequence)
        return made, sequence.reshape(-1, self.length, self.channels)


def known_values(X: np.ndarray) -> list[tuple[int, float]]:
    """Return features and values that are common in rows, the most common of each feature first.

    Of values that stand in exactly the same rows one is enough, and one that stands in all rows says nothing.

    Parameters
    ----------
    X : float32 array of n x features
        NaN where missing.

    Returns
    -------
    list of (feature, value)
        Missing is a value too, `MISSING`.
    """
    filled = np.where(np.isnan(X), np.float32(MISSING), X)
    seen = {np.ones(len(X), bool).tobytes()}
    ranked = []
    for feature in range(X.shape[1]):
        values, counts = np.unique(filled[:, feature], return_counts=True)
        order = [each for each in np.argsort(-counts, kind="stable") if counts[each] >= LEAST_ROWS][:MOST_VALUES]
        for rank, each in enumerate(order):
            rows = (filled[:, feature] == values[each]).tobytes()
            if rows not in seen:
                seen.add(rows)
                ranked.append((rank, feature, float(values[each])))
    return [(feature, value) for _, feature, value in sorted(ranked, key=lambda one: one[0])]
