"""The window kernel and its features against their plain twin."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from tests.reference import windows as twin
from tests.windows.packets import batches, packets

from headwise.windows import Windows, WindowTable, names
from headwise.windows._kernel import Slots

LENGTH = 600


def read(made, ends=(), length=LENGTH, sequence=8) -> tuple[WindowTable, Windows]:
    windows = Windows(length, sequence)
    tables = [windows.update(batch) for batch in batches(made, ends)]
    return WindowTable.concatenate([*tables, windows.finish()], sequence).sorted(), windows


def expect_equal(table: WindowTable, expected: list[twin.Window], sequence: int = 8) -> None:
    expected = sorted(expected, key=lambda window: (window.device, window.start))
    assert [(w.device + 100, w.start) for w in expected] == list(zip(table.device.tolist(), table.start.tolist(), strict=True))
    for row, window in enumerate(expected):
        features = twin.features(window)
        assert set(features) == set(names())
        wanted = np.array([features[name] for name in names()])
        close = np.isclose(table.features[row], wanted, rtol=2e-6, atol=1e-4, equal_nan=True)
        wrong = {name: (float(got), float(want)) for name, got, want, ok in zip(names(), table.features[row], wanted, close, strict=True) if not ok}
        assert not wrong
        np.testing.assert_allclose(table.sequence[row], twin.sequence(window, sequence), rtol=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_features_are_those_of_the_plain_twin(seed: int) -> None:
    """Every feature and sequence of generated traffic equals what its definition gives."""
    made = packets(Random(seed), 900)
    table, windows = read(made)
    expected, late = twin.cut(made, LENGTH * 10**9)
    expect_equal(table, expected)
    assert windows.left_out == {"late": late, "no_time": 0, "crowded": 0}


def test_windows_of_whole_captures_are_those_of_the_plain_twin() -> None:
    """With no length, a device has one window, from its first packet to its last."""
    made = packets(Random(7), 700)
    table, _ = read(made, length="capture")
    expect_equal(table, twin.cut(made, 0)[0])


def test_tables_that_overflow_count_what_came_first() -> None:
    """Beyond 192 remotes, ports and connections the kernel and the twin leave out the same ones."""
    chance, made = Random(3), packets(Random(2), 900, devices=1)
    for packet in made:
        packet.row["source_ip"] = packet.row["destination_ip"] = chance.randrange(1 << 9).to_bytes(16, "big")
    table, _ = read(made, length=86400)
    expect_equal(table, twin.cut(made, 86400 * 10**9)[0])
    assert table.feature("remotes_sent").max() == 192
