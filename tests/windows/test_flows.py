"""Flows of packets, for comparison with published work."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from headwise.windows import FLOW, feature_set, feature_set_of, flows, names
from headwise.windows.flow_features import FLOW_NAMES
from headwise.windows.flows import flows_of
from headwise.windows.table import WindowTable
from tests.reference import flows as twin
from tests.reference.windows import Packet
from tests.windows.packets import SECOND, START, batches, packet, packets


def read(made: list[Packet]) -> WindowTable:
    """Return the flows of packets."""
    parts = [flows._packets(batch) for batch in batches(made, [len(made) // 3])]
    return flows_of(*(np.concatenate([part[place] for part in parts]) for place in range(2)))


@pytest.mark.parametrize("seed", range(12))
def test_flows_are_those_of_the_plain_twin(seed: int) -> None:
    """Generated packets, some late and some without ports or address, give the twin's flows and numbers."""
    made = packets(Random(seed), 400, devices=2)
    # Times that are equal would leave the order of their packets open.
    for number, one in enumerate(made):
        one.row["time"] += number
    found, expected = read(made), twin.flows(made)
    assert found.device.tolist() == [flow.device + 100 for flow in expected]
    assert found.start.tolist() == [flow.packets[0].time for flow in expected]
    np.testing.assert_allclose(found.features, np.array([twin.features(flow) for flow in expected]), rtol=2e-5, atol=1e-6)
    assert len(expected) > 50
    assert max(len(flow.packets) for flow in expected) > 2


def at(*seconds: float) -> list[Packet]:
    """Return packets of one flow at these seconds, sent and received by turns."""
    one = next(made for made in (packet(Random(seed), 1, START) for seed in range(99)) if made.has_ports and made.sent)
    made = []
    for number, second in enumerate(seconds):
        row = {**one.row, "time": START + int(second * SECOND)}
        if number % 2:
            row |= {f"source_{name}": one.row[f"destination_{name}"] for name in ("ip", "port")}
            row |= {f"destination_{name}": one.row[f"source_{name}"] for name in ("ip", "port")}
        made.append(Packet(1, number % 2, one.peer, row, one.whole))
    return made


@pytest.mark.parametrize(
    ("seconds", "sizes"),
    [
        ((0, 10), [2]),
        ((0, 10.001), [1, 1]),
        ((0, 9, 18, 27, 30), [5]),
        ((0, 9, 18, 27, 30.001), [4, 1]),
        (tuple(range(0, 100, 5)), [7, 7, 6]),
    ],
)
def test_a_flow_ends_by_pause_or_age(seconds: tuple[float, ...], sizes: list[int]) -> None:
    """Ten seconds without a packet, or thirty after the first, begin another flow; both sides are one flow."""
    found = read(at(*seconds))
    assert found.features[:, FLOW_NAMES.index("packets_out")].tolist() == [float(-(-size // 2)) for size in sizes]
    assert (found.features[:, FLOW_NAMES.index("packets_out")] + found.features[:, FLOW_NAMES.index("packets_in")]).tolist() == sizes


def test_a_feature_set_goes_with_its_rows() -> None:
    """Flows have nineteen features of their own, windows of any length ours."""
    assert (feature_set_of(FLOW), feature_set_of(600.0), feature_set_of("capture")) == ("kolcun2020", "headwise", "headwise")
    assert len(feature_set("kolcun2020").features) == 19
    assert feature_set("headwise").features == names()


def test_no_packet_is_no_flow() -> None:
    """Where there is nothing there is an empty table of the right form."""
    found = flows._table(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 19), np.float32))
    assert (len(found), found.names) == (0, FLOW_NAMES)


def test_too_many_packets_are_one_error(data: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded: more packets than are held at once are refused."""
    from pathlib import Path

    from headwise.errors import InputError
    from headwise.headers import expand

    monkeypatch.setattr(flows, "MOST_PACKETS", 100)
    with pytest.raises(InputError, match="more than 100 packets"):
        flows.read_flows(expand([Path(str(data)) / "illinois-2024" / "captures"]))
