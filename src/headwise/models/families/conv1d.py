"""One-dimensional convolution network."""

from __future__ import annotations

from torch import nn

from headwise.models.networks.estimator import CHANNELS, NetworkClassifier
from headwise.models.networks.stages import AsSequence, Chain, Convolution, Dense, Flatten, Head

FILTERS, HIDDEN = 64, 100


class Convolution1D(NetworkClassifier):
    """Convolutions and a dense layer.

    The published shape is two convolutions of 64 filters (kernel 3), dropout 0.2, max-pooling and dense 100, over the
    order of the features (Kolcun et al., TMA 2021). Ours runs over the first packets of the window, then joins the
    window's features.
    """

    def _stages(self, features: int, length: int, classes: int) -> list[nn.Module]:
        if self.shape == "published" or not length:
            columns = features + length * CHANNELS
            return [
                Chain(AsSequence(steps=True), Convolution(1, FILTERS)),
                Convolution(FILTERS, FILTERS, dropout=0.2, pool=2 if columns > 1 else 1),
                Chain(Flatten(), Dense(max(columns // 2, 1) * FILTERS, HIDDEN)),
                Head(HIDDEN, classes),
            ]
        return [
            Convolution(CHANNELS, FILTERS),
            Convolution(FILTERS, FILTERS, dropout=0.2, pool=2),
            Chain(Flatten(), Dense(features + length // 2 * FILTERS, 160, 0.3)),
            Dense(160, 96, 0.3),
            Head(96, classes),
        ]
