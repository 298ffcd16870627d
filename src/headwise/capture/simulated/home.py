"""A simulated home: its inhabitants, and what a capture at its router sees of each day."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from headwise.capture.simulated.chores import Advertise, ClockSync, Neighbours
from headwise.capture.simulated.house import DAY, ROUTER_UNIT, Day, House, Unit, global_address, link_local
from headwise.capture.simulated.products import COMPUTER, PHONE, PRODUCTS, Product
from headwise.capture.simulated.scene import Book, Packets, join, take

MOST_DEVICES = 5000
_ROUTER = Product("router", "router", 0, ROUTER_UNIT.stack, (Advertise(), Neighbours(900), ClockSync("3.clock.example", 1024)))


@dataclass(frozen=True)
class Inhabitant:
    """A unit of a product, with its chance's number."""

    unit: Unit
    product: Product
    index: int


@dataclass(frozen=True)
class Recorded:
    """One day: its packets in order of time, and what people did, ``(start ns, end ns, unit, action)``."""

    start: int
    packets: Packets
    actions: list[tuple[int, int, str, str]]


class Home:
    """A home of `devices` units, a router, a phone and a laptop.

    The same arguments give the same packets. A unit's traffic does not depend on how many days are asked for.

    Parameters
    ----------
    devices : int
        Units of the invented products, in the order of `PRODUCTS` and round again; the phone, the laptop and the router come on top.
    start : int
        First instant, ns since 1970, a UTC midnight.
    seed : int
        Chance.
    """

    def __init__(self, devices: int, start: int, seed: int) -> None:
        self.start, self.seed = start, seed
        products = [PRODUCTS[index % len(PRODUCTS)] for index in range(devices)] + [PHONE, COMPUTER]
        self.inhabitants = [self._settle(product, index, devices) for index, product in enumerate(products)]
        self.inhabitants.append(Inhabitant(ROUTER_UNIT, _ROUTER, len(products)))
        self.house = House(Book(), ROUTER_UNIT, [inhabitant.unit for inhabitant in self.inhabitants[:-1]])

    def days(self, count: int) -> Iterator[Recorded]:
        """Yield the home's first `count` days."""
        waiting = self._begun_on(-1)[0]
        for number in range(count):
            packets, actions = self._begun_on(number)
            packets = join([waiting, packets])
            packets = take(packets, np.argsort(packets["time"], kind="stable"))
            first, end = np.searchsorted(packets["time"], [self.start + number * DAY, self.start + (number + 1) * DAY])
            waiting = take(packets, np.arange(end, len(packets["time"])))
            today = take(packets, np.arange(first, end))
            today["identification"] = self._identifications(today, number)
            yield Recorded(self.start + number * DAY, today, actions)

    def _settle(self, product: Product, index: int, devices: int) -> Inhabitant:
        rng = np.random.default_rng([self.seed, 1, index])
        oui = product.oui or int(rng.integers(0, 1 << 24)) & 0xFCFFFF | 0x020000
        mac = oui << 24 | index << 10 & 0xFFFC00 | int(rng.integers(0, 1024))
        turn = index // len(PRODUCTS) + 1 if index < devices else 1
        name = f"{product.name}-{turn}" if turn > 1 else product.name
        ip4 = f"192.168.{index // 200}.{index % 200 + 20}"
        return Inhabitant(Unit(name, mac, ip4, link_local(mac), global_address(mac), product.stack), product, index)

    def _begun_on(self, number: int) -> tuple[Packets, list[tuple[int, int, str, str]]]:
        """Return what begins on a day; the ends of it may lie in the next one."""
        parts, actions = [], []
        for inhabitant in self.inhabitants:
            phase = float(np.random.default_rng([self.seed, 2, inhabitant.index]).random())
            rng = np.random.default_rng([self.seed, 3, inhabitant.index, number + 1])
            day = Day(self.start + number * DAY, rng, phase)
            for habit in inhabitant.product.habits:
                parts += habit.packets(inhabitant.unit, self.house, day)
            actions += [(first, last, inhabitant.unit.name, action) for first, last, action in day.actions]
        return join(parts), sorted(actions)

    def _identifications(self, packets: Packets, number: int) -> np.ndarray:
        """Return IP identifications that count up by sender, and zero where a sender's stack leaves them out."""
        order = np.argsort(packets["source"], kind="stable")
        source = packets["source"][order]
        first = np.flatnonzero(np.diff(source, prepend=-1))
        counted = np.arange(len(source)) - np.repeat(first, np.diff(np.append(first, len(source))))
        begun = np.array([zlib.crc32(address + number.to_bytes(4, "big")) for address in self.house.book.addresses] or [0])
        identification = np.zeros(len(source), np.uint16)
        identification[order] = (begun[source] + counted) & 0xFFFF
        return np.where(packets["counts"] != 0, identification, 0).astype(np.uint16)
