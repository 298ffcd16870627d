"""What devices do for their owners: staying connected, reporting, streaming, talking with each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headwise.capture.simulated.chores import BROADCAST, ask
from headwise.capture.simulated.house import DAY, Day, House, Unit
from headwise.capture.simulated.scene import ICMP, SECOND, TCP, UDP, Packets, play, say
from headwise.capture.simulated.scripts import Script


def _segment(unit: Unit, version: int) -> int:
    """Return the bytes a TCP segment of `unit` carries: the option for time stamps and the longer IPv6 header take their share."""
    return min(unit.stack.mss, 1460) - len(unit.stack.later_options()) - (20 if version == 6 else 0)


@dataclass(frozen=True)
class CloudSession:
    """Keeps a connection to `server` open and proves every `period` seconds that it lives.

    `up` and `down` are bytes of a beat, `jitter` its share of the period, `hours` the life of a connection; `hello` and
    `certificate` bytes of its TLS handshake (0: plain).
    """

    server: str
    port: int = 8883
    period: float = 60
    jitter: float = 0.01
    up: int = 33
    down: int = 33
    hours: float = 6
    hello: int = 229
    certificate: int = 3100
    version: int = 4

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return the connections that begin on the day, to their ends."""
        far, trip = house.server(self.server, self.version, self.port)
        near, parts = unit.party(house.book, self.version), []
        # The next one begins as this one ends, so that the device is never without.
        for start in day.every(self.hours * 3600, 0):
            script = Script(trip, segment=_segment(unit, self.version))
            _ = script.tls(self.hello, self.certificate) if self.hello else script.open()
            for wait in self.period * (1 + self.jitter * day.rng.normal(0, 1, int(self.hours * 3600 / self.period)).clip(-3, 3)):
                script.wait(wait).exchange(self.up, self.down)
            parts.append(play(house.book, script.close().steps(), np.array([start]), near, far, TCP, day.rng))
            parts.append(ask(unit, house, day, np.array([start - SECOND]), len(self.server), both=self.version == 6))
        return parts


@dataclass(frozen=True)
class Report:
    """Opens a connection, sends `up` bytes, hears `down`, closes: every `period` seconds, or `per_day` times by a rhythm."""

    server: str
    up: int
    down: int
    period: float = 0
    per_day: float = 0
    rhythm: str = "steady"
    port: int = 443
    hello: int = 517
    certificate: int = 4200
    version: int = 4
    jitter: float = 0.05
    action: str = ""

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return name lookups and connections."""
        times = day.every(self.period, self.jitter) if self.period else day.sometimes(self.per_day, self.rhythm)
        far, trip = house.server(self.server, self.version, self.port)
        script = Script(trip, segment=_segment(unit, self.version))
        _ = script.tls(self.hello, self.certificate) if self.hello else script.open()
        steps = script.exchange(self.up, self.down).close().steps()
        if self.action:
            day.actions += [(int(t) - SECOND, int(t + steps.delay[-1] * SECOND), self.action) for t in times]
        looked = ask(unit, house, day, times - SECOND // 20, len(self.server), both=self.version == 6)
        return [looked, play(house.book, steps, times, unit.party(house.book, self.version), far, TCP, day.rng)]


@dataclass(frozen=True)
class Stream:
    """Plays or records: `per_day` times by a rhythm, about `seconds` long, packets of `size` bytes `gap` seconds apart."""

    server: str
    per_day: float
    seconds: float
    gap: float
    size: int
    outward: bool = True
    rhythm: str = "evening"
    port: int = 443
    udp: bool = False
    action: str = "use"

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return one connection or flow of datagrams a use."""
        far, trip = house.server(self.server, 4, self.port)
        near, parts = unit.party(house.book), []
        for start in day.sometimes(self.per_day, self.rhythm):
            seconds = self.seconds * day.rng.lognormal(0, 0.5)
            script = Script(trip, segment=_segment(unit, 4), tcp=not self.udp)
            script.exchange(120, 80) if self.udp else script.tls(517, 3900)
            for wait in self.gap * day.rng.uniform(0.7, 1.3, max(1, int(seconds / self.gap))):
                script.wait(wait).say(self.outward, self.size)
            kind = UDP if self.udp else TCP
            steps = script.close().steps()
            parts.append(play(house.book, steps, np.array([start]), near, far, kind, day.rng))
            parts.append(ask(unit, house, day, np.array([start - SECOND // 10]), len(self.server)))
            day.actions.append((int(start), int(start + steps.delay[-1] * SECOND), self.action))
        return parts


@dataclass(frozen=True)
class Beacon:
    """Sends a datagram of `up` bytes every `period` seconds to `server` (answer: `down` bytes), or to the whole home."""

    port: int
    period: float
    up: int
    down: int = 0
    server: str = ""

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return datagrams."""
        far, trip = house.server(self.server, 4, self.port) if self.server else (house.group(BROADCAST, "255.255.255.255", self.port), 0.01)
        steps = Script(trip, tcp=False).exchange(self.up, self.down if self.server else 0).steps()
        return [play(house.book, steps, day.every(self.period), unit.party(house.book), far, UDP, day.rng, port=self.port)]


@dataclass(frozen=True)
class AskNeighbour:
    """Asks another unit of the home every `period` seconds: the first whose name starts with `neighbour`, where there is one."""

    neighbour: str
    port: int
    period: float
    up: int
    down: int
    udp: bool = False

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return conversations inside the home."""
        others = [other for other in house.units if other.name.startswith(self.neighbour) and other is not unit]
        if not others:
            return []
        script = Script(0.004, segment=min(_segment(unit, 4), _segment(others[0], 4)), tcp=not self.udp)
        steps = script.open().exchange(self.up, self.down).close().steps()
        far = others[0].party(house.book, port=self.port)
        kind = UDP if self.udp else TCP
        return [play(house.book, steps, day.every(self.period), unit.party(house.book), far, kind, day.rng)]


@dataclass(frozen=True)
class Ping:
    """Sends an echo request of `length` bytes to `server`, or to the router, every `period` seconds."""

    period: float
    length: int = 56
    server: str = ""

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return ICMP echoes and their answers."""
        far, trip = house.server(self.server, 4, 0) if self.server else (house.router.party(house.book), 0.003)
        near, times = unit.party(house.book), day.every(self.period)
        answered = times + int(trip * SECOND)
        question, answer = bytes([8, 0, 0, 0, 0, 1, 0, 1]), bytes([0, 0, 0, 0, 0, 1, 0, 1])
        return [
            say(house.book, times, near, far, ICMP, question, self.length),
            say(house.book, answered, far, near, ICMP, answer, self.length),
        ]


@dataclass(frozen=True)
class Browse:
    """Surfs: sessions of pages from many servers, as a person with a phone or a computer does."""

    sessions: float
    rhythm: str
    pages: int = 12
    servers: int = 40

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return name lookups and connections of varied length."""
        parts = []
        for start in day.sometimes(self.sessions, self.rhythm):
            times = start + np.sort(day.rng.uniform(0, 600, self.pages) * 1e9).astype(np.int64)
            for time in times[times < day.start + DAY]:
                name = f"site-{day.rng.integers(0, self.servers)}.example"
                version = 6 if day.rng.random() < 0.4 else 4
                far, trip = house.server(name, version, 443)
                script = Script(trip, segment=_segment(unit, version)).tls(517, 4500)
                script.exchange(int(day.rng.integers(300, 900)), int(day.rng.lognormal(9.5, 1))).close()
                parts.append(ask(unit, house, day, np.array([time - SECOND // 20]), len(name), both=True))
                parts.append(play(house.book, script.steps(), np.array([time]), unit.party(house.book, version), far, TCP, day.rng))
        return parts
