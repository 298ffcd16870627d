"""Windows of generated captures: every link type and header stack, packets that are cut and that lie."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings

from headwise.windows import names
from tests.reference import windows as twin
from tests.reference.window_features import features as all_features
from tests.strategies import captures
from tests.windows.test_reading import packets_of, read


@settings(deadline=None, max_examples=40)
@given(captures(most=80))
def test_features_of_generated_captures_are_those_of_the_plain_twin(data: bytes) -> None:
    """Whatever headers say, features are what the definitions give, and sequences too."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.pcap"
        path.write_bytes(data)
        packets = [packet for packet in packets_of([path], 10**6) if packet.time is not None and abs(packet.time) < 1 << 62]
        table = read([path], 13, 60)
    expected = sorted(twin.cut(packets, 60 * 10**9)[0], key=lambda window: (window.device, window.start))
    assert [(w.device, w.start) for w in expected] == list(zip(table.device.tolist(), table.start.tolist(), strict=True))
    for window, features, sequence in zip(expected, table.features, table.sequence, strict=True):
        wanted = all_features(window)
        np.testing.assert_allclose(features, [wanted[name] for name in names()], rtol=2e-6, atol=1e-4)
        np.testing.assert_allclose(sequence, twin.sequence(window, 8), rtol=1e-5)
