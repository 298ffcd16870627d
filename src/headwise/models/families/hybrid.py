"""A network of ours that reads features as trees do, and packets in their order."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch
from torch import nn

from headwise.models.networks.estimator import CHANNELS, NetworkClassifier
from headwise.models.networks.packets import Packets
from headwise.models.networks.stages import Chain, Dense, Forget, Head
from headwise.models.networks.training import Schedule
from headwise.models.networks.values import KnownValues
from headwise.windows.catalogue import catalogue

HIDDEN = (128, 96, 96)


class Hybrid(NetworkClassifier):
    """Features with their common values known by heart, joined with the first packets, trained to do without parts of both.

    It is made to last and to travel: missing values are told apart from average ones, exact lengths are names, whole
    features and groups of features are dropped in training, packets are lost, late and delayed, labels are smoothed, and
    the rate falls to nothing over a fixed number of steps. So no row has to tell when to stop: it learns from
    those that `validation` marks too.

    Parameters
    ----------
    shape : {"product"}
        There is no published one.
    known : int
        Values that are known by heart, of all features together.
    forget, forget_groups : float
        Most of the features that a row loses in training, and the chance of a group of features, or of all packets, to be dropped.
    smoothing : float
        Share of each label that is spread over all classes.
    least_steps : int
        Steps of the first training, however few the rows are.
    sequence_length, epochs, batch_size, learning_rate, patience, weight_decay, balanced, device, random_state
        As in `NetworkClassifier`; `patience` is not looked at.
    """

    SHAPES = ("product",)
    # Places in a row are among them, which become whole numbers in a LiteRT file.
    stays = ("prepare.",)

    def __init__(
        self,
        shape: str = "product",
        sequence_length: int = 32,
        known: int = 768,
        forget: float = 0.4,
        forget_groups: float = 0.2,
        smoothing: float = 0.1,
        least_steps: int = 1000,
        epochs: int = 30,
        batch_size: int = 128,
        learning_rate: float = 2e-3,
        patience: int = 8,
        weight_decay: float = 2e-2,
        balanced: bool = True,
        device: str = "auto",
        random_state: int = 0,
    ) -> None:
        super().__init__(shape, sequence_length, epochs, batch_size, learning_rate, patience, weight_decay, balanced, device, random_state)
        self.known = known
        self.forget = forget
        self.forget_groups = forget_groups
        self.smoothing = smoothing
        self.least_steps = least_steps

    def fit(self, X: np.ndarray, y: np.ndarray, *, validation: np.ndarray | None = None, progress: Any = None) -> Self:
        """Train from new weights, on all rows; parameters are those of `NetworkClassifier.fit`."""
        return super().fit(X, y, progress=progress)

    def load_weights(self, weights: dict[str, np.ndarray], classes: np.ndarray, columns: int) -> Self:
        """Become the fitted network that the weights came from; parameters are those of `NetworkClassifier.load_weights`."""
        super().load_weights(weights, classes, columns)
        for part in self.stages_.modules():
            if isinstance(part, Forget):
                part.column[: len(self.prepare_.columns())] = self.prepare_.columns()
        return self

    def _prepare(self, features: int) -> KnownValues:
        return KnownValues(features, self.sequence_length, CHANNELS, self.known)

    def retrain(
        self,
        X: np.ndarray,
        y: np.ndarray,
        *,
        freeze: int = 0,
        cache: bool = True,
        validation: np.ndarray | None = None,
        progress: Any = None,
    ) -> Self:
        """Go on training for `epochs` passes, on all rows; parameters are those of `NetworkClassifier.retrain`."""
        return super().retrain(X, y, freeze=freeze, cache=cache, progress=progress)

    def _schedule(self, rows: int, *, again: bool) -> Schedule:
        steps = max(-(-rows // self.batch_size), 1)
        epochs = self.epochs if again else max(self.epochs, -(-self.least_steps // steps))
        rate, decay = self.learning_rate, self.weight_decay
        return Schedule(epochs, self.patience, self.batch_size, rate, decay, self.random_state, self.smoothing, cycle=True)

    def _stages(self, features: int, length: int, classes: int) -> list[nn.Module]:
        first, second, third = HIDDEN
        packets = Packets() if length else None
        pooled = packets.outputs if packets else 0
        column = torch.cat([self.prepare_.columns(), torch.full((pooled,), float(features))])
        join = Chain(Forget(column, groups_of(features), self.forget, self.forget_groups), Dense(len(column), first, 0.2))
        dense = [join, Dense(first, second, 0.2)]
        return [packets, *dense, Head(second, classes)] if packets else [*dense, Dense(second, third), Head(third, classes)]


def groups_of(features: int) -> np.ndarray:
    """Return the group of each feature as a number, and behind them one of its own for all packets.

    Features that are not those of the catalogue are each a group.
    """
    names = [feature.group for feature in catalogue()]
    if len(names) != features:
        return np.arange(features + 1)
    group = np.unique(names, return_inverse=True)[1]
    return np.append(group, group.max() + 1)
