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

/* Whether `size` bytes at `at` can be read; remembers why not. */
static inline bool hw_reach(hw_packet *packet, uint64_t at, uint64_t size) {
  if (at > packet->end || size > packet->end - at) {
    packet->present |= HW_MALFORMED;
    return false;
  }
  if (!hw_holds(packet->frame, at, size)) {
    packet->present |= HW_CUT;
    return false;
  }
  return true;
}

/* Says that the packet ends `size` bytes after `at`, if that is not more than is known already. */
static inline void hw_limit(hw_packet *packet, uint64_t at, uint64_t size) {
  if (at <= packet->end && size < packet->end - at) packet->end = at + size;
}

/* link.c: from the first byte of the frame. */
enum hw_reason hw_link(hw_packet *packet, uint32_t link_type);

/* network.c: by EtherType, and by the version in the first byte. */
void hw_network(hw_packet *packet, uint64_t at, uint16_t type);
void hw_ip(hw_packet *packet, uint64_t at);
void hw_ppp(hw_packet *packet, uint64_t at);
void hw_pppoe(hw_packet *packet, uint64_t at);

/* ipv4.c, ipv6.c, arp.c */
void hw_ipv4(hw_packet *packet, uint64_t at);
void hw_ipv6(hw_packet *packet, uint64_t at);
void hw_arp(hw_packet *packet, uint64_t at);

/* transport.c: the header of `protocol`; the packet ends at `at + length` by the
 * length fields, whatever was captured of it. */
void hw_transport(hw_packet *packet, uint64_t at, uint8_t protocol, uint64_t length);


void hw_tcp(hw_packet *packet, uint64_t at, uint64_t length);

#endif
