/* headwise.h - the packet core as its callers see it.
 *
 * The core walks capture formats and reads packet headers into columns that
 * the caller allocated. It allocates nothing, keeps nothing between calls
 * (state structs belong to the caller, who zeroes them; guard.c and wide.c
 * say what they keep all the same), prints nothing and
 * calls no library. Only bytes.h touches packet bytes, always inside bounds.
 */
#ifndef HEADWISE_H
#define HEADWISE_H

#include <stdint.h>

#define HW_ABI 4

/* Bits of the `present` column: which nullable columns hold a value.
 * The order is that of headwise.headers.schema, which a test compares. */
enum hw_present {
  HW_TIME = 1u << 0,
  HW_SOURCE_MAC = 1u << 1,
  HW_DESTINATION_MAC = 1u << 2,
  HW_VLAN = 1u << 3,
  HW_ETHERTYPE = 1u << 4,
  HW_IP_VERSION = 1u << 5,
  HW_SOURCE_IP = 1u << 6,
  HW_DESTINATION_IP = 1u << 7,
  HW_PROTOCOL = 1u << 8,
  HW_TTL = 1u << 9,
  HW_DSCP = 1u << 10,
  HW_IP_LENGTH = 1u << 11,
  HW_FRAGMENT_OFFSET = 1u << 12,
  HW_MORE_FRAGMENTS = 1u << 13,
  HW_SOURCE_PORT = 1u << 14,
  HW_DESTINATION_PORT = 1u << 15,
  HW_TCP_FLAGS = 1u << 16,
  HW_TCP_WINDOW = 1u << 17,
  HW_TCP_SEQUENCE = 1u << 18,
  HW_TCP_ACKNOWLEDGMENT = 1u << 19,
  HW_TCP_MSS = 1u << 20,
  HW_TCP_WINDOW_SCALE = 1u << 21,
  HW_TCP_OPTIONS = 1u << 22,
  HW_ICMP_TYPE = 1u << 23,
  HW_ICMP_CODE = 1u << 24,
  HW_ARP_OPERATION = 1u << 25,
  HW_PAYLOAD_LENGTH = 1u << 26,
  /* Not columns of the table: */
  HW_IP_ID = 1u << 27,     /* ip_id holds a value */
  HW_CUT = 1u << 28,       /* a header was cut by the snap length */
  HW_MALFORMED = 1u << 29, /* a length or version in a header is impossible */
};

/* Why a packet is no row. Order is that of headwise.headers.reasons. */
enum hw_reason {
  HW_ROW = 0,
  HW_LINK_TYPE,         /* link type that is not read; see hw_interface.skipped */
  HW_LINK_CUT,          /* shorter than its link-layer header */
  HW_NO_INTERFACE,      /* pcapng packet of an interface that was not described */
  HW_REPEAT,            /* copy of a packet seen on another interface */
  HW_REASONS
};

/* Columns of header rows: arrays of equal length, allocated by the caller.
 * `record`, `link_type` and `vlan_hint` carry a packet from framing to
 * headers; a test and other modules may ignore them. */
typedef struct hw_columns {
  int64_t *time;             /* ns since 1970-01-01 UTC; without HW_TIME: the previous packet's */
  uint32_t *wire_length;     /* bytes */
  uint32_t *captured_length; /* bytes */
  uint16_t *interface;
  uint64_t *source_mac, *destination_mac; /* 48 bits, first byte on the wire highest */
  uint16_t *vlan;            /* 12 bits */
  uint16_t *ethertype;
  uint8_t *ip_version;
  uint8_t *source_ip, *destination_ip; /* 16 bytes a row, IPv4 as ::ffff:a.b.c.d */
  uint8_t *protocol;
  uint8_t *ttl;
  uint8_t *dscp;
  uint32_t *ip_length;
  uint16_t *fragment_offset; /* bytes */
  uint8_t *more_fragments;   /* 0 or 1 */
  uint16_t *source_port, *destination_port;
  uint16_t *tcp_flags;       /* 12 bits, as tcp.flags */
  uint16_t *tcp_window;
  uint32_t *tcp_sequence, *tcp_acknowledgment;
  uint16_t *tcp_mss;
  uint8_t *tcp_window_scale;
  uint64_t *tcp_options;     /* first kind in the lowest 4 bits */
  uint8_t *icmp_type, *icmp_code;
  uint16_t *arp_operation;
  uint32_t *payload_length;
  uint32_t *present;         /* enum hw_present */
  uint16_t *ip_id;           /* IPv4 identification; for repeats, never stored */
  uint64_t *record;          /* offset of the frame's first byte in the buffer */
  uint16_t *link_type;       /* LINKTYPE_ number */
  uint32_t *vlan_hint;       /* 0, or 0x10000 | TCI that the kernel took off the frame */
  uint16_t *checksum;        /* of TCP, UDP, ICMP or ICMPv6 as captured, else 0; tells repeats from new packets whose ip_id is 0 */
} hw_columns;

/* Absent values are stored as zero, so that columns are deterministic. */

/* Interfaces that are remembered; packets of further ones are counted as HW_NO_INTERFACE. */
#define HW_INTERFACES 1024

/* One interface of a capture (pcap: the only one). */
typedef struct hw_interface {
  uint64_t packets;   /* records that name it */
  uint64_t skipped;   /* of them, counted as HW_LINK_TYPE */
  int64_t ts_offset;    /* seconds to add to its times */
  uint64_t ts_multiply; /* ns in a unit of time, or 0 */
  uint64_t ts_divide;   /* units of time in a ns, or 0; both 0: units of 2^-ts_shift s */
  uint64_t ts_limit;    /* times below it are units * ts_multiply ns, no more to it */
  uint32_t ts_shift;
  uint32_t snap_length;
  uint32_t link_type;
  uint32_t described;
} hw_interface;

/* A buffer of this many bytes always holds a whole record, so that hw_frames
 * can go on: what is longer is passed over without being held. */
#define HW_LARGEST 0x50000u

/* Value of the `link_type` column for packets of an interface that was not described. */
#define HW_UNDESCRIBED 0xffffu

enum hw_format { HW_UNKNOWN = 0, HW_PCAP = 1, HW_PCAPNG = 2 };

/* What ended the walk. */
enum hw_status {
  HW_OK = 0,
  HW_NOT_A_CAPTURE,   /* first bytes are of no known format */
  HW_TRUNCATED,       /* the data ends inside a record or block */
  HW_DAMAGED,         /* a length that cannot be; reading cannot go on */
  HW_UNSUPPORTED,     /* a version or variant that is not read */
};

/* State of walking one capture. Zeroed by the caller before the first call. */
typedef struct hw_capture {
  uint32_t format;        /* enum hw_format */
  uint32_t status;        /* enum hw_status */
  uint32_t big_endian;    /* of the current section */
  uint32_t record_header; /* pcap: bytes of a record header (16, 24, ...) */
  uint32_t sections;
  uint32_t interface_base;  /* index of the section's first interface */
  uint32_t interface_count; /* interfaces of all sections so far */
  uint32_t variant;         /* pcap: how the record header is read */
  uint32_t trailer;         /* pcapng: length that must stand at the end of the block being passed over */
  uint64_t position;        /* bytes walked so far, over all calls */
  uint64_t skip;            /* bytes of an oversized block still to pass over */
  uint64_t packets;         /* records walked so far */
  int64_t last_time;
  hw_interface interfaces[HW_INTERFACES];
} hw_capture;

/* hw_frames: walk records of `buffer` from its first byte into rows
 * first..first+limit-1 of the columns (time, lengths, interface, record,
 * link_type, vlan_hint, present = HW_TIME or 0). `final` says no bytes follow.
 * Returns the records walked; *consumed is the bytes that need not be offered
 * again (the caller offers the rest, with more behind it, in the next call,
 * which starts at rows and record offsets of a new buffer). capture->status
 * other than HW_OK ends the walk; records before it are good. */
uint64_t hw_frames(hw_capture *capture, const uint8_t *buffer, uint64_t length,
                   int final, const hw_columns *columns, uint64_t first,
                   uint64_t limit, uint64_t *consumed);

/* hw_ring_frames: the same for one TPACKET_V3 block of an AF_PACKET ring, whose
 * packets all fit where `limit` is a sixty-fourth of its length. hw_ring_ready
 * says whether the kernel has handed the block over, hw_ring_release hands it
 * back; `status` is the block's, 8 bytes from its start. */
uint64_t hw_ring_frames(const uint8_t *block, uint64_t length,
                        const hw_columns *columns, uint64_t first, uint64_t limit,
                        uint16_t link_type);
int hw_ring_ready(const uint32_t *status);
void hw_ring_release(uint32_t *status);

/* hw_headers: read the headers of framed rows first..first+count-1, in place.
 * Packets that are no row are closed up; counted[enum hw_reason] grows for
 * each, and interfaces[i].skipped where `interfaces` is not NULL. Returns the
 * number of rows kept, which lie at first..first+kept-1. */
uint64_t hw_headers(const uint8_t *buffer, uint64_t length,
                    const hw_columns *columns, uint64_t first, uint64_t count,
                    uint64_t counted[HW_REASONS], hw_interface *interfaces);

/* hw_read: hw_frames and hw_headers by turns, a hundred packets at a time so
 * that what one leaves in the cache the other finds there, or at the same time. Returns the rows
 * kept, at first..first+kept-1; *packets is the records walked. Walks at most
 * `limit` records. The column `record` means nothing afterwards. */
uint64_t hw_read(hw_capture *capture, const uint8_t *buffer, uint64_t length,
                 int final, const hw_columns *columns, uint64_t first,
                 uint64_t limit, uint64_t *consumed, uint64_t *packets,
                 uint64_t counted[HW_REASONS]);

/* hw_use_lanes: how many rows are read at once, which changes nothing in what is read: 1, 8 or 16, as many as compiler and processor
 * allow. Where `most` is not 0 it is the most from now on, in the whole process: for tests and measurements. */
uint32_t hw_use_lanes(uint32_t most);

uint32_t hw_abi(void);

#endif
