/* windows_state.h - an open window, as the windows_*.c files fill it. */
#ifndef HEADWISE_WINDOWS_STATE_H
#define HEADWISE_WINDOWS_STATE_H

#include <string.h>

#include "windows.h"

/* Sizes are exact up to an Ethernet packet's; larger ones (offloaded
 * segments, jumbo frames) fall into steps of 256 bytes. */
#define HW_SIZE_EXACT 1536
#define HW_SIZE_BINS (HW_SIZE_EXACT + 250)
/* Gaps in units of 65.536 us, 16 bins an octave, up to 78 hours. */
#define HW_GAP_BINS 464
#define HW_LENGTH_BINS 2048
#define HW_TABLE 256      /* slots of the small tables; a power of two */
#define HW_TABLE_FULL 192 /* entries they take: what comes later is not counted */
#define HW_BURST_SILENCE 1000000000

typedef struct hw_remote {
  uint64_t key;
  int64_t contact, last; /* start of the latest contact; latest packet sent */
} hw_remote;

typedef struct hw_connection {
  uint64_t key;
  uint64_t seen; /* enum in windows_tcp.c */
} hw_connection;

/* Bins with the range that was touched, so that reading and clearing them
 * costs what was used. */
typedef struct hw_range { uint32_t low, high; } hw_range; /* high exclusive; high 0: empty */

typedef struct hw_open {
  hw_window window;
  uint64_t open; /* 0: the slot is free */
  int64_t end;
  int64_t last[2]; /* latest packet each way */
  int64_t tenth_start, tenth_end; /* of the latest packet: half open */
  int64_t burst_start, burst_last, connection_last, ntp_last;
  uint64_t burst_packets, burst_bytes, events, ntp_seen;
  uint16_t latest_own_port, latest_remote_port; /* in the tables already; 0 none */
  hw_range size_range[2], payload_range[2], gap_range[2];
  hw_range burst_range, contact_range, connection_range, ntp_range;
  uint32_t size[2][HW_SIZE_BINS], payload[2][HW_SIZE_BINS], gap[2][HW_GAP_BINS];
  uint32_t burst[HW_GAP_BINS], contact[HW_GAP_BINS], connection[HW_GAP_BINS], ntp[HW_GAP_BINS];
  uint32_t ttl[256];
  uint64_t lengths[HW_MESSAGES][HW_LENGTH_BINS / 64];
  uint16_t query_lengths[512], hello_lengths[HW_LENGTH_BINS];
  hw_remote remote[HW_TABLE];
  hw_connection connection_table[HW_TABLE];
  uint16_t remote_port[HW_TABLE], own_port[HW_TABLE];
} hw_open;

/* A packet as the device saw it. */
typedef struct hw_seen {
  const hw_columns *columns;
  uint64_t row;
  int64_t time;
  uint32_t present, size, payload;
  uint16_t own_port, remote_port, flags;
  uint8_t direction, peer, kind, tcp, udp, own_class, remote_class;
} hw_seen;

static inline uint32_t hw_size_bin(uint32_t size) {
  if (size < HW_SIZE_EXACT) return size;
  uint32_t bin = HW_SIZE_EXACT + (size - HW_SIZE_EXACT) / 256;
  return bin < HW_SIZE_BINS ? bin : HW_SIZE_BINS - 1;
}

static inline uint32_t hw_gap_bin(int64_t gap) {
  uint64_t units = gap > 0 ? (uint64_t)gap >> 16 : 0;
  if (units < 16) return (uint32_t)units;
  uint32_t octave = 63 - (uint32_t)__builtin_clzll(units);
  uint32_t bin = 16 * (octave - 3) + (uint32_t)((units >> (octave - 4)) & 15);
  return bin < HW_GAP_BINS ? bin : HW_GAP_BINS - 1;
}

static inline void hw_count_bin(uint32_t *bins, hw_range *range, uint32_t bin) {
  if (bin < range->low || range->high == 0) range->low = bin;
  if (bin >= range->high) range->high = bin + 1;
  bins[bin]++;
}

/* A header may be cut between its ports: then none counts as known. */
static inline int hw_has_ports(const hw_seen *packet) {
  return (packet->present & HW_SOURCE_PORT) && (packet->present & HW_DESTINATION_PORT);
}

/* The other end's address as one number; 0 stands for none. */
static inline uint64_t hw_remote_key(const hw_seen *packet) {
  const hw_columns *columns = packet->columns;
  const uint8_t *address = (packet->direction == HW_SENT ? columns->destination_ip : columns->source_ip) + 16 * packet->row;
  uint64_t high, low;
  memcpy(&high, address, 8);
  memcpy(&low, address + 8, 8);
  uint64_t key = (high * 0x9E3779B97F4A7C15u) ^ (low * 0xC2B2AE3D27D4EB4Fu);
  key ^= key >> 32;
  key *= 0xD6E8FEB86659FD93u;
  key ^= key >> 32;
  return key ? key : 1;
}

/* windows_bins.c */
void hw_close_sizes(hw_open *open);
void hw_close_gaps(hw_open *open);
void hw_close_rhythm(hw_window_rhythm *rhythm, uint32_t *bins, hw_range *range);

/* What a packet adds: one function a subject. */
void hw_count_traffic(hw_open *open, const hw_seen *packet);   /* windows_traffic.c */
void hw_count_tcp(hw_open *open, const hw_seen *packet);       /* windows_tcp.c */
void hw_count_messages(hw_open *open, const hw_seen *packet);  /* windows_messages.c */
void hw_count_length(hw_open *open, enum hw_message message, uint32_t length);
void hw_close_messages(hw_open *open);
void hw_count_rhythm(hw_open *open, const hw_seen *packet);    /* windows_rhythm.c */
void hw_close_bursts(hw_open *open);

#endif
