"""The packet core against the corpus's reference.csv: every file, every packet that tshark read there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core import numbered
from tests.corpus import capture_bytes, index, reference
from tests.headers.test_tshark import explained, values
from tests.tshark import Fields
from tests.tshark_columns import Row, theirs
from tests.tshark_reasons import Difference

# The reference was read with all dissectors on: headers in tunnels hide ours. What it says of such packets is not compared;
# tests/headers/test_tshark.py compares them with these dissectors off.
INSIDE = frozenset("cfp ieee8021ah etag vntag macsec nsh pwethheuristic geneve vxlan gre gtp teredo l2tp erspan".split())
COMPARED = (
    "time wire_length captured_length source_mac destination_mac vlan ip_version source_ip destination_ip ttl ip_length "
    "source_port destination_port tcp_flags tcp_window"
).split()

# Values, not packets; all of them at damaged or odd packets.
DIFFERENCES = {"clock": 201, "version": 13, "guessed record header": 11, "short options": 7, "wire length": 1, "cut addresses": 1}


def fields_of(packet: dict[str, str]) -> Fields:
    """Return a row of the reference as tshark's fields; ``ip.*`` of it is IPv4's or IPv6's."""
    names = {"time_epoch": "frame.time_epoch", "encap_type": "frame.encap_type", "vlan.id": packet["vlan_from"] or "vlan.id"}
    if packet["ip.version"] == "6":
        names |= {name: name.replace("ip.", "ipv6.") for name in ("ip.src", "ip.dst")}
        names |= {"ip.proto": "ipv6.nxt", "ip.ttl": "ipv6.hlim", "ip.len": "ipv6.plen"}
    fields = {names.get(name, name): [value] for name, value in packet.items() if value}
    return fields | ({"ipv6.version": ["6"]} if packet["ip.version"] == "6" else {})


def comparable(ours: Row, packet: dict[str, str]) -> list[str]:
    """Return the columns of a row that the reference holds for the outer headers."""
    layers = packet["frame.protocols"].split(":")
    announced_as_ipv4 = packet["ip.version"] == "6" and "ip" in layers  # Its merged columns are IPv4's, which are empty.
    if INSIDE & set(layers) or announced_as_ipv4:
        return ["time", "wire_length", "captured_length"]
    unsure = {"source_ip", "destination_ip"} if ours["arp_operation"] is not None else set()
    unsure |= {"source_mac"} if packet["encap_type"] != "1" else set()
    chained = ours["ip_version"] == 6 and packet["ip.proto"] != str(ours["protocol"])
    unsure |= {"source_port", "destination_port", "tcp_flags", "tcp_window"} if chained or ours["fragment_offset"] else set()
    return [column for column in COMPARED if column not in unsure]


def compare(data: Path, most: int) -> tuple[int, list[Difference]]:
    """Compare up to `most` packets of each file; return how many were, and where they differ."""
    found, compared = [], 0
    for entry in index(data):
        packets = reference(data)[entry["file"]][:most]
        if not packets or entry["format"] not in ("pcap", "pcapng"):
            continue
        before = 0
        for walked, columns in numbered(capture_bytes(data / "parser-corpus" / entry["file"])):
            for row, number in enumerate((columns.pop("packet") + before).tolist()):
                if number >= len(packets):
                    break
                ours, fields = values(columns, row), fields_of(packets[number])
                wanted = theirs(fields)
                compared += 1
                unlike = [column for column in comparable(ours, packets[number]) if ours[column] != wanted[column]]
                found += [Difference(entry["file"], number + 1, column, ours[column], wanted[column], ours, fields) for column in unlike]
            before += walked
    return compared, found


def test_core_agrees_with_the_reference_on_first_packets(data: Path) -> None:
    """No value of the first packets of any file differs without a reason of tests/tshark_reasons.py."""
    compared, found = compare(data, 50)
    assert compared > 5_000
    explained(found)


@pytest.mark.slow
def test_core_agrees_with_the_reference(data: Path) -> None:
    """No value of any packet differs but for those reasons, as often as noted here."""
    compared, found = compare(data, 1 << 20)
    assert compared > 60_000
    assert explained(found) == DIFFERENCES


def test_core_walks_as_many_packets_as_the_reference(data: Path) -> None:
    """Where tshark read a file to its end, the core has walked as many packets; where damage ended it, at least those."""
    for entry in index(data):
        if entry["format"] not in ("pcap", "pcapng") or entry["tshark_status"].startswith("refused"):
            continue
        walked = sum(count for count, _ in numbered(capture_bytes(data / "parser-corpus" / entry["file"])))
        wanted = len(reference(data)[entry["file"]])
        assert walked == wanted or (walked > 0 and entry["tshark_status"] != "ok"), entry["file"]
