"""Preparation that knows single values by heart."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

import torch

from headwise.models.networks.values import MISSING, KnownValues, known_values

NAN = np.float32(np.nan)
# A length that tells two kinds apart, its mirror in another feature, a constant, and one that is different in each row.
X = np.array([[517, 7, 1, n] if n % 2 else [NAN, 8, 1, n] for n in range(8)], np.float32)


def test_common_values_are_found_once_and_constants_never() -> None:
    """Values of three rows or more are known, missing is one of them; what stands in the same rows is known once."""
    assert known_values(X) == [(0, MISSING), (0, 517.0)]
    assert known_values(X[:4]) == []


def test_a_value_is_told_from_its_neighbour() -> None:
    """517 is its own input; 518, next to it on the scale, is not it, and missing is neither."""
    prepare = KnownValues(4, 0, 4, 3).fit(X)
    made = prepare(torch.from_numpy(np.array([[517, 0, 1, 0], [518, 0, 1, 0], [NAN, 0, 1, 0]], np.float32)))[0]
    assert made[:, 4:].tolist() == [[0, 1, 0], [0, 0, 0], [1, 0, 0]]
    assert prepare.columns().tolist() == [0, 1, 2, 3, 0, 0, 0]
    assert made[2, 0] == 0


def test_unused_places_are_nothing() -> None:
    """Where fewer values are common than there is room for, the rest is 0 for every row, also for a row of zeros."""
    prepare = KnownValues(4, 0, 4, 9).fit(X)
    assert prepare(torch.zeros(1, 4))[0][:, 4 + 2 :].abs().sum() == 0


def test_the_sequence_passes_as_it_is() -> None:
    """Packets are handed on unscaled, 0 for what is missing."""
    rows = np.concatenate([X, np.arange(8 * 8, dtype=np.float32).reshape(8, 8)], axis=1)
    rows[0, 4] = NAN
    sequence = KnownValues(4, 2, 4, 3).fit(rows)(torch.from_numpy(rows))[1]
    assert sequence.shape == (8, 2, 4)
    assert sequence[0, 0].tolist() == [0, 1, 2, 3]
