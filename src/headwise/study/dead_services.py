"""Captures as they would be had the services behind a home's devices died."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np

from headwise.clock import NS
from headwise.devices import AttributedBatch, Attribution, Direction, Peer
from headwise.headers import HeaderReader, expand
from headwise.headers.batch import HeaderBatch
from headwise.windows import Windows, WindowTable

TCP, UDP = 6, 17
SYN, ACK = 0x02, 0x10
DNS_PORT, NTP_PORT = 53, 123
ATTEMPT_S = 60.0
"""A device tries again so often."""
LISTENED_S = 600
"""Where a device is silent for so long, nobody captured it."""
RETRANSMITTED_S = (1.0, 3.0, 7.0)
"""After the first packet of a connection that is not answered (RFC 6298: a second, doubled each time)."""
NO_NAME_BYTES, NO_NAME_S = 75, 0.03
"""What an answer that there is no such name is longer than the question (with the zone's SOA record, RFC 2308), and when it comes."""
FIRST_PORT, PORTS = 40_000, 20_000

Columns = dict[str, np.ndarray]


class Death(StrEnum):
    """How a service dies.

    Attributes
    ----------
    UNANSWERED
        Its servers say nothing any more. Of what a device sends over TCP the first packets of connections are left, sent again and again.
    UNRESOLVED
        Its names are gone, and with them all traffic with its servers. A device goes on asking for them.
    """

    UNANSWERED = "unanswered"
    UNRESOLVED = "unresolved"


def read_dead(captures: Sequence[Path], death: Death, length: float = 600.0, sequence: int = 0) -> WindowTable:
    """Return the windows of captures in which every service on the internet is dead, but for DNS and NTP.

    Windows are each of one device, so that one device's may stand beside those of others whose services live. What a device tries again
    is a packet of its own, sent at other times. All headers are in memory at once.

    Parameters
    ----------
    captures : sequence of Path
    death : Death
    length : float
        Seconds of a window.
    sequence : int
        Packets of a window's sequence.

    Raises
    ------
    InputError
        Where captures cannot be read.
    """
    columns = _read(captures)
    packets = Attribution().update(_batch(columns))
    lost = np.zeros(len(columns["time"]), bool)
    lost[packets.row[_lost(packets, death)]] = True
    added = [_attempts(columns, packets, mac, death) for mac in np.unique(packets.device).tolist()]
    every = {name: np.concatenate([column[~lost], *(each[name] for each in added)]) for name, column in columns.items()}
    order = np.argsort(every["time"], kind="stable")
    windows = Windows(length, sequence)
    first = windows.update(Attribution().update(_batch({name: column[order] for name, column in every.items()})))
    return WindowTable.concatenate([first, windows.finish()], sequence)


def _read(captures: Sequence[Path]) -> Columns:
    parts = [{name: batch[name].copy() for name in batch.columns} for batch in HeaderReader(expand(captures))]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _batch(columns: Columns) -> HeaderBatch:
    return HeaderBatch(len(columns["time"]), {name: np.ascontiguousarray(column) for name, column in columns.items()})


def _lost(packets: AttributedBatch, death: Death) -> np.ndarray:
    theirs = (packets.peer == Peer.INTERNET) & ~_is_udp(packets, DNS_PORT) & ~_is_udp(packets, NTP_PORT)
    later = (packets.headers["protocol"][packets.row] == TCP) & ~_opens(packets)
    gone = (packets.direction == Direction.RECEIVED) | later | (death is Death.UNRESOLVED)
    lost: np.ndarray = theirs & gone
    return lost


def _attempts(columns: Columns, packets: AttributedBatch, mac: int, death: Death) -> Columns:
    """Return what a device sends, and is told, as it goes on trying while somebody listens."""
    own = packets.device == mac
    heard = columns["time"][packets.row[own]]
    ticks = np.arange(heard.min(), heard.max(), round(ATTEMPT_S * NS))
    found = (_connecting if death is Death.UNANSWERED else _asking)(columns, packets, own, ticks)
    listened = np.isin(found["time"] // (LISTENED_S * NS), heard // (LISTENED_S * NS))
    return {name: column[listened] for name, column in found.items()}


def _connecting(columns: Columns, packets: AttributedBatch, own: np.ndarray, ticks: np.ndarray) -> Columns:
    sent = own & (packets.direction == Direction.SENT)
    opens = packets.row[sent & (packets.peer == Peer.INTERNET) & _opens(packets)]
    tried = _again(columns, opens, ticks)
    tried["tcp_sequence"] = (np.arange(1, len(tried["time"]) + 1) * 2_654_435_761 % 2**32).astype(np.uint32)
    every = _joined([_taken(columns, opens), tried])
    return _joined([tried, *(_later(every, seconds) for seconds in RETRANSMITTED_S)])


def _asking(columns: Columns, packets: AttributedBatch, own: np.ndarray, ticks: np.ndarray) -> Columns:
    sent = packets.direction == Direction.SENT
    asks, told = (packets.row[own & way & _is_udp(packets, DNS_PORT)] for way in (sent, ~sent))
    asks = asks[np.searchsorted(told, asks) < len(told)]
    asked, answered = _again(columns, asks, ticks), _again(columns, told[np.searchsorted(told, asks)], ticks)
    answered["destination_port"] = asked["source_port"]
    for name in ("wire_length", "captured_length", "ip_length", "payload_length"):
        answered[name] = asked[name] + NO_NAME_BYTES
    return _joined([asked, _later(answered, NO_NAME_S)])


def _again(columns: Columns, rows: np.ndarray, ticks: np.ndarray) -> Columns:
    """Return rows, in turn, at other times and from other ports; nothing where there are no rows."""
    if not len(rows):
        return _taken(columns, rows)
    found = _taken(columns, rows[np.arange(len(ticks)) % len(rows)])
    found["time"] = ticks.astype(columns["time"].dtype)
    ports = (FIRST_PORT + np.arange(len(ticks)) * 7 % PORTS).astype(np.uint16)
    from_server = found["source_port"] == DNS_PORT
    found["source_port"] = np.where(from_server, found["source_port"], ports)
    return found


def _taken(columns: Columns, rows: np.ndarray) -> Columns:
    return {name: column[rows] for name, column in columns.items()}


def _later(columns: Columns, seconds: float) -> Columns:
    return columns | {"time": columns["time"] + round(seconds * NS)}


def _joined(parts: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _is_udp(packets: AttributedBatch, port: int) -> np.ndarray:
    headers, row = packets.headers, packets.row
    found: np.ndarray = (headers["protocol"][row] == UDP) & (
        (headers["source_port"][row] == port) | (headers["destination_port"][row] == port)
    )
    return found


def _opens(packets: AttributedBatch) -> np.ndarray:
    headers, row = packets.headers, packets.row
    found: np.ndarray = (headers["protocol"][row] == TCP) & ((headers["tcp_flags"][row] & (SYN | ACK)) == SYN)
    return found
