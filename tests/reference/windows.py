"""Windows and their features, straight from the definitions in docs/windows.md: the plain twin of the window kernel."""

from __future__ import annotations

import bisect
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from headwise.windows.ports import PORT_CLASSES

SENT, RECEIVED = 0, 1
ROUTER, LOCAL, INTERNET, MULTICAST, BROADCAST = range(5)
FIN, SYN, RST, PSH, ACK, ECE, CWR = 1, 2, 4, 8, 16, 64, 128
NAN = math.nan
KINDS = ["none", "arp", "eapol", "icmp", "icmpv6", "igmp", "dhcp", "dns", "mdns", "ssdp", "ntp", "udp", "https", "http", "tcp", "other"]
AT_MOST = 192


@dataclass
class Packet:
    """What a device saw of one packet: a header row's values (None where absent), with the device, direction and peer."""

    device: int
    direction: int
    peer: int
    row: dict[str, object]
    whole: bool = True  # no header was cut or malformed

    def __getattr__(self, name: str):  # noqa: ANN204
        return self.row[name]

    @property
    def sent(self) -> bool:
        return self.direction == SENT

    @property
    def own_port(self) -> int | None:
        return self.source_port if self.sent else self.destination_port

    @property
    def remote_port(self) -> int | None:
        return self.destination_port if self.sent else self.source_port

    @property
    def remote(self) -> bytes | None:
        return self.destination_ip if self.sent else self.source_ip

    @property
    def is_arp(self) -> bool:
        return self.ip_version is None and (self.arp_operation is not None or self.ethertype == 0x0806)

    @property
    def is_tcp(self) -> bool:
        return self.protocol == 6 and self.source_port is not None

    @property
    def is_udp(self) -> bool:
        return self.protocol == 17 and self.source_port is not None

    @property
    def flags(self) -> int:
        return (self.tcp_flags or 0) if self.is_tcp else 0

    @property
    def payload(self) -> int:
        return (self.payload_length or 0) if self.source_port is not None else 0

    @property
    def size(self) -> int:
        if self.ip_length:
            return self.ip_length
        if self.arp_operation is not None or self.ethertype == 0x0806:
            return 28
        link = 14 if self.destination_mac is not None else 16 if self.source_mac is not None else 0
        return max(0, self.wire_length - link - (4 if self.vlan is not None else 0))

    @property
    def kind(self) -> str:
        if self.ip_version is None:
            return "arp" if self.is_arp else "eapol" if self.ethertype == 0x888E else "other"
        if self.is_tcp:
            return {443: "https", 80: "http"}.get(self.remote_port, "tcp")
        if self.is_udp:
            remote = port_class(self.remote_port)
            service = port_class(self.own_port) if remote in ("dynamic", "registered", "low") else remote
            return service if service in ("dns", "mdns", "ssdp", "dhcp", "ntp") else "udp"
        return {1: "icmp", 58: "icmpv6", 2: "igmp"}.get(self.protocol, "other") if self.source_port is None else "other"


@dataclass
class Window:
    """Packets of one device in one slice of time, in the order in which they came."""

    device: int
    start: int
    length: int  # ns; 0: as long as the capture
    packets: list[Packet]

    def of(self, direction: int) -> list[Packet]:
        return [p for p in self.packets if p.direction == direction]


def cut(packets: Iterable[Packet], length: int) -> tuple[list[Window], int]:
    """Return the windows of a stream of packets, and how many packets came too late."""
    windows: dict[int, list[Window]] = {}
    late = 0
    for packet in packets:
        start = packet.time // length * length if length else packet.time
        mine = windows.setdefault(packet.device, [])
        if mine and length and start < mine[-1].start:
            late += 1
        elif not mine or (length and start > mine[-1].start):
            mine.append(Window(packet.device, start, length, [packet]))
        else:
            mine[-1].packets.append(packet)
    return [w for mine in windows.values() for w in mine if w.of(SENT)], late


def sequence(window: Window, length: int) -> list[list[float]]:
    """Return the first packets: size, direction, log gap, kind; zeros behind them."""
    rows, last = [], None
    for packet in window.packets[:length]:
        gap = 0 if last is None else max(0, packet.time - last)
        last = packet.time if last is None else max(last, packet.time)
        rows.append([packet.size, 1 if packet.sent else -1, math.log10(1 + gap / 1000), KINDS.index(packet.kind)])
    return rows + [[0, 0, 0, 0]] * (length - len(rows))


# Ports

CLASSES = PORT_CLASSES  # the one table of ports, which the core is handed as well


def port_class(port: int) -> str:
    """Return the class of a port: the last that names it."""
    return next(name for name in reversed(CLASSES) if any(port in ports for ports in CLASSES[name]))


# Statistics


def share(part: float, whole: float) -> float:
    return part / whole if whole else NAN


def quantile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that at least `percent` % of the values do not exceed."""
    return sorted(values)[-(-len(values) * percent // 100) - 1] if values else NAN


def most_common(values: Iterable[float], place: int = 0) -> tuple[float, int]:
    """Return the value in this place by commonness, and its count; of equals the lower comes first."""
    ranked = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
    return ranked[place] if place < len(ranked) else (NAN, 0)


def deviation(values: Sequence[float]) -> float:
    return math.sqrt(max(0.0, mean(v * v for v in values) - mean(values) ** 2)) if values else NAN


def first(values: Sequence[float]) -> float:
    return values[0] if values else NAN


def smallest(values: Sequence[float]) -> float:
    return min(values) if values else NAN


def largest(values: Sequence[float]) -> float:
    return max(values) if values else NAN


def average(values: Sequence[float]) -> float:
    return mean(values) if values else NAN


def in_size_steps(size: int) -> int:
    """Return a size rounded down to its step: 1 byte below 1,536, 256 above, and one step from 65,280."""
    return size if size < 1536 else min(1536 + (size - 1536) // 256 * 256, 1536 + 249 * 256)


def in_time_steps(gap: int) -> float:
    """Return a time rounded down to its step, in seconds: 65.536 us, and from 16 of them 16 steps an octave."""
    units = max(0, gap) >> 16
    while_octave = max(0, units.bit_length() - 5)
    units = units >> while_octave << while_octave
    return min(units, 31 << 27) * 65536 * 1e-9


def gaps(times: Sequence[int]) -> list[int]:
    return [max(0, b - a) for a, b in zip(times, times[1:], strict=False)]


# Features by group


def features(window: Window) -> dict[str, float]:
    """Return every feature of a window by name."""
    found: dict[str, float] = {}
    for group in GROUPS:
        found.update(group(window))
    return found


def traffic(window: Window) -> dict[str, float]:
    found: dict[str, float] = {}
    for way, name in enumerate(("sent", "received")):
        mine = window.of(way)
        found[f"packets_{name}"], found[f"bytes_{name}"] = len(mine), sum(p.size for p in mine)
        for peer, peer_name in enumerate(("router", "local", "internet", "multicast", "broadcast")):
            if way == RECEIVED and peer >= MULTICAST:
                continue
            found[f"peer_{peer_name}_packets_{name}"] = share(sum(p.peer == peer for p in mine), len(mine))
            found[f"peer_{peer_name}_bytes_{name}"] = share(sum(p.size for p in mine if p.peer == peer), sum(p.size for p in mine))
    for what in ("packets", "bytes"):
        found[f"{what}_share_sent"] = share(found[f"{what}_sent"], found[f"{what}_sent"] + found[f"{what}_received"])
    return found


def sizes(window: Window) -> dict[str, float]:
    found: dict[str, float] = {}
    for way, name in enumerate(("sent", "received")):
        exact = [p.size for p in window.of(way)]
        steps = [in_size_steps(s) for s in exact]
        found |= {f"size_min_{name}": smallest(exact), f"size_mean_{name}": average(exact), f"size_max_{name}": largest(exact)}
        found |= {f"size_q{q}_{name}": quantile(steps, q) for q in (10, 25, 50, 75, 90)}
        found[f"size_std_{name}"] = deviation(exact)
        found[f"size_distinct_{name}"] = len(set(steps)) if steps else NAN
        for place, mode in enumerate(("mode", "mode2")):
            value, count = most_common(steps, place)
            found |= {f"size_{mode}_{name}": value, f"size_{mode}_share_{name}": share(count, len(steps))}
        carried = [p.payload for p in window.of(way) if p.payload]
        steps = [in_size_steps(s) for s in carried]
        value, count = most_common(steps)
        found[f"payload_packets_{name}"] = share(len(carried), len(exact))
        found |= {f"payload_mean_{name}": average(carried), f"payload_max_{name}": largest(carried), f"payload_q50_{name}": quantile(steps, 50)}
        found |= {f"payload_mode_{name}": value, f"payload_mode_share_{name}": share(count, len(carried))}
        found[f"payload_distinct_{name}"] = len(set(steps)) if steps else NAN
    return found


def gap_statistics(window: Window) -> dict[str, float]:
    found: dict[str, float] = {}
    for way, name in enumerate(("sent", "received")):
        between = gaps([p.time for p in window.of(way)])
        seconds, steps = [g * 1e-9 for g in between], [in_time_steps(g) for g in between]
        found |= {f"gap_mean_{name}": average(seconds), f"gap_std_{name}": deviation(seconds)}
        found |= {f"gap_q{q}_{name}": quantile(steps, q) for q in (10, 25, 50, 75, 90)}
        value, count = most_common(steps)
        found |= {f"gap_mode_{name}": value, f"gap_mode_share_{name}": share(count, len(steps))}
    return found


def protocols(window: Window) -> dict[str, float]:
    tests: dict[str, Callable[[Packet], bool]] = {
        "tcp": lambda p: p.is_tcp,
        "udp": lambda p: p.is_udp,
        "arp": lambda p: p.kind == "arp",
        "eapol": lambda p: p.kind == "eapol",
        "icmp": lambda p: p.kind == "icmp",
        "icmpv6": lambda p: p.kind == "icmpv6",
        "igmp": lambda p: p.kind == "igmp",
        "other": lambda p: p.kind == "other",
        "ipv4": lambda p: p.ip_version is not None and p.ip_version != 6,
        "ipv6": lambda p: p.ip_version == 6,
        "fragments": lambda p: bool(p.fragment_offset or p.more_fragments),
    }
    control: dict[str, Callable[[Packet], bool]] = {
        "arp_requests": lambda p: p.arp_operation == 1,
        "arp_replies": lambda p: p.arp_operation == 2,
        "arp_own": lambda p: p.arp_operation is not None and p.source_ip is not None and p.source_ip == p.destination_ip,
        "echo_requests": lambda p: p.arp_operation is None and (p.kind, p.icmp_type) in (("icmp", 8), ("icmpv6", 128)),
        "unreachables": lambda p: p.arp_operation is None and (p.kind, p.icmp_type) in (("icmp", 3), ("icmpv6", 1)),
    }
    found: dict[str, float] = {}
    for way, name in enumerate(("sent", "received")):
        mine = window.of(way)
        found |= {f"{test}_{name}": share(sum(map(holds, mine)), len(mine)) for test, holds in tests.items()}
    sent = window.of(SENT)
    return found | {f"{test}_sent": share(sum(map(holds, sent)), len(sent)) for test, holds in control.items()}


def ports(window: Window) -> dict[str, float]:
    sent = window.of(SENT)
    with_ports = [p for p in sent if p.source_port is not None]
    remote = Counter(port_class(p.remote_port) for p in with_ports)
    own = Counter(port_class(p.own_port) for p in with_ports if p.is_udp)
    found = {f"to_{name}_sent": share(remote[name], len(sent)) for name in CLASSES}
    names = "low dns mdns ssdp dhcp ntp coap tuya kasa lifx netbios stun ws_discovery".split()
    found |= {f"from_{name}_sent": share(own[name], len(sent)) for name in names}
    accepted = Counter(port_class(p.own_port) for p in sent if p.is_tcp and p.flags & (SYN | ACK) == SYN | ACK)
    accepts = {"http": ("http", "https", "web"), "upnp": ("upnp",), "kasa": ("kasa",), "low": ("low", "shell", "netbios", "rtsp")}
    found |= {f"accepts_{name}_sent": sum(accepted[c] for c in classes) for name, classes in accepts.items()}
    found["accepts_sent"] = accepted.total()
    opened = [port_class(c.syn.remote_port) for c in connections_of(window)]
    connects = {"https": ("https",), "http": ("http", "web"), "mqtts": ("mqtts",), "mqtt": ("mqtt",), "high": ("registered", "dynamic")}
    found |= {f"connects_{name}_sent": share(sum(c in classes for c in opened), len(opened)) for name, classes in connects.items()}
    known = remotes_of(window)
    found["remotes_sent"] = len(known)
    found["remotes_internet_sent"] = share(sum(packets[0].peer == INTERNET for packets in known.values()), len(known))
    found["remote_ports_sent"] = min(AT_MOST, len({p.remote_port for p in with_ports} - {0}))
    found["own_ports_sent"] = min(AT_MOST, len({p.own_port for p in with_ports} - {0}))
    return found


def remotes_of(window: Window) -> dict[bytes, list[Packet]]:
    """Return the packets sent to each single receiver, of the first 192 receivers."""
    found: dict[bytes, list[Packet]] = {}
    for p in window.of(SENT):
        if p.peer < MULTICAST and p.ip_version is not None and p.destination_ip is not None:
            if p.destination_ip in found or len(found) < AT_MOST:
                found.setdefault(p.destination_ip, []).append(p)
    return found


def tcp(window: Window) -> dict[str, float]:
    found: dict[str, float] = {}
    flags: dict[str, Callable[[Packet], bool]] = {
        "syn": lambda p: p.flags & (SYN | ACK) == SYN,
        "syn_ack": lambda p: p.flags & (SYN | ACK) == SYN | ACK,
        "fin": lambda p: bool(p.flags & FIN),
        "rst": lambda p: bool(p.flags & RST),
        "psh": lambda p: bool(p.flags & PSH),
        "bare_ack": lambda p: p.flags & (FIN | SYN | RST | ACK) == ACK and p.payload == 0,
    }
    for way, name in enumerate(("sent", "received")):
        mine = [p for p in window.of(way) if p.is_tcp]
        found |= {f"tcp_{flag}_{name}": share(sum(map(holds, mine)), len(mine)) for flag, holds in flags.items()}
        windows = [p.tcp_window for p in mine if not p.flags & (SYN | RST) and p.tcp_window is not None]
        found |= {f"tcp_window_min_{name}": smallest(windows), f"tcp_window_mean_{name}": average(windows)}
        found[f"tcp_window_max_{name}"] = largest(windows)
        if way == SENT:
            found["tcp_window_zero_sent"] = share(windows.count(0), len(windows))
    whole = [p for p in window.of(SENT) if p.is_tcp and p.whole]
    found["tcp_timestamps_sent"] = share(sum(8 in kinds_of(p) for p in whole), len(whole))
    return found


def kinds_of(packet: Packet) -> list[int]:
    """Return the kinds of TCP options in order."""
    packed, kinds = packet.tcp_options or 0, []
    while packed:
        kinds.append(packed & 15)
        packed >>= 4
    return kinds


def stack(window: Window) -> dict[str, float]:
    sent = window.of(SENT)
    one = [p.ttl for p in sent if p.ttl is not None and p.peer < MULTICAST]
    many = [p.ttl for p in sent if p.ttl is not None and p.peer >= MULTICAST]
    dscp = [p.dscp for p in sent if p.dscp is not None]
    ip = sum(p.ip_version is not None for p in sent)
    mode = most_common(one)[0]
    initial = [32, 64, 128, 255]
    return {
        "ttl_mode_sent": mode,
        "ttl_initial_sent": initial[bisect.bisect_left(initial, mode)] if one else NAN,
        "ttl_min_sent": smallest(one),
        "ttl_max_sent": largest(one),
        "ttl_group_min_sent": smallest(many),
        "ttl_group_max_sent": largest(many),
        "dscp_max_sent": max(dscp, default=0) if ip else NAN,
        "dscp_marked_sent": share(sum(d != 0 for d in dscp), ip),
    }


def handshakes(window: Window) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, wanted in (("syn", SYN), ("syn_ack", SYN | ACK)):
        mine = [p for p in window.of(SENT) if p.is_tcp and p.flags & (SYN | ACK) == wanted]
        windows = [p.tcp_window or 0 for p in mine]
        found |= {f"{name}_size_sent": first([p.size for p in mine]), f"{name}_window_sent": first(windows)}
        found |= {f"{name}_window_mean_sent": average(windows), f"{name}_window_max_sent": largest(windows)}
        found[f"{name}_congestion_sent"] = share(sum(bool(p.flags & (ECE | CWR)) for p in mine), len(mine))
        found[f"{name}_mss_sent"] = first([p.tcp_mss for p in mine if p.tcp_mss is not None])
        whole = [p for p in mine if p.whole][:1]
        kinds = kinds_of(whole[0]) if whole else []
        found[f"{name}_scale_sent"] = first([p.tcp_window_scale for p in whole if p.tcp_window_scale is not None])
        found[f"{name}_options_sent"] = len(kinds) if whole else NAN
        found[f"{name}_padding_sent"] = kinds.count(1) if whole else NAN
        for option, kind in {"mss": 2, "scale": 3, "sack": 4, "timestamps": 8}.items():
            found[f"{name}_{option}_position_sent"] = NAN if not whole else kinds.index(kind) + 1 if kind in kinds else 0
    return found


@dataclass
class Connection:
    """A connection that the device opened, with what was seen on it from its SYN on."""

    syn: Packet
    packets: list[Packet]

    def payload(self, direction: int) -> Packet | None:
        """Return the first packet with payload: of what answers or resets a connection, the payload is not looked at."""
        return next((p for p in self.packets if p.direction == direction and p.payload and not _answers(p)), None)


def _answers(p: Packet) -> bool:
    return p.direction == RECEIVED and bool(p.flags & (SYN | ACK) == SYN | ACK or p.flags & RST)


def connections_of(window: Window) -> list[Connection]:
    """Return the first 192 connections of the window, by their first SYN."""
    found: dict[tuple[object, ...], Connection] = {}
    for p in window.packets:
        if not p.is_tcp or p.remote is None:
            continue
        key = (p.remote, p.remote_port, p.own_port)
        if p.sent and p.flags & (SYN | ACK) == SYN:
            if key not in found and len(found) < AT_MOST:
                found[key] = Connection(p, [])
        elif key in found and p.source_ip is not None:
            found[key].packets.append(p)
    return list(found.values())


def connections(window: Window) -> dict[str, float]:
    opened = connections_of(window)
    answered = refused = 0
    for connection in opened:
        replies = [p for p in connection.packets if _answers(p)]
        answers = [p.flags & (SYN | ACK) == SYN | ACK for p in replies]
        answered += any(answers)
        refused += bool(answers) and not answers[0]
    syns = sum(p.is_tcp and p.flags & (SYN | ACK) == SYN for p in window.of(SENT))
    between = [in_time_steps(g) for g in gaps([c.syn.time for c in opened])]
    found = {
        "connections_sent": len(opened),
        "connections_unanswered_sent": share(len(opened) - answered, len(opened)),
        "connections_refused_sent": share(refused, len(opened)),
        "connections_syns_sent": share(syns, len(opened)),
        "connection_period_sent": quantile(between, 50),
        "connection_mode_sent": most_common(between)[0],
    }
    for way, name in enumerate(("sent", "received")):
        hellos = sorted((p for c in opened if (p := c.payload(way))), key=lambda p: window.packets.index(p))
        lengths = [p.payload for p in hellos]
        found |= {f"hello_first_{name}": first(lengths), f"hello_min_{name}": smallest(lengths)}
        found |= {f"hello_mean_{name}": average(lengths), f"hello_max_{name}": largest(lengths)}
        if way == SENT:
            clipped = [min(n, 2047) for n in lengths]
            found["hello_distinct_sent"] = len(set(clipped)) if clipped else NAN
            found["hello_mode_sent"] = most_common(clipped)[0]
    return found


def messages(window: Window) -> dict[str, float]:
    of: dict[str, Callable[[Packet], bool]] = {
        "dns_sent": lambda p: p.sent and p.kind == "dns" and port_class(p.remote_port) == "dns",
        "dns_received": lambda p: not p.sent and p.kind == "dns" and port_class(p.remote_port) == "dns",
        "ntp_sent": lambda p: p.sent and p.kind == "ntp" and port_class(p.remote_port) == "ntp",
        "ntp_received": lambda p: not p.sent and p.kind == "ntp" and port_class(p.remote_port) == "ntp",
        "dhcp_sent": lambda p: p.sent and p.kind == "dhcp",
        "mdns_sent": lambda p: p.sent and p.kind == "mdns",
        "ssdp_sent": lambda p: p.sent and p.kind == "ssdp",
        "broadcast_sent": lambda p: p.sent and p.is_udp and p.kind == "udp" and p.peer == BROADCAST,
    }
    wanted = {
        "dns_sent": "count first min mean max distinct mode mode_share",
        "dns_received": "count min mean max distinct",
        "ntp_sent": "count mean",
        "ntp_received": "count mean",
        "dhcp_sent": "count first mean max",
        "mdns_sent": "count first min mean max distinct",
        "ssdp_sent": "count first min mean max distinct",
        "broadcast_sent": "count first mean max distinct",
    }
    found: dict[str, float] = {}
    for message, holds in of.items():
        lengths = [p.payload for p in window.packets if p.is_udp and holds(p)]
        mode, count = most_common(min(n, 511) for n in lengths)
        values = {
            "count": len(lengths),
            "first": first(lengths),
            "min": smallest(lengths),
            "mean": average(lengths),
            "max": largest(lengths),
            "distinct": len({min(n, 2047) for n in lengths}) if lengths else NAN,
            "mode": mode,
            "mode_share": share(count, len(lengths)),
        }
        protocol, way = message.split("_")
        found |= {f"{protocol}_{name}_{way}": values[name] for name in wanted[message].split()}
        if message == "dns_sent":
            found |= {f"dns_length{i + 1}_sent": lengths[i] if i < len(lengths) else NAN for i in range(4)}
    return found


def rhythm(window: Window) -> dict[str, float]:
    bursts: list[list[Packet]] = []
    latest = 0
    for p in window.packets:
        if not bursts or p.time - latest > 10**9:
            bursts.append([])
            latest = p.time
        bursts[-1].append(p)
        latest = max(latest, p.time)
    durations = [(max(p.time for p in b) - b[0].time) * 1e-9 for b in bursts]
    found = {
        "bursts": len(bursts),
        "burst_packets_mean": average([len(b) for b in bursts]),
        "burst_packets_max": largest([len(b) for b in bursts]),
        "burst_bytes_mean": average([sum(p.size for p in b) for b in bursts]),
        "burst_bytes_max": largest([sum(p.size for p in b) for b in bursts]),
        "burst_seconds_mean": average(durations),
        "burst_seconds_max": largest(durations),
    }
    found |= period("burst_{}", [in_time_steps(g) for g in gaps([b[0].time for b in bursts])])
    found |= period("contact_{}_sent", [in_time_steps(g) for packets in remotes_of(window).values() for g in contacts(packets)])
    requests = [p.time for p in window.of(SENT) if p.is_udp and p.kind == "ntp" and port_class(p.remote_port) == "ntp"]
    return found | {"ntp_period_sent": quantile([in_time_steps(g) for g in gaps(requests)], 50)}


def contacts(packets: Sequence[Packet]) -> list[int]:
    """Return the times between the starts of contacts with one remote, which a silence of over a second parts."""
    starts, latest = [packets[0].time], packets[0].time
    for p in packets[1:]:
        if p.time - latest > 10**9:
            starts.append(p.time)
        latest = max(latest, p.time)
    return gaps(starts)


def period(name: str, steps: Sequence[float]) -> dict[str, float]:
    value, count = most_common(steps)
    return {
        name.format("period"): quantile(steps, 50),
        name.format("spread"): share(quantile(steps, 75) - quantile(steps, 25), quantile(steps, 50)) if steps else NAN,
        name.format("mode"): value,
        name.format("mode_share"): share(count, len(steps)),
    }


def activity(window: Window) -> dict[str, float]:
    times = [p.time for p in window.packets]
    tenths = {(t - window.start) * 10 // window.length for t in times} if window.length else set()
    sent = window.of(SENT)
    kind = {"https": "tcp", "http": "tcp"}.get(sent[0].kind, sent[0].kind)
    found = {"active_tenths": len(tenths) or NAN, "span": (max(times) - times[0]) * 1e-9}
    found |= {f"first_{k}_sent": float(kind == k) for k in "arp eapol igmp icmpv6 dhcp dns mdns ssdp ntp tcp".split()}
    events: dict[str, Callable[[Packet], bool]] = {
        "connection": lambda p: p.is_tcp and p.flags & (SYN | ACK) == SYN,
        "router_solicitation": lambda p: p.kind == "icmpv6" and p.icmp_type == 133,
    }
    for name in "arp dhcp dns mdns ssdp ntp igmp eapol".split():
        events[name] = lambda p, name=name: p.kind == name
    seen = [event for p in sent for event, holds in events.items() if holds(p)]
    order = list(dict.fromkeys(seen))
    return found | {f"rank_{event}_sent": order.index(event) + 1 if event in order else NAN for event in events}


GROUPS = (traffic, sizes, gap_statistics, protocols, ports, tcp, stack, handshakes, connections, messages, rhythm, activity)
