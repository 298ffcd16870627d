"""Packets to bidirectional flows, one row each, as Cisco's joy records them: for comparison with published work alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from headwise.devices import AttributedBatch, Attribution
from headwise.errors import InputError
from headwise.headers import HeaderReader
from headwise.windows.flow_features import FLOW_FEATURES_VERSION, FLOW_NAMES, flow_features
from headwise.windows.table import WindowTable

INACTIVE_NS = 10 * 10**9
"""A flow is over after so long without a packet of either side; joy's default."""
ACTIVE_NS = 30 * 10**9
"""A packet so long after the first of its flow begins another; joy's default."""
MOST_PACKETS = 50_000_000
"""Packets of a test-bed, which are held in memory, about 80 bytes each."""

_SENT = 0
_KEY = np.dtype([("device", "u8"), ("own_ip", "V16"), ("remote_ip", "V16"), ("own_port", "u2"), ("remote_port", "u2"), ("protocol", "u1")])


def read_flows(paths: list[Path], *, progress: Callable[[int, int | None], None] | None = None) -> WindowTable:
    """Read captures into one row a flow and device, in the order of device and time.

    A flow is what a device and another address exchange by one protocol and pair of ports, packets without ports having
    ports 0; what is no IP is in none. A flow between two devices of the home is one of each.

    Parameters
    ----------
    paths : list of Path
        Captures, merged by time.
    progress : callable, optional
        Told of bytes read and their total.

    Returns
    -------
    WindowTable
        Start and length are those of the flow; its features are those of `headwise.windows.flow_features`, and there is no sequence.

    Raises
    ------
    InputError
        Where the captures hold more packets than `MOST_PACKETS`.
    """
    attribution, parts, count = Attribution(), [], 0
    for batch in HeaderReader(paths, progress=progress):
        parts.append(_packets(attribution.update(batch)))
        count += len(parts[-1][0])
        if count > MOST_PACKETS:
            raise InputError(f"captures hold more than {MOST_PACKETS} packets of devices", do="give fewer of them, or train on windows")
    if not count:
        return _table(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0), np.zeros((0, len(FLOW_NAMES)), np.float32))
    keys, numbers = (np.concatenate([part[place] for part in parts]) for place in range(2))
    return flows_of(keys, numbers)


def flows_of(keys: np.ndarray, numbers: np.ndarray) -> WindowTable:
    """Return the flows of packets.

    Parameters
    ----------
    keys : array of n, dtype `_KEY`
        Whose packet it is, with whom, and by which ports.
    numbers : int64 array of n x 3
        Time (ns since 1970), direction (0 sent), bytes of application data.
    """
    number = np.unique(keys.view(f"V{_KEY.itemsize}"), return_inverse=True)[1]
    order = np.lexsort((np.arange(len(keys)), numbers[:, 0], number))
    keys, numbers, number = keys[order], numbers[order], number[order]
    first = np.flatnonzero(_begins(number, numbers[:, 0]))
    features = flow_features(numbers, first, keys["own_port"][first], keys["remote_port"][first], keys["protocol"][first])
    last = np.append(first[1:], len(keys)) - 1
    start, device = numbers[first, 0], keys["device"][first]
    table = _table(device, start, (numbers[last, 0] - start) * 1e-9, features)
    return table.select(np.lexsort((start, device)))


def _begins(number: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return which packets begin a flow; packets are in the order of their keys, then of time."""
    begins = np.ones(len(number), bool)
    begins[1:] = (number[1:] != number[:-1]) | (time[1:] - time[:-1] > INACTIVE_NS)
    first = np.flatnonzero(begins)
    end = np.append(first[1:], len(number))
    # Only flows that last are walked through, from one beginning to the next.
    for place, stop in zip(first.tolist(), end.tolist(), strict=True):
        while time[stop - 1] - time[place] > ACTIVE_NS:
            place += int(np.searchsorted(time[place:stop], time[place] + ACTIVE_NS, side="right"))
            begins[place] = True
    return begins


def _packets(attributed: AttributedBatch) -> tuple[np.ndarray, np.ndarray]:
    rows, headers = attributed.row[: attributed.rows], attributed.headers
    taken = (headers.has("ip_version") & headers.has("time"))[rows]
    rows, sent = rows[taken], attributed.direction[: attributed.rows][taken] == _SENT
    keys = np.zeros(len(rows), _KEY)
    keys["device"] = attributed.device[: attributed.rows][taken]
    keys["protocol"] = headers["protocol"][rows]
    for name in ("ip", "port"):
        source, destination = (_column(headers[f"{side}_{name}"], rows) for side in ("source", "destination"))
        keys[f"own_{name}"], keys[f"remote_{name}"] = np.where(sent, source, destination), np.where(sent, destination, source)
    numbers = np.stack([headers["time"][rows], ~sent, headers["payload_length"][rows]], axis=1).astype(np.int64)
    return keys, numbers


def _column(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    taken = values[rows]
    return taken if taken.ndim == 1 else np.ascontiguousarray(taken).view("V16")[:, 0]


def _table(device: np.ndarray, start: np.ndarray, length_s: np.ndarray, features: np.ndarray) -> WindowTable:
    sequence = np.zeros((len(device), 0, 4), np.float32)
    return WindowTable(
        device, start, length_s, features, sequence, np.full(len(device), -1, np.int32), names=FLOW_NAMES, version=FLOW_FEATURES_VERSION
    )
