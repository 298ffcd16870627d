"""What tshark reads of a capture: every field that is a column of ours, of the outer headers alone."""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.machine import require_tool

# Dissectors left on. All others are off: they are guesses about payload, or headers inside tunnels, which we do not read.
LAYERS = frozenset(
    "frame eth ethertype vlan ieee8021ad ip ipv6 ipv6.hopopts ipv6.routing ipv6.fraghdr ipv6.dstopts ipv6.routing.type.rt0 "
    "ipv6.routing.type.mipv6 ipv6.routing.type.srh tcp udp icmp icmpv6 arp sll mpls pppoes ppp llc null raw ah mipv6 hip shim6 chdlc data "
    "_ws.malformed _ws.short pkt_comment".split()
)
FIELDS = (
    "frame.number frame.time_epoch frame.len frame.cap_len frame.interface_id frame.encap_type frame.protocols eth.src eth.dst eth.type "
    "sll.src.eth sll.etype llc.type chdlc.protocol vlan.id ieee8021ad.id vlan.etype ip.version ip.src ip.dst ip.proto ip.ttl "
    "ip.dsfield.dscp ip.len ip.frag_offset ip.flags.mf ipv6.version ipv6.src ipv6.dst ipv6.nxt ipv6.hlim ipv6.tclass.dscp ipv6.plen "
    "ipv6.hopopts.nxt ipv6.routing.nxt ipv6.dstopts.nxt ipv6.fraghdr.nxt ipv6.fraghdr.offset ipv6.fraghdr.more ah.next_header mip6.proto "
    "hip.proto shim6.nxt tcp.srcport tcp.dstport tcp.flags tcp.window_size_value tcp.seq_raw tcp.ack_raw tcp.options.mss_val "
    "tcp.options.wscale.shift tcp.option_kind tcp.len udp.srcport udp.dstport udp.length icmp.type icmp.code icmpv6.type icmpv6.code "
    "arp.opcode arp.src.proto_ipv4 arp.dst.proto_ipv4 ip.id _ws.malformed _ws.short"
).split()
PREFERENCES = (
    "tcp.desegment_tcp_streams:FALSE",
    "tcp.analyze_sequence_numbers:FALSE",
    "tcp.calculate_timestamps:FALSE",
    "ip.defragment:FALSE",
    "ipv6.defragment:FALSE",
)

# One packet: field to its values in the order of the packet; fields with none are left out.
Fields = dict[str, list[str]]


@functools.cache
def environment() -> dict[str, str]:
    """Return an environment with a profile that is empty but for the dissectors that are off."""
    home = Path(tempfile.mkdtemp(prefix="headwise-tshark-"))
    variables = os.environ | {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    known = subprocess.run(
        [require_tool("tshark"), "-G", "protocols"], env=variables, capture_output=True, text=True, timeout=60, check=True
    )
    names = {line.split("\t")[2] for line in known.stdout.splitlines()}
    (home / "wireshark").mkdir()
    (home / "wireshark" / "disabled_protos").write_text("".join(f"{name}\n" for name in sorted(names - LAYERS)))
    return variables


def tshark(path: Path, most: int = 0) -> list[Fields]:
    """Return tshark's packets of a capture, at most `most` of them (0: all); of a damaged one those before the damage.

    It numbers custom blocks of pcapng too; they are no packets, have no link type, and are left out.
    """
    command = [require_tool("tshark"), "-n", "-r", str(path), "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,"]
    command += ["-c", str(most)] if most else []
    for preference in PREFERENCES:
        command += ["-o", preference]
    for field in FIELDS:
        command += ["-e", field]
    result = subprocess.run(command, env=environment(), capture_output=True, timeout=280)
    return [fields for fields in _packets(result.stdout.decode()) if "frame.encap_type" in fields]


def _packets(output: str) -> Iterator[Fields]:
    for line in output.splitlines():
        values = line.split("\t")
        yield {name: value.split(",") for name, value in zip(FIELDS, values, strict=True) if value}
