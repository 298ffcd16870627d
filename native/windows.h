/* windows.h - counting what a device did in one window of time.
 *
 * Attributed packets stream through hw_windows_update, which keeps one open
 * window per device in a slot of memory that the caller allocated, and gives
 * an hw_window for each one that ended. Shares, roots and logarithms are left
 * to the caller: what is here are sums, extremes, counts and quantiles.
 * headwise.windows._raw mirrors the structs; a test compares their sizes.
 */
#ifndef HEADWISE_WINDOWS_H
#define HEADWISE_WINDOWS_H

#include "headwise.h"

/* Classes of ports that the core must know by name; the caller's table
 * (65,536 bytes, port to class) may name up to HW_PORT_CLASSES. */
enum hw_port_class {
  HW_PORT_DYNAMIC = 0, /* 49152 and above */
  HW_PORT_REGISTERED,  /* 1024 to 49151, no class of its own */
  HW_PORT_LOW,         /* below 1024, no class of its own */
  HW_PORT_DNS,
  HW_PORT_MDNS,
  HW_PORT_SSDP,
  HW_PORT_DHCP,
  HW_PORT_NTP,
  HW_PORT_HTTP,
  HW_PORT_HTTPS,
  HW_PORT_NAMED, /* the first class that the core does not ask for */
};
#define HW_PORT_CLASSES 40

/* What a packet is, in one number: fourth value of the sequence. */
enum hw_kind {
  HW_KIND_NONE = 0,
  HW_KIND_ARP, HW_KIND_EAPOL, HW_KIND_ICMP, HW_KIND_ICMPV6, HW_KIND_IGMP,
  HW_KIND_DHCP, HW_KIND_DNS, HW_KIND_MDNS, HW_KIND_SSDP, HW_KIND_NTP,
  HW_KIND_UDP, HW_KIND_HTTPS, HW_KIND_HTTP, HW_KIND_TCP, HW_KIND_OTHER,
  HW_KINDS
};

/* First events whose order is kept: what a device does as it starts. */
enum hw_event {
  HW_EVENT_ARP, HW_EVENT_DHCP, HW_EVENT_DNS, HW_EVENT_MDNS, HW_EVENT_SSDP,
  HW_EVENT_NTP, HW_EVENT_CONNECTION, HW_EVENT_ROUTER_SOLICITATION,
  HW_EVENT_IGMP, HW_EVENT_EAPOL,
  HW_EVENTS
};

enum { HW_SENT = 0, HW_RECEIVED = 1 };
enum { HW_PEER_ROUTER, HW_PEER_LOCAL, HW_PEER_INTERNET, HW_PEER_MULTICAST, HW_PEER_BROADCAST, HW_PEERS };

/* Quantiles, as per cent, wherever a field ends in _quantile. */
#define HW_QUANTILES 5 /* 10, 25, 50, 75, 90 */

/* Every field is 8 bytes wide, so no struct has padding. */
typedef struct hw_window_direction {
  uint64_t packets, bytes, size_squares, size_least, size_most;
  uint64_t size_quantile[HW_QUANTILES], size_distinct;
  uint64_t size_mode, size_mode_count, size_second, size_second_count;
  uint64_t carriers; /* TCP and UDP packets with payload */
  /* Of them, those that are no message of a protocol with lengths of its own: */
  uint64_t payload_packets, payload_bytes, payload_most, payload_median;
  uint64_t payload_mode, payload_mode_count, payload_second, payload_second_count, payload_distinct;
  uint64_t gaps;
  double gap_sum, gap_squares;               /* seconds */
  double gap_quantile[HW_QUANTILES], gap_mode; /* seconds */
  uint64_t gap_mode_count;
  uint64_t kind[HW_KINDS], tcp, udp, ip4, ip6, fragments;
  uint64_t peer_packets[HW_PEERS], peer_bytes[HW_PEERS];
  uint64_t flagged; /* TCP packets whose flags were captured */
  uint64_t flag_syn, flag_syn_ack, flag_fin, flag_rst, flag_psh, bare_ack, zero_window;
  uint64_t tcp_windows, tcp_window_sum, tcp_window_least, tcp_window_most;
} hw_window_direction;

/* Lengths of one kind of message. */
typedef struct hw_window_lengths {
  uint64_t count, sum, first, least, most, distinct, median, mode, mode_count, second, second_count;
} hw_window_lengths;

/* Times between events of one kind. */
typedef struct hw_window_rhythm {
  uint64_t gaps;
  double low, median, high, mode; /* quartiles and most common, seconds */
  uint64_t mode_count;
} hw_window_rhythm;

/* A TCP handshake packet that the device sent: the first of its kind. */
typedef struct hw_window_handshake {
  uint64_t count;          /* packets of this kind */
  uint64_t size, window;   /* of the first */
  uint64_t window_sum, window_most;
  uint64_t mss_known, mss; /* of the first; known: 0 or 1 */
  uint64_t options_known, options, scale_known, scale; /* of the first, where its options were captured whole */
  uint64_t congestion;     /* packets that ask for explicit congestion notification */
} hw_window_handshake;

enum hw_message {
  HW_MESSAGE_DNS_SENT, HW_MESSAGE_DNS_RECEIVED, HW_MESSAGE_NTP_SENT,
  HW_MESSAGE_NTP_RECEIVED, HW_MESSAGE_DHCP_SENT, HW_MESSAGE_MDNS_SENT,
  HW_MESSAGE_SSDP_SENT, HW_MESSAGE_BROADCAST_SENT, HW_MESSAGE_HELLO_SENT,
  HW_MESSAGE_HELLO_RECEIVED,
  HW_MESSAGES
};
#define HW_FIRST_LENGTHS 4

typedef struct hw_window {
  uint64_t device_index;
  int64_t start, first, last; /* ns; window's start, its first and last packet */
  hw_window_direction by[2];
  uint64_t remote_class[HW_PORT_CLASSES];  /* packets sent, by class of the remote port */
  uint64_t own_class[HW_PORT_CLASSES];     /* UDP packets sent, by class of the own port */
  uint64_t accept_class[HW_PORT_CLASSES];  /* SYN/ACKs sent, by class of the own port */
  uint64_t connect_class[HW_PORT_CLASSES]; /* connections opened, by class of the remote port */
  uint64_t remotes, internet_remotes, remote_ports, own_ports; /* distinct, saturating */
  uint64_t connections, answered, refused;
  uint64_t ttl_known, ttl_mode, ttl_least, ttl_most; /* sent to one receiver */
  uint64_t group_ttl_known, group_ttl_least, group_ttl_most; /* sent to many */
  uint64_t dscp_most, dscp_marked;
  uint64_t options_cut, timestamps; /* TCP packets sent, of options not captured whole; with timestamps */
  hw_window_handshake syn, syn_ack;
  uint64_t arp_requests, arp_replies, arp_own, echo_requests, unreachables;
  hw_window_lengths message[HW_MESSAGES];
  uint64_t first_queries[HW_FIRST_LENGTHS];
  uint64_t bursts, burst_packets_most, burst_bytes_most;
  double burst_seconds, burst_seconds_most;
  hw_window_rhythm burst, contact, connection, ntp;
  uint64_t tenths;          /* bit i: the window's i-th tenth held a packet */
  uint64_t first_kind;      /* enum hw_kind of the first packet sent */
  uint64_t event[HW_EVENTS]; /* 1 for what came first, 0 for what never came */
  uint64_t sequence;        /* packets in the sequence */
} hw_window;

/* How one stream of windows is cut. */
typedef struct hw_windows {
  int64_t length;        /* ns; 0: one window, ended by hw_windows_close alone */
  uint64_t slots, used;  /* open windows that fit; slots taken at least once */
  uint64_t sequence;     /* packets kept in a sequence */
  uint64_t devices;      /* entries of slot_of */
  uint64_t late, timeless, crowded; /* packets left out, by reason */
  int64_t crowded_until; /* private: no slot falls free before */
  const uint8_t *port_class;
  uint32_t *slot_of;     /* device index to slot + 1; 0 none */
  uint8_t *states;       /* slots x hw_windows_state_size(), zeroed */
  float *sequences;      /* slots x sequence x 4: size, direction, gap in ns, kind */
  int64_t *watermark;    /* device index to the end of its last window, ns */
} hw_windows;

typedef struct hw_attributed {
  const uint32_t *row, *device_index;
  const uint8_t *direction, *peer;
} hw_attributed;

/* hw_windows_update: take attributed packets from..count-1. Windows that ended
 * go to out[0..*closed-1] and out_sequences. Stops early where `out` is full.
 * Returns the packets taken; call again from there until it is `count`. */
uint64_t hw_windows_update(hw_windows *windows, const hw_columns *columns,
                           const hw_attributed *packets, uint64_t from, uint64_t count,
                           hw_window *out, float *out_sequences, uint64_t room,
                           uint64_t *closed);

/* hw_windows_close: end windows that are over at `now` (INT64_MAX: all), from
 * slot *slot on, which is moved; done where it reaches windows->used. Returns
 * the windows written. */
uint64_t hw_windows_close(hw_windows *windows, int64_t now, hw_window *out,
                          float *out_sequences, uint64_t room, uint64_t *slot);

uint64_t hw_windows_state_size(void);
uint64_t hw_windows_window_size(void);

#endif
