"""The steps of one conversation: who speaks, when, how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FIN, SYN, PUSH, ACK = 0x01, 0x02, 0x08, 0x10
_BURST = 10  # segments before the other side is heard


@dataclass(frozen=True)
class Steps:
    """A script as arrays, one element a packet (shape ``(steps,)``).

    Attributes
    ----------
    outward : numpy.ndarray of bool
        True where the device speaks, false where the other side does.
    delay : numpy.ndarray of float64
        Seconds since the start of the script.
    flags : numpy.ndarray of uint16
        TCP flags; zero in UDP.
    length : numpy.ndarray of int64
        Payload bytes.
    sequence, acknowledgment : numpy.ndarray of int64
        TCP numbers, relative to each side's first.
    """

    outward: np.ndarray
    delay: np.ndarray
    flags: np.ndarray
    length: np.ndarray
    sequence: np.ndarray
    acknowledgment: np.ndarray


class Script:
    """Writes down a conversation step by step, keeping sequence numbers as TCP does.

    Parameters
    ----------
    round_trip : float
        Seconds from the capture point to the other side and back.
    think : float
        Seconds that the device takes to answer.
    segment : int
        Largest payload of a packet, bytes.
    tcp : bool
        False writes datagrams: no handshake, no acknowledgments.
    """

    def __init__(self, round_trip: float, think: float = 0.003, segment: int = 1448, *, tcp: bool = True) -> None:
        self.round_trip, self.think, self.segment, self.tcp = round_trip, think, segment, tcp
        self.clock = 0.0
        self._last_outward = True
        self._next = {True: 0, False: 0}
        self._rows: list[tuple[bool, float, int, int, int, int]] = []

    def open(self) -> Script:
        """Shake hands."""
        if self.tcp:
            self._step(True, SYN, 0)
            self._step(False, SYN | ACK, 0)
            self._step(True, ACK, 0)
        return self

    def say(self, outward: bool, length: int, *, acknowledged: bool = True) -> Script:
        """Send `length` bytes in segments; the other side acknowledges every second segment and the last."""
        rest = length
        while rest > 0:
            sizes: list[int] = []
            while rest > 0 and len(sizes) < _BURST:
                sizes.append(min(rest, self.segment))
                rest -= sizes[-1]
            self._segments(outward, sizes, last=rest == 0, acknowledged=acknowledged or rest > 0)
        return self

    def exchange(self, up: int, down: int) -> Script:
        """Send a request; hear an answer, which acknowledges it; acknowledge the answer."""
        self.say(True, up, acknowledged=down == 0)
        return self.say(False, down) if down else self

    def tls(self, hello: int, certificate: int) -> Script:
        """Open a connection the way TLS does; lengths in bytes."""
        self.open()
        self.exchange(hello, certificate)
        return self.exchange(126, 51)

    def wait(self, seconds: float) -> Script:
        """Let time pass."""
        self.clock += seconds
        return self

    def close(self) -> Script:
        """End the connection from the device's side."""
        if self.tcp:
            self._step(True, FIN | ACK, 0)
            self._step(False, FIN | ACK, 0)
            self._step(True, ACK, 0)
        return self

    def steps(self) -> Steps:
        """Return what was written as arrays."""
        columns = list(zip(*self._rows, strict=True)) if self._rows else [()] * 6
        kinds = (bool, np.float64, np.uint16, np.int64, np.int64, np.int64)
        return Steps(*(np.array(values, kind) for values, kind in zip(columns, kinds, strict=True)))

    def _segments(self, outward: bool, sizes: list[int], *, last: bool, acknowledged: bool) -> None:
        if not self.tcp:
            for size in sizes:
                self._step(outward, 0, size)
            return
        heard, reported = self._next[outward], []
        for number, size in enumerate(sizes, 1):
            self._step(outward, ACK | (PUSH if last and number == len(sizes) else 0), size)
            heard += size
            if acknowledged and (number % 2 == 0 or number == len(sizes)):
                reported.append(heard)
        for end in reported:
            self._step(not outward, ACK, 0, heard=end)

    def _step(self, outward: bool, flags: int, length: int, heard: int | None = None) -> None:
        if outward != self._last_outward:
            self.clock += self.think if outward else self.round_trip
        elif self._rows:
            self.clock += 0.0004
        self._last_outward = outward
        acknowledgment = (self._next[not outward] if heard is None else heard) if flags & ACK else 0
        self._rows.append((outward, self.clock, flags, length, self._next[outward], acknowledgment))
        if self.tcp:
            self._next[outward] += length + bool(flags & (SYN | FIN))
