/* ip.h - what IPv4, IPv6 and ARP share. */
#ifndef HEADWISE_IP_H
#define HEADWISE_IP_H

#include "packet.h"

/* Protocol numbers whose headers are read or passed over. */
enum ip_protocol {
  HOP_BY_HOP = 0, ICMP = 1, TCP = 6, UDP = 17, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51, ICMPV6 = 58,
  DESTINATION_OPTIONS = 60, MOBILITY = 135, HOST_IDENTITY = 139, SHIM6 = 140,
};

/* An IPv4 address as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
static inline void hw_map_address(hw_bytes bytes, uint64_t at, uint8_t *target) {
  memset(target, 0, 10);
  memset(target + 10, 0xff, 2);
  hw_copy(bytes, at, target + 12, 4);
}

/* Addresses, IPv4 (4 bytes) or IPv6 (16), as far as they can be read. */
static inline void hw_addresses(hw_packet *packet, uint64_t source, uint64_t destination, uint64_t size) {
  uint8_t *targets[2] = {packet->columns->source_ip + 16 * packet->row, packet->columns->destination_ip + 16 * packet->row};
  const uint64_t places[2] = {source, destination};
  const uint32_t bits[2] = {HW_SOURCE_IP, HW_DESTINATION_IP};
  for (int i = 0; i < 2 && hw_reach(packet, places[i], size); i++) {
    if (size == 4) hw_map_address(packet->frame, places[i], targets[i]);
    else hw_copy(packet->frame, places[i], targets[i], size);
    packet->present |= bits[i];
  }
}

#endif
