"""Features of messages, rhythm and activity, from their definitions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.reference.window_packets import remotes_of
from tests.reference.window_statistics import NAN, average, first, gaps, in_time_steps, largest, most_common, quantile, share, smallest
from tests.reference.windows import ACK, BROADCAST, SENT, SYN, Packet, Window, port_class


def messages(window: Window) -> dict[str, float]:
    """Return the group messages."""
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
        "dns_sent": "count first min mean max distinct q50 mode mode_share mode2",
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
        clipped = [min(n, 511) for n in lengths]
        mode, count = most_common(clipped)
        values = {
            "count": len(lengths),
            "first": first(lengths),
            "min": smallest(lengths),
            "mean": average(lengths),
            "max": largest(lengths),
            "distinct": len({min(n, 2047) for n in lengths}) if lengths else NAN,
            "q50": quantile(clipped, 50),
            "mode": mode,
            "mode2": most_common(clipped, 1)[0],
            "mode_share": share(count, len(lengths)),
        }
        protocol, way = message.split("_")
        found |= {f"{protocol}_{name}_{way}": values[name] for name in wanted[message].split()}
        if message == "dns_sent":
            found |= {f"dns_length{i + 1}_sent": lengths[i] if i < len(lengths) else NAN for i in range(4)}
    return found


def rhythm(window: Window) -> dict[str, float]:
    """Return the group rhythm."""
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
    """Return the features of times between events."""
    value, count = most_common(steps)
    return {
        name.format("period"): quantile(steps, 50),
        name.format("spread"): share(quantile(steps, 75) - quantile(steps, 25), quantile(steps, 50)) if steps else NAN,
        name.format("mode"): value,
        name.format("mode_share"): share(count, len(steps)),
    }


def activity(window: Window) -> dict[str, float]:
    """Return the group activity."""
    times = [p.time for p in window.packets]
    tenths = {(t - window.start) * 10 // window.length for t in times} if window.length else set()
    sent = window.of(SENT)
    kind = {"https": "tcp", "http": "tcp"}.get(sent[0].kind, sent[0].kind)
    found = {"active_tenths": len(tenths) or NAN, "span": (max(times) - times[0]) * 1e-9}
    found |= {f"first_{k}_sent": float(kind == k) for k in ["arp", "eapol", "igmp", "icmpv6", "dhcp", "dns", "mdns", "ssdp", "ntp", "tcp"]}
    events: dict[str, Callable[[Packet], bool]] = {
        "connection": lambda p: p.is_tcp and p.flags & (SYN | ACK) == SYN,
        "router_solicitation": lambda p: p.kind == "icmpv6" and p.icmp_type == 133,
    }
    for name in ["arp", "dhcp", "dns", "mdns", "ssdp", "ntp", "igmp", "eapol"]:
        events[name] = lambda p, name=name: p.kind == name
    seen = [event for p in sent for event, holds in events.items() if holds(p)]
    order = list(dict.fromkeys(seen))
    return found | {f"rank_{event}_sent": order.index(event) + 1 if event in order else NAN for event in events}
