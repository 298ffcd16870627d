"""What every device does to be on a network: addresses, names, the time, being found."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from headwise.capture.simulated.house import Day, House, Unit
from headwise.capture.simulated.scene import ARP, ICMP, IGMP, MLD, SECOND, UDP, Packets, play, say
from headwise.capture.simulated.scripts import Script

BROADCAST = 0xFFFFFFFFFFFF
_MDNS4, _MDNS6, _SSDP4 = (
    (0x01005E0000FB, "224.0.0.251", 5353),
    (0x3333000000FB, "ff02::fb", 5353),
    (0x01005E7FFFFA, "239.255.255.250", 1900),
)


class Behaviour(Protocol):
    """One habit of a device. Its parameters are its fields."""

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return what the habit puts on the wire in one day."""


@dataclass(frozen=True)
class Neighbours:
    """Asks for the router's MAC now and then, and is asked for its own. `period` in seconds; `ipv6` asks the IPv6 way too."""

    period: float = 300
    ipv6: bool = False

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return ARP and neighbour discovery."""
        asked = day.every(self.period, 0.1)
        parts = _arp(house, unit, house.router, asked) + _arp(house, house.router, unit, day.every(self.period * 2.3, 0.2))
        if self.ipv6:
            parts += _neighbour_discovery(house, unit, house.router, day.every(self.period * 3, 0.2))
            parts += _neighbour_discovery(house, house.router, unit, day.every(self.period * 4, 0.2))
        return parts


def _arp(house: House, asker: Unit, asked: Unit, times: np.ndarray) -> list[Packets]:
    near, far = asker.party(house.book), asked.party(house.book)
    everyone = house.group(BROADCAST, asked.ip4)
    request = say(house.book, times, near, everyone, ARP, _arp_body(1, asker.mac, asker.ip4, 0, asked.ip4))
    reply = say(house.book, times + 1_500_000, far, near, ARP, _arp_body(2, asked.mac, asked.ip4, asker.mac, asker.ip4))
    return [request, reply]


def _arp_body(operation: int, sender: int, sender_ip: str, target: int, target_ip: str) -> bytes:
    addresses = [ipaddress.ip_address(ip).packed for ip in (sender_ip, target_ip)]
    head = b"\x00\x01\x08\x00\x06\x04" + operation.to_bytes(2, "big")
    return head + sender.to_bytes(6, "big") + addresses[0] + target.to_bytes(6, "big") + addresses[1]


def _neighbour_discovery(house: House, asker: Unit, asked: Unit, times: np.ndarray) -> list[Packets]:
    target = ipaddress.ip_address(asked.link_local).packed
    group = house.group(0x3333FF000000 | int.from_bytes(target[-3:], "big"), f"ff02::1:ff{target[-3]:02x}:{target[-2]:02x}{target[-1]:02x}")
    near, far = (u.party(house.book, 6, local=True, ttl=255) for u in (asker, asked))
    question = b"\x87\x00\x00\x00" + bytes(4) + target + b"\x01\x01" + asker.mac.to_bytes(6, "big")
    answer = b"\x88\x00\x00\x00" + b"\x60\x00\x00\x00" + target + b"\x02\x01" + asked.mac.to_bytes(6, "big")
    return [say(house.book, times, near, group, ICMP, question), say(house.book, times + 2_000_000, far, near, ICMP, answer)]


@dataclass(frozen=True)
class Lease:
    """Renews its IPv4 address. `period` in seconds, `length` of its request in bytes; `returns` times a day it leaves and comes back."""

    period: float = 21600
    length: int = 300
    returns: float = 0.3

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return DHCP: renewals by unicast, and a whole exchange by broadcast on coming back."""
        book = house.book
        near, server = unit.party(book, port=68), house.router.party(book, port=67)
        renewal = Script(0.004, tcp=False).exchange(self.length, 300).steps()
        parts = [play(book, renewal, day.every(self.period, 0.01), near, server, UDP, day.rng, port=68)]
        times = day.sometimes(self.returns, "awake")
        nowhere = Unit(unit.name, unit.mac, "0.0.0.0", unit.link_local, unit.ip6, unit.stack).party(book, port=68)
        everyone = house.group(BROADCAST, "255.255.255.255", 67)
        asking = Script(0.004, tcp=False).say(True, self.length).wait(0.4).say(True, self.length + 12).steps()
        parts.append(play(book, asking, times, nowhere, everyone, UDP, day.rng, port=68))
        answer = Script(0.004, tcp=False).say(True, 300).wait(0.4).say(True, 300).steps()
        parts.append(play(book, answer, times + 30_000_000, server, near, UDP, day.rng, port=67))
        announced = _arp_body(1, unit.mac, unit.ip4, 0, unit.ip4)
        parts.append(say(book, times + SECOND, near, house.group(BROADCAST, unit.ip4), ARP, announced))
        return parts


@dataclass(frozen=True)
class Lookups:
    """Asks the router for names. `names` are lengths of names in characters; `period` in seconds; `both` asks for IPv6 too."""

    names: tuple[int, ...]
    period: float = 900
    both: bool = False

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return DNS over UDP."""
        times = day.every(self.period, 0.05)
        which = day.rng.integers(0, len(self.names), len(times))
        return [ask(unit, house, day, times[which == i], length, both=self.both) for i, length in enumerate(self.names)]


def ask(unit: Unit, house: House, day: Day, times: np.ndarray, name: int, *, both: bool = False) -> Packets:
    """Look up a name of `name` characters at each of `times`."""
    script = Script(0.012, tcp=False).exchange(name + 18, name + 34 + name % 3 * 16)
    if both:
        script.exchange(name + 18, name + 46)
    far = house.router.party(house.book, port=53)
    return play(house.book, script.steps(), times, unit.party(house.book), far, UDP, day.rng)


@dataclass(frozen=True)
class ClockSync:
    """Asks `server` for the time every `period` seconds, `burst` times in a row; `fixed` asks from port 123."""

    server: str
    period: float
    burst: int = 1
    fixed: bool = True

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return NTP."""
        far, trip = house.server(self.server, 4, 123)
        script = Script(trip, tcp=False)
        for _ in range(self.burst):
            script.exchange(48, 48).wait(2)
        times = day.every(self.period, 0.01)
        looked = ask(unit, house, day, times[::8] - SECOND, len(self.server))
        port = 123 if self.fixed else None
        return [looked, play(house.book, script.steps(), times, unit.party(house.book), far, UDP, day.rng, port=port)]


@dataclass(frozen=True)
class Announce:
    """Tells or asks the whole home by multicast. `lengths` of its messages in bytes, `period` in seconds."""

    lengths: tuple[int, ...]
    period: float
    protocol: str = "mdns"
    ipv6: bool = False

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return mDNS or SSDP, and the group's membership report."""
        times, script = day.every(self.period, 0.1), Script(0.02, tcp=False)
        for length in self.lengths:
            script.say(True, length).wait(0.12)
        mdns = self.protocol == "mdns"
        groups = [_MDNS4, _MDNS6] if mdns and self.ipv6 else [_MDNS4] if mdns else [_SSDP4]
        parts = []
        for mac, address, port in groups:
            far = house.group(mac, address, port)
            near = unit.party(house.book, far.version, local=True, ttl=255 if mdns else 4)
            parts.append(play(house.book, script.steps(), times, near, far, UDP, day.rng, port=port if mdns else None))
        return parts + [_membership(unit, house, times[::4] - SECOND, address) for _, address, _ in groups]


def _membership(unit: Unit, house: House, times: np.ndarray, group: str) -> Packets:
    packed = ipaddress.ip_address(group).packed
    if len(packed) == 16:
        report = b"\x8f\x00\x00\x00\x00\x00\x00\x01" + b"\x04\x00\x00\x00" + packed
        near = unit.party(house.book, 6, local=True, ttl=1)
        return say(house.book, times, near, house.group(0x333300000016, "ff02::16"), MLD, report)
    report = b"\x16\x00\x00\x00" + packed
    low = int.from_bytes(packed, "big") & 0x7FFFFF
    return say(house.book, times, unit.party(house.book, ttl=1), house.group(0x01005E000000 | low, group), IGMP, report)


@dataclass(frozen=True)
class Advertise:
    """A router tells the home its IPv6 prefix every `period` seconds."""

    period: float = 600

    def packets(self, unit: Unit, house: House, day: Day) -> list[Packets]:
        """Return router advertisements."""
        prefix = ipaddress.ip_address(unit.ip6).packed[:8] + bytes(8)
        body = b"\x86\x00\x00\x00\x40\x00\x07\x08" + bytes(8)
        body += b"\x03\x04\x40\xc0" + (86400).to_bytes(4, "big") + (14400).to_bytes(4, "big") + bytes(4) + prefix
        body += b"\x01\x01" + unit.mac.to_bytes(6, "big")
        near, everyone = unit.party(house.book, 6, local=True, ttl=255), house.group(0x333300000001, "ff02::1")
        return [say(house.book, day.every(self.period, 0.1), near, everyone, ICMP, body)]
