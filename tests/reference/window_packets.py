"""Features of packets one by one: groups traffic, sizes, gaps, protocols, ports, tcp, stack, handshakes, from their definitions."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable

from tests.reference.window_connections import connections_of
from tests.reference.window_statistics import (
    NAN,
    average,
    deviation,
    first,
    gaps,
    in_size_steps,
    in_time_steps,
    largest,
    most_common,
    quantile,
    share,
    smallest,
)
from tests.reference.windows import (
    ACK,
    AT_MOST,
    CLASSES,
    CWR,
    ECE,
    FIN,
    INTERNET,
    MESSAGES,
    MULTICAST,
    PSH,
    RECEIVED,
    RST,
    SENT,
    SYN,
    Packet,
    Window,
    port_class,
)


def traffic(window: Window) -> dict[str, float]:
    """Return the group traffic."""
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
    """Return the group sizes."""
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
        carriers = [p for p in window.of(way) if p.payload]
        carried = [p.payload for p in carriers if p.kind not in MESSAGES]
        steps = [in_size_steps(s) for s in carried]
        value, count = most_common(steps)
        found[f"payload_packets_{name}"] = share(len(carriers), len(exact))
        found |= {
            f"payload_mean_{name}": average(carried),
            f"payload_max_{name}": largest(carried),
            f"payload_q50_{name}": quantile(steps, 50),
        }
        found |= {f"payload_mode_{name}": value, f"payload_mode_share_{name}": share(count, len(carried))}
        value, count = most_common(steps, 1)
        found |= {f"payload_mode2_{name}": value, f"payload_mode2_share_{name}": share(count, len(steps))}
        found[f"payload_distinct_{name}"] = len(set(steps)) if steps else NAN
    return found


def gap_statistics(window: Window) -> dict[str, float]:
    """Return the group gaps."""
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
    """Return the group protocols."""
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
    """Return the group ports."""
    sent = window.of(SENT)
    with_ports = [p for p in sent if p.has_ports]
    remote = Counter(port_class(p.remote_port) for p in with_ports)
    own = Counter(port_class(p.own_port) for p in with_ports if p.is_udp)
    found = {f"to_{name}_sent": share(remote[name], len(sent)) for name in CLASSES}
    names = ["low", "dns", "mdns", "ssdp", "dhcp", "ntp", "coap", "tuya", "kasa", "lifx", "netbios", "stun", "ws_discovery"]
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
        single = p.peer < MULTICAST and p.ip_version is not None and p.destination_ip is not None
        if single and (p.destination_ip in found or len(found) < AT_MOST):
            found.setdefault(p.destination_ip, []).append(p)
    return found


def tcp(window: Window) -> dict[str, float]:
    """Return the group tcp."""
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
        flagged = [p for p in mine if p.tcp_flags is not None]
        found |= {f"tcp_{flag}_{name}": share(sum(map(holds, flagged)), len(flagged)) for flag, holds in flags.items()}
        windows = [p.tcp_window for p in flagged if not p.flags & (SYN | RST) and p.tcp_window is not None]
        found |= {f"tcp_window_min_{name}": smallest(windows), f"tcp_window_mean_{name}": average(windows)}
        found[f"tcp_window_max_{name}"] = largest(windows)
        if way == SENT:
            found["tcp_window_zero_sent"] = share(windows.count(0), len(windows))
    sent = [p for p in window.of(SENT) if p.is_tcp]
    found["tcp_timestamps_sent"] = share(sum(8 in kinds_of(p) for p in sent), len(sent)) if all(p.whole for p in sent) else NAN
    return found


def kinds_of(packet: Packet) -> list[int]:
    """Return the kinds of TCP options in order."""
    packed, kinds = packet.tcp_options or 0, []
    while packed:
        kinds.append(packed & 15)
        packed >>= 4
    return kinds


def stack(window: Window) -> dict[str, float]:
    """Return the group stack."""
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
    """Return the group handshakes."""
    found: dict[str, float] = {}
    for name, wanted in (("syn", SYN), ("syn_ack", SYN | ACK)):
        mine = [p for p in window.of(SENT) if p.is_tcp and p.flags & (SYN | ACK) == wanted]
        windows = [p.tcp_window or 0 for p in mine]
        found |= {f"{name}_size_sent": first([p.size for p in mine]), f"{name}_window_sent": first(windows)}
        found |= {f"{name}_window_mean_sent": average(windows), f"{name}_window_max_sent": largest(windows)}
        found[f"{name}_congestion_sent"] = share(sum(bool(p.flags & (ECE | CWR)) for p in mine), len(mine))
        found[f"{name}_mss_sent"] = first([p.tcp_mss for p in mine[:1] if p.tcp_mss is not None])
        whole = [p for p in mine[:1] if p.whole]
        kinds = kinds_of(whole[0]) if whole else []
        found[f"{name}_scale_sent"] = first([p.tcp_window_scale for p in whole if p.tcp_window_scale is not None])
        found[f"{name}_options_sent"] = len(kinds) if whole else NAN
        found[f"{name}_padding_sent"] = kinds.count(1) if whole else NAN
        for option, kind in {"mss": 2, "scale": 3, "sack": 4, "timestamps": 8}.items():
            found[f"{name}_{option}_position_sent"] = NAN if not whole else kinds.index(kind) + 1 if kind in kinds else 0
    return found
