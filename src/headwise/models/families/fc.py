"""Fully connected network."""

from __future__ import annotations

from torch import nn

from headwise.models.networks.estimator import CHANNELS, NetworkClassifier
from headwise.models.networks.stages import Chain, Dense, Flatten, Head

PUBLISHED = (32, 64, 128, 256)


class FullyConnected(NetworkClassifier):
    """Dense layers with ReLU.

    The published shape is dense 32, 64, 128, 256 (Kolcun et al., TMA 2021). Ours is as deep but narrows, takes the
    first packets of the window as further columns, and drops a part of the units, since its input is wide.
    """

    PRODUCT = (256, 128, 128, 64)

    def _stages(self, features: int, length: int, classes: int) -> list[nn.Module]:
        widths, dropout = (PUBLISHED, 0.0) if self.shape == "published" else (self.PRODUCT, 0.3)
        inputs = features + length * CHANNELS
        stages: list[nn.Module] = []
        for width in widths:
            stages.append(Dense(inputs, width, dropout))
            inputs = width
        if length:
            stages[0] = Chain(Flatten(), stages[0])
        return [*stages, Head(inputs, classes)]
