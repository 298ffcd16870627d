"""Long short-term memory network."""

from __future__ import annotations

from torch import nn

from headwise.models.networks.estimator import CHANNELS, NetworkClassifier
from headwise.models.networks.stages import AsSequence, Chain, Dense, Head, Last, Recurrent

PUBLISHED = (200, 100, 50, 25)


class LongShortTermMemory(NetworkClassifier):
    """LSTM layers.

    The published shape is LSTM 200, 100, 50, 25 with dropout 0.2 over a single time step that holds all features
    (Kolcun et al., TMA 2021). Ours reads the first packets of the window, one a step, then joins the window's features.
    """

    def _stages(self, features: int, length: int, classes: int) -> list[nn.Module]:
        if self.shape == "published" or not length:
            return _published(features + length * CHANNELS, classes)
        return [
            Recurrent(CHANNELS, 48, 0.1),
            Recurrent(48, 48, 0.1),
            Chain(Last(), Dense(features + 48, 160, 0.3)),
            Dense(160, 96, 0.3),
            Head(96, classes),
        ]


def _published(columns: int, classes: int) -> list[nn.Module]:
    first, second, third, fourth = PUBLISHED
    return [
        Chain(AsSequence(steps=False), Recurrent(columns, first, 0.2)),
        Recurrent(first, second, 0.2),
        Recurrent(second, third, 0.2),
        Chain(Recurrent(third, fourth, 0.2), Last()),
        Head(fourth, classes),
    ]
