"""The first, untrained part of every network: raw model input to scaled features and sequence."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

# Scaled values beyond this many standard deviations carry no more than "very large".
LIMIT = 8.0


class Prepare(nn.Module):
    """Compress, standardise and split model input, inside the exported graph.

    Input is ``float32 [batch, features + length * channels]``; output a pair of ``[batch, features]`` and
    ``[batch, length, channels]`` (the second empty where the input has no sequence). Features are compressed by
    ``sign(x) log(1 + |x|)`` and standardised by the training rows' mean and deviation; sequence channels likewise,
    by channel. A missing value (NaN) becomes the training mean. Without `compress` they are standardised alone, as published work does.
    """

    def __init__(self, features: int, length: int = 0, channels: int = 0, *, compress: bool = True) -> None:
        super().__init__()
        self.compress = compress
        self.features, self.length, self.channels = features, length, channels
        columns = features + length * channels
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("scale", torch.ones(columns))

    def fit(self, X: np.ndarray) -> Prepare:
        """Learn mean and deviation of the compressed columns from training rows ``[n, columns]``."""
        compressed = self._compress(torch.from_numpy(np.ascontiguousarray(X, np.float32))).numpy().astype(np.float64)
        present = ~np.isnan(compressed)
        rows = np.maximum(present.sum(0), 1)
        mean = np.where(present, compressed, 0).sum(0) / rows
        spread = np.sqrt(np.where(present, (compressed - mean) ** 2, 0).sum(0) / rows)
        if self.length:
            mean, spread = self._by_channel(mean), self._by_channel(spread)
        self.mean.copy_(torch.from_numpy(mean.astype(np.float32)))
        self.scale.copy_(torch.from_numpy((1.0 / np.maximum(spread, 1e-3)).astype(np.float32)))
        return self

    def _by_channel(self, values: np.ndarray) -> np.ndarray:
        """Use one value for all positions of a sequence channel, so that position carries no scale."""
        out = values.copy()
        out[self.features :] = np.tile(values[self.features :].reshape(self.length, self.channels).mean(0), self.length)
        return out

    def forward(self, X: Tensor) -> tuple[Tensor, Tensor]:
        """Return scaled features and sequence of a batch."""
        compressed = self._compress(X)
        scaled = (torch.where(torch.isnan(compressed), self.mean, compressed) - self.mean) * self.scale
        scaled = torch.clamp(scaled, -LIMIT, LIMIT)
        sequence = scaled[:, self.features :].reshape(-1, self.length, self.channels) if self.length else scaled[:, :0]
        return scaled[:, : self.features], sequence

    def _compress(self, X: Tensor) -> Tensor:
        return torch.sign(X) * torch.log1p(torch.abs(X)) if self.compress else X
