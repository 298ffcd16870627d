"""Reading of the first packets, and their blurring in training."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

import torch

from headwise.models.networks.packets import Blur, Packets

LENGTH = 32


def sequences(rows: int = 200) -> torch.Tensor:
    """Return windows of 32 packets whose sizes count up, a second apart."""
    size = torch.arange(1, LENGTH + 1).float().expand(rows, LENGTH)
    return torch.stack([size, torch.ones_like(size), torch.full_like(size, 6), torch.full_like(size, 12)], 2)


def test_blurs_in_training_alone() -> None:
    """Outside training the packets are handed on as they are."""
    assert torch.equal(Blur().eval()(sequences()), sequences())


def test_lost_packets_close_up_and_leave_nothing_behind() -> None:
    """Of the packets that are left the order is kept, and places at the end are all zero."""
    torch.manual_seed(0)
    blurred = Blur().train()(sequences())
    left = (blurred[:, :, 0] > 0).sum(1)
    assert (left < LENGTH).float().mean() > 0.5
    for row, count in zip(blurred, left.tolist(), strict=True):
        assert (row[:count, 0].diff() > 0).all()
        assert row[count:].abs().sum() == 0


def test_some_windows_begin_late() -> None:
    """About a third of the windows miss first packets, never more than a quarter of them."""
    torch.manual_seed(0)
    first = Blur(loss=0.0).train()(sequences())[:, 0, 0]
    assert 0.15 < (first > 1).float().mean() < 0.4
    assert first.max() <= LENGTH // 4 + 1


def test_gaps_are_stretched_and_never_negative() -> None:
    """Gaps differ from what was captured, sizes, directions and kinds do not."""
    torch.manual_seed(0)
    blurred = Blur(loss=0.0, late=0.0).train()(sequences())
    assert blurred[:, :, 2].std() == pytest.approx(0.15 * 2**0.5, rel=0.2)
    assert (blurred[:, :, 2] >= 0).all()
    assert torch.equal(blurred[:, :, [0, 1, 3]], sequences()[:, :, [0, 1, 3]])


def test_a_packet_that_is_not_there_is_not_looked_at() -> None:
    """A window of one packet is read alike whether its empty places hold rubbish in their sizes or not."""
    torch.manual_seed(0)
    read = Packets().eval()
    one = sequences(1)
    one[:, 1:] = 0
    rubbish = one.clone()
    rubbish[:, 3:, 0] = 900
    features = torch.zeros(1, 2)
    assert torch.allclose(read(features, one)[0], read(features, rubbish)[0], atol=1e-6)
    assert read(features, one)[0].shape == (1, 2 + read.outputs)
