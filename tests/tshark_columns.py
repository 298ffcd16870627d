"""The columns of the header table as tshark's fields give them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from itertools import takewhile

from tests.tshark import Fields

Value = int | bytes | None
Row = dict[str, Value]

ETHERNET_ENCAPSULATION = "1"
UNITS_OF_FRAGMENTS = 8
EXTENSIONS = {
    "ipv6.hopopts": "ipv6.hopopts.nxt",
    "ipv6.routing": "ipv6.routing.nxt",
    "ipv6.dstopts": "ipv6.dstopts.nxt",
    "ipv6.fraghdr": "ipv6.fraghdr.nxt",
    "ah": "ah.next_header",
    "mipv6": "mip6.proto",
    "hip": "hip.proto",
    "shim6": "shim6.nxt",
}
TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58


def first(fields: Fields, name: str) -> int | None:
    """Return the first value of a field as a number."""
    return int(fields[name][0], 0) if name in fields else None


def address(fields: Fields, name: str) -> bytes | None:
    """Return the first address of a field as 16 bytes, IPv4 mapped into IPv6."""
    if name not in fields:
        return None
    parsed = ipaddress.ip_address(fields[name][0])
    return parsed.packed if parsed.version == 6 else bytes(10) + b"\xff\xff" + parsed.packed


def mac(fields: Fields, name: str) -> int | None:
    """Return the first MAC address of a field."""
    return int(fields[name][0].replace(":", ""), 16) if name in fields else None


def nanoseconds(text: str) -> int:
    """Return a time in seconds with a fraction of nine digits as ns; a fraction of a second or more is carried."""
    seconds, fraction = text.split(".")
    return int(seconds) * 10**9 + int(fraction)


def theirs(fields: Fields) -> Row:
    """Return the row that tshark's fields make, of all columns that it knows."""
    row: Row = {"time": nanoseconds(fields["frame.time_epoch"][0]) if "frame.time_epoch" in fields else None}
    row |= {"wire_length": first(fields, "frame.len"), "captured_length": first(fields, "frame.cap_len")}
    row["interface"] = first(fields, "frame.interface_id") or 0
    row |= link(fields)
    row |= network(fields)
    row |= transport(fields, row)
    return row


def link(fields: Fields) -> Row:
    """Return addresses, VLAN and EtherType."""
    row: Row = {"source_mac": mac(fields, "sll.src.eth"), "destination_mac": None}
    if fields.get("frame.encap_type") == [ETHERNET_ENCAPSULATION]:
        row = {"source_mac": mac(fields, "eth.src"), "destination_mac": mac(fields, "eth.dst")}
    layers = fields.get("frame.protocols", [""])[0].split(":")
    tags = [layer for layer in layers if layer in ("vlan", "ieee8021ad")]
    row["vlan"] = first(fields, f"{tags[0]}.id") if tags else None
    return row | ethertype(fields, tags)


def ethertype(fields: Fields, tags: list[str]) -> Row:
    """Return the type after VLAN tags; tshark has no field for the one after an 802.1ad tag, nor one for a length after a tag."""
    if tags and tags[-1] == "ieee8021ad":
        return {}
    names = ("llc.type", "vlan.etype") if tags else ("llc.type", "eth.type", "sll.etype", "chdlc.protocol")
    return {"ethertype": next((int(fields[name][-1], 0) for name in names if name in fields), None)}


def network(fields: Fields) -> Row:
    """Return the columns of IPv4, IPv6 or ARP, whichever comes first."""
    layers = fields.get("frame.protocols", [""])[0].split(":")
    version = next((layer for layer in layers if layer in ("ip", "ipv6")), "arp")
    if version == "ip" and fields.get("ip.version", [""])[0] == "6":
        version = "ipv6"  # Announced as IPv4, read as IPv6.
    if version == "ip":
        return ipv4(fields, layers)
    if version == "ipv6":
        return ipv6(fields, chain(layers))
    row: Row = dict.fromkeys(("ip_version", "protocol", "ttl", "dscp", "ip_length", "fragment_offset", "more_fragments"))
    row["arp_operation"] = first(fields, "arp.opcode")
    return row | {"source_ip": address(fields, "arp.src.proto_ipv4"), "destination_ip": address(fields, "arp.dst.proto_ipv4")}


def ipv4(fields: Fields, layers: list[str]) -> Row:
    """Return the columns of IPv4."""
    offset = first(fields, "ip.frag_offset")
    row: Row = {"ip_version": first(fields, "ip.version"), "protocol": first(fields, "ip.proto"), "arp_operation": None}
    if "ah" in layers and row["protocol"] == 51:
        row["protocol"] = first(fields, "ah.next_header")
    row |= {"ttl": first(fields, "ip.ttl"), "dscp": first(fields, "ip.dsfield.dscp"), "ip_length": first(fields, "ip.len")}
    row |= {"fragment_offset": None if offset is None else offset * UNITS_OF_FRAGMENTS, "more_fragments": first(fields, "ip.flags.mf")}
    return row | {"source_ip": address(fields, "ip.src"), "destination_ip": address(fields, "ip.dst")}


def chain(layers: list[str]) -> list[str]:
    """Return the extension headers that follow the first IPv6 header at once."""
    return list(takewhile(EXTENSIONS.__contains__, layers[layers.index("ipv6") + 1 :]))


def following(fields: Fields, extensions: list[str]) -> Iterator[int | None]:
    """Yield the next-header numbers of an IPv6 header and of its extension headers."""
    yield first(fields, "ipv6.nxt")
    met: dict[str, int] = {}
    for layer in extensions:
        values = fields.get(EXTENSIONS[layer], [])
        place = met[layer] = met.get(layer, -1) + 1
        if place < len(values):
            yield int(values[place], 0)


def ipv6(fields: Fields, extensions: list[str]) -> Row:
    """Return the columns of IPv6."""
    length = first(fields, "ipv6.plen")
    offset = first(fields, "ipv6.fraghdr.offset") if "ipv6.fraghdr" in extensions else None
    row: Row = {"ip_version": first(fields, "ipv6.version"), "protocol": list(following(fields, extensions))[-1], "arp_operation": None}
    row |= {"ttl": first(fields, "ipv6.hlim"), "dscp": first(fields, "ipv6.tclass.dscp")}
    row |= {"ip_length": None if length is None else 40 + length}
    row["fragment_offset"] = None if offset is None else offset * UNITS_OF_FRAGMENTS
    row["more_fragments"] = None if offset is None else first(fields, "ipv6.fraghdr.more")
    return row | {"source_ip": address(fields, "ipv6.src"), "destination_ip": address(fields, "ipv6.dst")}


def transport(fields: Fields, row: Row) -> Row:
    """Return the columns of the transport header, of that protocol alone which the last header names."""
    whole = not row["fragment_offset"]
    protocol = row["protocol"] if whole else None
    ports = {TCP: "tcp", UDP: "udp"}.get(protocol or 0, "")
    found: Row = {"source_port": first(fields, f"{ports}.srcport"), "destination_port": first(fields, f"{ports}.dstport")}
    segment = fields if protocol == TCP else {}
    found |= {"tcp_flags": first(segment, "tcp.flags"), "tcp_window": first(segment, "tcp.window_size_value")}
    found |= {"tcp_sequence": first(segment, "tcp.seq_raw"), "tcp_acknowledgment": first(segment, "tcp.ack_raw")}
    found |= {"tcp_mss": first(segment, "tcp.options.mss_val"), "tcp_window_scale": first(segment, "tcp.options.wscale.shift")}
    found["tcp_options"] = kinds([int(kind) for kind in segment.get("tcp.option_kind", [])])
    control = {ICMP: "icmp", ICMPV6: "icmpv6"}.get(protocol or 0, "")
    found |= {"icmp_type": first(fields, f"{control}.type"), "icmp_code": first(fields, f"{control}.code")}
    if protocol == TCP and not row["more_fragments"]:
        found["payload_length"] = first(fields, "tcp.len")
    elif protocol == UDP:
        length = first(fields, "udp.length")
        found["payload_length"] = length - 8 if length else None
    return found


def kinds(options: list[int]) -> int | None:
    """Return kinds of TCP options as the column holds them: 4 bits each, the first lowest, over 14 as 15, up to the end of the list."""
    if not options:
        return None
    upto = options.index(0) if 0 in options else len(options)
    return sum(min(kind, 15) << 4 * place for place, kind in enumerate(options[:upto][:16]))
