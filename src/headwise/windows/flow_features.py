"""The features of a flow that Kolcun et al. give their networks ("Revisiting IoT Device Identification", TMA 2021).

Of their nineteen the destination's domain is not in the headers: its code is 0 for every flow, so that networks have the published width
and learn nothing of it. Ports are among them, which no feature of `headwise.windows` is: this set is for comparison alone.
"""

from __future__ import annotations

import numpy as np

FLOW_FEATURES_VERSION = 1
"""Raised when the meaning of any changes."""

_MOMENTS = ("mean", "deviation", "variance", "skew", "kurtosis")
FLOW_NAMES: tuple[str, ...] = (
    "source_port",
    "destination_port",
    "bytes_out",
    "bytes_in",
    "packets_out",
    "packets_in",
    *(f"gap_{name}" for name in _MOMENTS),
    *(f"data_{name}" for name in _MOMENTS),
    "duration_s",
    "protocol",
    "domain_code",
)
"""In the order of the columns. The source is who sent the flow's first packet, ``out`` is what it sent; bytes are those of application
data; gaps (seconds) and data are between and of packets that carry any, as joy lists them; what is undefined is 0."""


def flow_features(
    numbers: np.ndarray, first: np.ndarray, own_port: np.ndarray, remote_port: np.ndarray, protocol: np.ndarray
) -> np.ndarray:
    """Return the features of flows, float32, shape ``(flows, 19)``.

    Parameters
    ----------
    numbers : int64 array of n x 3
        Of each packet, flow after flow, in order of time: time (ns), direction (0 sent by the device), bytes of data.
    first : int array of flows
        Where each flow begins.
    own_port, remote_port, protocol : arrays of flows
        Of the device, of the other end, and of IP.
    """
    time, direction, data = numbers.T
    flow = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(numbers))))
    by_device = direction[first] == 0
    out = direction == direction[first][flow]
    ports = (np.where(by_device, own_port, remote_port), np.where(by_device, remote_port, own_port))
    counts = [_sums(flow, values, len(first)) for values in (data * out, data * ~out, out, ~out)]
    carries = np.flatnonzero(data > 0)
    follows = np.flatnonzero(np.diff(flow[carries]) == 0)
    gaps = (time[carries[follows + 1]] - time[carries[follows]]) * 1e-9
    moments = (*_moments(flow[carries[follows]], gaps, len(first)), *_moments(flow[carries], data[carries].astype(float), len(first)))
    duration = (time[np.append(first[1:], len(numbers)) - 1] - time[first]) * 1e-9
    return np.stack([*ports, *counts, *moments, duration, protocol, np.zeros(len(first))], axis=1).astype(np.float32)


def _sums(flow: np.ndarray, values: np.ndarray, flows: int) -> np.ndarray:
    return np.bincount(flow, values.astype(float), flows)


def _moments(flow: np.ndarray, values: np.ndarray, flows: int) -> list[np.ndarray]:
    """Return mean, standard deviation, variance, skew and excess kurtosis (of the population) by flow, 0 where undefined."""
    count = np.maximum(np.bincount(flow, minlength=flows), 1)
    mean = _sums(flow, values, flows) / count
    centred = values - mean[flow]
    variance, third, fourth = (_sums(flow, centred**power, flows) / count for power in (2, 3, 4))
    # Equal values differ from their mean by rounding alone.
    spread = variance > (1e-12 * np.maximum(np.abs(mean), 1e-9)) ** 2
    variance = np.where(spread, variance, 0)
    squared = np.where(spread, variance, 1)
    return [mean, np.sqrt(variance), variance, np.where(spread, third / squared**1.5, 0), np.where(spread, fourth / squared**2 - 3, 0)]
