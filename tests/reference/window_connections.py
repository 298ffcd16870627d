"""Features of connections, from their definitions."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.window_statistics import NAN, average, first, gaps, in_time_steps, largest, most_common, quantile, share, smallest
from tests.reference.windows import ACK, AT_MOST, RECEIVED, RST, SENT, SYN, Packet, Window


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
    """Return the group connections."""
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
            found |= {"hello_mode_sent": most_common(clipped)[0], "hello_mode2_sent": most_common(clipped, 1)[0]}
    return found
