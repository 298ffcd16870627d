/* packet.h - what the header readers pass to each other: one packet, one row.
 *
 * Readers of layers take the packet and an offset into it, write what they
 * read into the row and hand over to the next layer. Two limits hold: the
 * frame's captured bytes, and `end`, where the length fields read so far say
 * the packet ends on the wire.
 */
#ifndef HEADWISE_PACKET_H
#define HEADWISE_PACKET_H

#include "bytes.h"
#include "headwise.h"

typedef struct hw_packet {
  hw_bytes frame;
  uint64_t end;
  const hw_columns *columns;
  uint64_t row;
  uint32_t present;
} hw_packet;

/* Write a nullable column of the packet's row. */
#define HW_SET(packet, column, bit, value) \
  ((packet)->columns->column[(packet)->row] = (value), (packet)->present |= (uint32_t)(bit))

/* Remember what stopped the reading; what follows from it is no second problem. */
static inline void hw_stop(hw_packet *packet, uint32_t problem) {
  if (!(packet->present & (HW_CUT | HW_MALFORMED))) packet->present |= problem;
}

/* Whether `size` bytes at `at` can be read; remembers why not. */
static inline bool hw_reach(hw_packet *packet, uint64_t at, uint64_t size) {
  bool inside = at <= packet->end && size <= packet->end - at;
  if (inside && hw_holds(packet->frame, at, size)) return true;
  hw_stop(packet, inside ? HW_CUT : HW_MALFORMED);
  return false;
}

/* Bytes between `at` and the end of the packet. */
static inline uint64_t hw_left(const hw_packet *packet, uint64_t at) { return at < packet->end ? packet->end - at : 0; }

/* Says that the packet ends `size` bytes after `at`, if that is not more than is known already. */
static inline void hw_limit(hw_packet *packet, uint64_t at, uint64_t size) {
  if (at <= packet->end && size < packet->end - at) packet->end = at + size;
}

/* link.c: from the first byte of the frame. */
enum hw_reason hw_link(hw_packet *packet, uint32_t link_type);

/* network.c: by EtherType (or 802.3 length), by LLC, by PPP's protocol, and by the version in IP's first byte. */
void hw_network(hw_packet *packet, uint64_t at, uint16_t type);
void hw_logical_link(hw_packet *packet, uint64_t at);
void hw_ppp(hw_packet *packet, uint64_t at);
void hw_pppoe(hw_packet *packet, uint64_t at);
void hw_ip(hw_packet *packet, uint64_t at);

/* ipv4.c, ipv6.c, arp.c */
void hw_ipv4(hw_packet *packet, uint64_t at);
void hw_ipv6(hw_packet *packet, uint64_t at);
void hw_arp(hw_packet *packet, uint64_t at);

/* transport.c, tcp.c: the header of `protocol`, and how much of the packet follows it (or lies behind `at`). */
void hw_payload(hw_packet *packet, uint64_t at);
void hw_transport(hw_packet *packet, uint64_t at, uint8_t protocol);
void hw_tcp(hw_packet *packet, uint64_t at);

#endif
