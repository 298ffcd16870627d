"""The same work by other packages, in an environment of their own: ``python benchmarks/peers.py TASK CAPTURE PACKETS``.

Each is used as its documents show, by the quickest way it offers for the task, and reads at most PACKETS packets.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from itertools import islice


def with_dpkt(path: str, packets: int) -> int:
    """Read addresses, ports, lengths, TTL, flags and windows into lists."""
    import dpkt

    rows = []
    with open(path, "rb") as file:
        for time, data in islice(dpkt.pcap.Reader(file), packets):
            try:
                frame = dpkt.ethernet.Ethernet(data)
            except dpkt.dpkt.Error:
                rows.append((time, len(data)))
                continue
            network = frame.data
            transport = getattr(network, "data", None)
            row = [time, len(data), frame.src, frame.dst, frame.type]
            if isinstance(network, dpkt.ip.IP):
                row += [network.src, network.dst, network.p, network.ttl, network.len]
            elif isinstance(network, dpkt.ip6.IP6):
                row += [network.src, network.dst, network.nxt, network.hlim, network.plen]
            if isinstance(transport, dpkt.tcp.TCP):
                row += [transport.sport, transport.dport, transport.flags, transport.win, transport.seq, transport.ack]
            elif isinstance(transport, dpkt.udp.UDP):
                row += [transport.sport, transport.dport, transport.ulen]
            rows.append(tuple(row))
    return len(rows)


def with_scapy(path: str, packets: int) -> int:
    """Read the same with scapy."""
    from scapy.layers.inet import IP, TCP, UDP
    from scapy.layers.inet6 import IPv6
    from scapy.layers.l2 import Ether
    from scapy.utils import RawPcapReader

    rows = []
    with RawPcapReader(path) as reader:
        for data, _ in islice(reader, packets):
            frame = Ether(data)
            row = [len(data), frame.src, frame.dst, getattr(frame, "type", None)]
            if IP in frame:
                row += [frame[IP].src, frame[IP].dst, frame[IP].proto, frame[IP].ttl, frame[IP].len]
            elif IPv6 in frame:
                row += [frame[IPv6].src, frame[IPv6].dst, frame[IPv6].nh, frame[IPv6].hlim, frame[IPv6].plen]
            if TCP in frame:
                row += [frame[TCP].sport, frame[TCP].dport, int(frame[TCP].flags), frame[TCP].window, frame[TCP].seq, frame[TCP].ack]
            elif UDP in frame:
                row += [frame[UDP].sport, frame[UDP].dport, frame[UDP].len]
            rows.append(tuple(row))
    return len(rows)


def with_nfstream(path: str, packets: int) -> int:
    """Make flows with statistics, which is the nearest that it has to windows; the capture holds no more than `packets`."""
    from nfstream import NFStreamer

    streamer = NFStreamer(source=path, statistical_analysis=True, n_dissections=0, n_meters=1)
    return sum(flow.bidirectional_packets for flow in streamer) and packets


TASKS: dict[str, Callable[[str, int], int]] = {"dpkt": with_dpkt, "scapy": with_scapy, "nfstream": with_nfstream}

if __name__ == "__main__":
    before = sum(os.times()[:4])
    count = TASKS[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    print(json.dumps({"packets": count, "cpu": sum(os.times()[:4]) - before}))
