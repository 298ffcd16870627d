"""Building blocks of the networks: each network is a list of stages, so that a prefix of it can be frozen.

A stage takes and gives the pair (features ``[batch, width]``, sequence ``[batch, length, channels]``); the last
stage gives ``(logits [batch, classes], unused)``. A stage that does not use one of the two hands it on.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

Pair = tuple[Tensor, Tensor]


class Dense(nn.Module):
    """Linear layer, ReLU and dropout on the features."""

    def __init__(self, inputs: int, outputs: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(dropout))

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Transform the features, hand the sequence on."""
        return self.layers(features), sequence


class Head(nn.Module):
    """Linear layer to class logits; the only stage that knows the number of classes."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, classes)

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Return logits."""
        return self.linear(features), sequence


class AsSequence(nn.Module):
    """Turns a row of features into a sequence: the published shapes' view of the data.

    ``steps=True`` gives one channel and a step a feature (convolution over feature order); otherwise one step
    with all features as channels (an LSTM that sees a single time step).
    """

    def __init__(self, steps: bool) -> None:
        super().__init__()
        self.steps = steps

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Return empty features and the reshaped row."""
        return features[:, :0], features.unsqueeze(2 if self.steps else 1)


class Recurrent(nn.Module):
    """One LSTM layer over the sequence, with dropout."""

    def __init__(self, inputs: int, units: int, dropout: float) -> None:
        super().__init__()
        self.lstm = nn.LSTM(inputs, units, batch_first=True)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Transform the sequence, hand the features on."""
        return features, self.dropout(self.lstm(sequence)[0])


class Convolution(nn.Module):
    """One convolution over the sequence with ReLU and dropout, then max-pooling by `pool`."""

    def __init__(self, inputs: int, filters: int, *, kernel: int = 3, dropout: float = 0.0, pool: int = 1) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(inputs, filters, kernel, padding=kernel // 2)
        self.dropout = nn.Dropout(dropout)
        self.pool = nn.MaxPool1d(pool) if pool > 1 else nn.Identity()

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Transform the sequence, hand the features on."""
        mapped = torch.relu(self.convolution(sequence.transpose(1, 2)))
        return features, self.pool(self.dropout(mapped)).transpose(1, 2)


class Flatten(nn.Module):
    """Joins the whole sequence to the features, before a dense layer."""

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Return the joined row and an empty sequence."""
        return torch.cat([features, sequence.flatten(1)], 1), sequence[:, :0]


class Last(nn.Module):
    """Joins the last step of the sequence to the features."""

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Return the joined row and an empty sequence."""
        return torch.cat([features, sequence[:, -1]], 1), sequence[:, :0]


class Chain(nn.Module):
    """Several modules of the same signature that are trained or frozen as one stage."""

    def __init__(self, *parts: nn.Module) -> None:
        super().__init__()
        self.parts = nn.ModuleList(parts)

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Apply the parts in order."""
        for part in self.parts:
            features, sequence = part(features, sequence)
        return features, sequence


class Forget(nn.Module):
    """In training, drops whole features, and whole groups of features, each row others.

    What is dropped is 0 in all that was made of it, as if it were average; the rest is not scaled up, since a
    missing feature is what the network meets in another place.

    Parameters
    ----------
    column : tensor of float
        For each input the feature that it was made of; not among the weights.
    group : array of int
        For each feature its group.
    features, groups : float
        Most of the features that a row loses (it draws its own share), and the chance of each group to be dropped.
    """

    def __init__(self, column: Tensor, group: np.ndarray, features: float, groups: float) -> None:
        super().__init__()
        self.register_buffer("column", column, persistent=False)
        self.group = torch.from_numpy(group)
        self.features, self.groups = features, groups

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Return features, some of them dropped, and the sequence."""
        if not self.training:
            return features, sequence
        rows, count = len(features), len(self.group)
        keep = torch.rand(rows, count) >= self.features * torch.rand(rows, 1)
        keep &= (torch.rand(rows, int(self.group.max()) + 1) >= self.groups)[:, self.group]
        return features * keep.to(features.device)[:, self.column.long()], sequence
