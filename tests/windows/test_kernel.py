"""The window kernel and its features against their plain twin."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Literal

import numpy as np
import pytest

from headwise.windows import Windows, WindowTable, names
from tests.reference import windows as twin
from tests.reference.window_features import features as all_features
from tests.windows.packets import batches, packets

LENGTH = 600


def read(
    made: Sequence[twin.Packet], ends: Sequence[int] = (), length: float | Literal["capture"] = LENGTH, sequence: int = 8
) -> tuple[WindowTable, Windows]:
    """Return the windows of packets that come in batches with these ends, and what made them."""
    windows = Windows(length, sequence)
    tables = [windows.update(batch) for batch in batches(made, ends)]
    return WindowTable.concatenate([*tables, windows.finish()], sequence).sorted(), windows


def expect_equal(table: WindowTable, expected: list[twin.Window], sequence: int = 8) -> None:
    """Assert that a table holds what the twin gives."""
    expected = sorted(expected, key=lambda window: (window.device, window.start))
    assert [(w.device + 100, w.start) for w in expected] == list(zip(table.device.tolist(), table.start.tolist(), strict=True))
    for row, window in enumerate(expected):
        features = all_features(window)
        assert set(features) == set(names())
        wanted = np.array([features[name] for name in names()])
        close = np.isclose(table.features[row], wanted, rtol=2e-6, atol=1e-4, equal_nan=True)
        wrong = {
            name: (float(got), float(want))
            for name, got, want, ok in zip(names(), table.features[row], wanted, close, strict=True)
            if not ok
        }
        assert not wrong
        np.testing.assert_allclose(table.sequence[row], twin.sequence(window, sequence), rtol=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_features_are_those_of_the_plain_twin(seed: int) -> None:
    """Every feature and sequence of generated traffic equals what its definition gives."""
    made = packets(Random(seed), 1200)
    table, windows = read(made)
    expected, late = twin.cut(made, LENGTH * 10**9)
    expect_equal(table, expected)
    assert windows.left_out == {"late": late, "no_time": 0, "crowded": 0}
    assert late > 0


def test_generated_traffic_moves_every_feature() -> None:
    """The comparison with the twin compares something: no feature of generated traffic is constant or never defined."""
    features = np.concatenate([read(packets(Random(seed), 2000))[0].features for seed in range(40, 60)])
    still = [name for name, column in zip(names(), features.T, strict=True) if len(set(column[~np.isnan(column)].tolist())) < 2]
    assert still == []


def test_windows_of_whole_captures_are_those_of_the_plain_twin() -> None:
    """With no length, a device has one window, from its first packet to its last."""
    made = packets(Random(7), 700)
    table, _ = read(made, length="capture")
    expect_equal(table, twin.cut(made, 0)[0])


def test_tables_that_overflow_count_what_came_first() -> None:
    """Beyond 192 remotes, ports and connections the kernel and the twin leave out the same ones."""
    chance, made = Random(3), packets(Random(2), 900, devices=1)
    for packet in made:
        packet.row["source_ip"] = packet.row["destination_ip"] = chance.randrange(1 << 16).to_bytes(16, "big")
    table, _ = read(made, length=86400)
    expect_equal(table, twin.cut(made, 86400 * 10**9)[0])
    assert table.feature("remotes_sent").max() == 192
