"""What the core counts of one window: NumPy's form of hw_window in native/windows.h."""

from __future__ import annotations

import numpy as np

QUANTILES = (10, 25, 50, 75, 90)
KINDS = (
    "none",
    "arp",
    "eapol",
    "icmp",
    "icmpv6",
    "igmp",
    "dhcp",
    "dns",
    "mdns",
    "ssdp",
    "ntp",
    "udp",
    "https",
    "http",
    "tcp",
    "other",
)
PEERS = ("router", "local", "internet", "multicast", "broadcast")
EVENTS = ("arp", "dhcp", "dns", "mdns", "ssdp", "ntp", "connection", "router_solicitation", "igmp", "eapol")
MESSAGES = (
    "dns_sent",
    "dns_received",
    "ntp_sent",
    "ntp_received",
    "dhcp_sent",
    "mdns_sent",
    "ssdp_sent",
    "broadcast_sent",
    "hello_sent",
    "hello_received",
)
FIRST_LENGTHS = 4
PORT_CLASSES = 40

Field = tuple[str, object] | tuple[str, object, tuple[int, ...]]


def _counts(names: str) -> list[Field]:
    return [(name, "u8") for name in names.split()]


def _seconds(names: str) -> list[Field]:
    return [(name, "f8") for name in names.split()]


DIRECTION = np.dtype(
    [
        *_counts("packets bytes size_squares size_least size_most"),
        ("size_quantile", "u8", (len(QUANTILES),)),
        *_counts("size_distinct size_mode size_mode_count size_second size_second_count"),
        *_counts("carriers payload_packets payload_bytes payload_most payload_median"),
        *_counts("payload_mode payload_mode_count payload_second payload_second_count payload_distinct"),
        *_counts("gaps"),
        *_seconds("gap_sum gap_squares"),
        ("gap_quantile", "f8", (len(QUANTILES),)),
        *_seconds("gap_mode"),
        *_counts("gap_mode_count"),
        ("kind", "u8", (len(KINDS),)),
        *_counts("tcp udp ip4 ip6 fragments"),
        ("peer_packets", "u8", (len(PEERS),)),
        ("peer_bytes", "u8", (len(PEERS),)),
        *_counts("flagged flag_syn flag_syn_ack flag_fin flag_rst flag_psh bare_ack zero_window"),
        *_counts("tcp_windows tcp_window_sum tcp_window_least tcp_window_most"),
    ]
)
LENGTHS = np.dtype(_counts("count sum first least most distinct median mode mode_count second second_count"))
RHYTHM = np.dtype([*_counts("gaps"), *_seconds("low median high mode"), *_counts("mode_count")])
HANDSHAKE = np.dtype(_counts("count size window window_sum window_most mss_known mss options_known options scale_known scale congestion"))
WINDOW = np.dtype(
    [
        ("device_index", "u8"),
        *[(name, "i8") for name in ("start", "first", "last")],
        ("by", DIRECTION, (2,)),
        *[(name, "u8", (PORT_CLASSES,)) for name in ("remote_class", "own_class", "accept_class", "connect_class")],
        *_counts("remotes internet_remotes remote_ports own_ports"),
        *_counts("connections answered refused"),
        *_counts("ttl_known ttl_mode ttl_least ttl_most group_ttl_known group_ttl_least group_ttl_most"),
        *_counts("dscp_most dscp_marked options_cut timestamps"),
        ("syn", HANDSHAKE),
        ("syn_ack", HANDSHAKE),
        *_counts("arp_requests arp_replies arp_own echo_requests unreachables"),
        ("message", LENGTHS, (len(MESSAGES),)),
        ("first_queries", "u8", (FIRST_LENGTHS,)),
        *_counts("bursts burst_packets_most burst_bytes_most"),
        *_seconds("burst_seconds burst_seconds_most"),
        *[(name, RHYTHM) for name in ("burst", "contact", "connection", "ntp")],
        *_counts("tenths first_kind"),
        ("event", "u8", (len(EVENTS),)),
        *_counts("sequence"),
    ]
)
