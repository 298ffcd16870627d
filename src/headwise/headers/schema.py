"""The header table: its columns, their types, units and sources."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Column:
    """One column of the header table.

    Attributes
    ----------
    name : str
        Name in NumPy, Arrow and Parquet.
    dtype : str
        NumPy dtype in memory; ``(16,)u1`` stands for 16 bytes a row.
    arrow : str
        Arrow type in files.
    bit : int or None
        Bit of the ``present`` mask that says a row has a value; ``None`` for columns that always have one.
    unit : str
        Unit or encoding.
    source : str
        Field of the reference dissector (tshark) that holds the same value.
    """

    name: str
    dtype: str
    arrow: str
    bit: int | None
    unit: str
    source: str


COLUMNS: tuple[Column, ...] = (
    Column("time", "i8", "timestamp[ns, UTC]", 0, "ns since 1970, capture clock", "frame.time_epoch"),
    Column("wire_length", "u4", "uint32", None, "bytes on the wire", "frame.len"),
    Column("captured_length", "u4", "uint32", None, "bytes in the file", "frame.cap_len"),
    Column("interface", "u2", "uint16", None, "index in the capture", "frame.interface_id"),
    Column("source_mac", "u8", "uint64", 1, "48 bits", "eth.src, sll.src.eth"),
    Column("destination_mac", "u8", "uint64", 2, "48 bits", "eth.dst"),
    Column("vlan", "u2", "uint16", 3, "outermost VLAN identifier", "vlan.id, ieee8021ad.id"),
    Column("ethertype", "u2", "uint16", 4, "after VLAN tags", "eth.type, vlan.etype"),
    Column("ip_version", "u1", "uint8", 5, "4 or 6", "ip.version"),
    Column(
        "source_ip", "(16,)u1", "fixed_size_binary[16]", 6, "IPv4 as IPv4-mapped IPv6; ARP: sender", "ip.src, ipv6.src, arp.src.proto_ipv4"
    ),
    Column(
        "destination_ip",
        "(16,)u1",
        "fixed_size_binary[16]",
        7,
        "IPv4 as IPv4-mapped IPv6; ARP: target",
        "ip.dst, ipv6.dst, arp.dst.proto_ipv4",
    ),
    Column("protocol", "u1", "uint8", 8, "of the last header reached", "ip.proto, ipv6.nxt chain"),
    Column("ttl", "u1", "uint8", 9, "TTL or hop limit", "ip.ttl, ipv6.hlim"),
    Column("dscp", "u1", "uint8", 10, "6 bits", "ip.dsfield.dscp, ipv6.tclass.dscp"),
    Column("ip_length", "u4", "uint32", 11, "bytes: total length, or 40 + payload length", "ip.len, ipv6.plen"),
    Column("fragment_offset", "u2", "uint16", 12, "bytes", "ip.frag_offset, ipv6.fraghdr.offset"),
    Column("more_fragments", "u1", "bool", 13, "", "ip.flags.mf, ipv6.fraghdr.more"),
    Column("source_port", "u2", "uint16", 14, "", "tcp.srcport, udp.srcport"),
    Column("destination_port", "u2", "uint16", 15, "", "tcp.dstport, udp.dstport"),
    Column("tcp_flags", "u2", "uint16", 16, "12 bits", "tcp.flags"),
    Column("tcp_window", "u2", "uint16", 17, "unscaled", "tcp.window_size_value"),
    Column("tcp_sequence", "u4", "uint32", 18, "raw", "tcp.seq_raw"),
    Column("tcp_acknowledgment", "u4", "uint32", 19, "raw", "tcp.ack_raw"),
    Column("tcp_mss", "u2", "uint16", 20, "bytes", "tcp.options.mss_val"),
    Column("tcp_window_scale", "u1", "uint8", 21, "shift count", "tcp.options.wscale.shift"),
    Column("tcp_options", "u8", "uint64", 22, "kinds in order, 4 bits each, first lowest; over 14 as 15", "tcp.option_kind"),
    Column("icmp_type", "u1", "uint8", 23, "", "icmp.type, icmpv6.type"),
    Column("icmp_code", "u1", "uint8", 24, "", "icmp.code, icmpv6.code"),
    Column("arp_operation", "u2", "uint16", 25, "", "arp.opcode"),
    Column("payload_length", "u4", "uint32", 26, "bytes after the last header reached, from length fields", "tcp.len, udp.length - 8"),
)

# Kept in memory beside the table's columns; never written.
INTERNAL: tuple[tuple[str, str], ...] = (
    ("present", "u4"),
    ("ip_id", "u2"),
    ("record", "u8"),
    ("link_type", "u2"),
    ("vlan_hint", "u4"),
    ("checksum", "u2"),
)

IP_ID, CUT, MALFORMED = 1 << 27, 1 << 28, 1 << 29

PRESENT: dict[str, int] = {c.name: 1 << c.bit for c in COLUMNS if c.bit is not None}


def allocate(rows: int) -> dict[str, np.ndarray]:
    """Return zeroed arrays for `rows` header rows, by column name, in the order of the core's ``hw_columns``."""
    arrays = {c.name: np.zeros((rows, 16), np.uint8) if c.dtype == "(16,)u1" else np.zeros(rows, c.dtype) for c in COLUMNS}
    return arrays | {name: np.zeros(rows, dtype) for name, dtype in INTERNAL}
