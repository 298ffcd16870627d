"""A batch of attributed packets in memory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from headwise.headers.batch import HeaderBatch


class Direction(IntEnum):
    """Which way a packet went, as its device sees it."""

    SENT = 0
    RECEIVED = 1


class Peer(IntEnum):
    """Who is at the other end, as a packet's device sees it."""

    ROUTER = 0
    LOCAL = 1
    INTERNET = 2
    MULTICAST = 3
    BROADCAST = 4


@dataclass
class AttributedBatch:
    """Header rows with the devices they belong to, in the order of the header rows.

    A packet between two devices of the home is two rows, first of who sent it, then of who received it.

    Attributes
    ----------
    headers : HeaderBatch
        What was attributed.
    rows : int
        Number of attributed rows.
    row : numpy.ndarray
        Index of the header row, uint32, shape ``(rows,)``.
    device : numpy.ndarray
        MAC of the device, uint64, shape ``(rows,)``.
    device_index : numpy.ndarray
        The device as a small number, uint32, shape ``(rows,)``: MACs are numbered from 0 as they are first met; a number is never
        given to another MAC.
    direction, peer : numpy.ndarray
        `Direction` and `Peer`, uint8, shape ``(rows,)``.

    Notes
    -----
    The arrays are reused by the next batch of the same `Attribution`: copy what must outlive it.
    """

    headers: HeaderBatch
    rows: int
    row: np.ndarray
    device: np.ndarray
    device_index: np.ndarray
    direction: np.ndarray
    peer: np.ndarray
