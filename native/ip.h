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

#endif
