"""Parts that networks are built of."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

import torch

from headwise.models.networks.stages import Forget

# Inputs 0 and 3 were made of feature 0, and so on; features 0 and 1 are one group.
COLUMN, GROUP = torch.tensor([0.0, 1.0, 2.0, 0.0]), np.array([0, 0, 1])


def forgotten(features: float, groups: float) -> torch.Tensor:
    """Return which inputs of 2,000 rows are left in training."""
    torch.manual_seed(0)
    return Forget(COLUMN, GROUP, features, groups).train()(torch.ones(2000, 4), torch.zeros(2000, 0))[0]


def test_forgets_in_training_alone() -> None:
    """Outside training nothing is dropped."""
    rows = torch.ones(5, 4)
    assert torch.equal(Forget(COLUMN, GROUP, 0.9, 0.9).eval()(rows, rows[:, :0])[0], rows)


def test_all_that_was_made_of_a_feature_goes_together() -> None:
    """Inputs of one feature are dropped in the same rows, those of others in others, half the most on average."""
    left = forgotten(0.4, 0.0)
    assert torch.equal(left[:, 0], left[:, 3])
    assert not torch.equal(left[:, 0], left[:, 1])
    assert (1 - left.mean()).item() == pytest.approx(0.2, abs=0.03)


def test_groups_go_together() -> None:
    """Features of one group are dropped in the same rows, by the chance that is given."""
    left = forgotten(0.0, 0.3)
    assert torch.equal(left[:, 0], left[:, 1])
    assert not torch.equal(left[:, 0], left[:, 2])
    assert (1 - left[:, 2].mean()).item() == pytest.approx(0.3, abs=0.05)
