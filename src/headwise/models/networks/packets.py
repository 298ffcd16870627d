"""What a network sees of the first packets of a window, and how training blurs it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from headwise.models.networks.stages import Pair

KINDS, SIZES = 16, 1536
# Embedded: what a packet is with its direction, and its exact size. Taken as they are: size, direction, gap.
KIND_WIDTH, SIZE_WIDTH, PLAIN = 8, 12, 3


class Packets(nn.Module):
    """Reads the sequence: packets embedded by kind, direction and exact size, a convolution, and pooling by attention.

    The pooled packets stand behind the features; the sequence is used up. Attention, unlike flattening, does not
    care at which place a telling packet came, so that one lost or repeated packet changes little.

    Parameters
    ----------
    width : int
        Channels of the convolution.
    heads : int
        Ways of looking at the packets; gives ``width * heads`` numbers.
    """

    def __init__(self, width: int = 32, heads: int = 3) -> None:
        super().__init__()
        self.blur = Blur()
        self.kind = nn.Embedding(2 * KINDS, KIND_WIDTH)
        self.size = nn.Embedding(SIZES, SIZE_WIDTH)
        self.convolution = nn.Conv1d(PLAIN + KIND_WIDTH + SIZE_WIDTH, width, 3, padding=1)
        self.attention = nn.Linear(width, heads)
        self.outputs = width * heads

    def forward(self, features: Tensor, sequence: Tensor) -> Pair:
        """Return features joined with what the packets say, and an empty sequence."""
        sequence = self.blur(sequence)
        size, direction, gap, kind = sequence.unbind(2)
        kind = kind.clamp(0, KINDS - 1).long()
        place = kind * 2 + (direction.clamp(0, 1) + 0.5).long()
        plain = torch.stack([torch.log1p(size.clamp(0, 1e6)) / 5, direction.clamp(-1, 1), gap.clamp(0, 12) / 5], 2)
        embedded = torch.cat([plain, self.kind(place), self.size(size.clamp(0, SIZES - 1).long())], 2)
        mapped = torch.relu(self.convolution(embedded.transpose(1, 2))).transpose(1, 2)
        none = (kind == 0).to(sequence.dtype).unsqueeze(2)
        share = torch.softmax(self.attention(mapped) - 1e4 * none, 1)
        pooled = torch.matmul(share.transpose(1, 2), mapped).flatten(1)
        return torch.cat([features, pooled], 1), sequence[:, :0]


class Blur(nn.Module):
    """In training: lost packets, a late start and other delays, so that none of these is learned.

    Parameters
    ----------
    loss : float
        Most of the packets of a window that are lost; each window draws its own share.
    late : float
        Share of the windows that miss up to a quarter of their first packets, as where a capture begins late.
    delay : float
        Deviation of the logarithm (base 10) by which gaps are stretched, for a window and again for each packet.
    """

    def __init__(self, loss: float = 0.2, late: float = 0.3, delay: float = 0.15) -> None:
        super().__init__()
        self.loss, self.late, self.delay = loss, late, delay

    def forward(self, sequence: Tensor) -> Tensor:
        """Return the sequence as another capture might have seen it; as it is outside training."""
        if not self.training:
            return sequence
        rows, length, _ = sequence.shape
        keep = torch.rand(rows, length) > self.loss * torch.rand(rows, 1)
        first = (torch.rand(rows, 1) < self.late) * torch.randint(0, length // 4 + 1, (rows, 1))
        keep = (keep & (torch.arange(length) >= first)).to(sequence.device)
        order = torch.argsort((~keep).to(torch.uint8), dim=1, stable=True)
        kept = torch.gather(sequence * keep.unsqueeze(2), 1, order.unsqueeze(2).expand_as(sequence))
        return self._delayed(kept)

    def _delayed(self, sequence: Tensor) -> Tensor:
        size, direction, gap, kind = sequence.unbind(2)
        shift = (torch.randn(len(gap), 1) + torch.randn(gap.shape)).to(gap.device) * self.delay
        return torch.stack([size, direction, (gap + shift * (gap > 0)).clamp_min(0), kind], 2)
