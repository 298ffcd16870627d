/* network.c - what lies between the link layer and IP: EtherTypes, VLAN tags, LLC and SNAP, PPP, PPPoE, MPLS.
 *
 * Source: IEEE 802.1Q and 802.2; RFC 1042 (SNAP), 1661 (PPP), 2516 (PPPoE), 3032 (MPLS).
 */
#include "packet.h"

enum ethertype {
  LAST_LENGTH = 1500, FIRST_TYPE = 0x600,
  IPV4 = 0x0800, ARP = 0x0806, REVERSE_ARP = 0x8035, VLAN = 0x8100, IPV6 = 0x86dd, MPLS = 0x8847, MPLS_MULTICAST = 0x8848,
  PPPOE_SESSION = 0x8864, SERVICE_VLAN = 0x88a8, OLD_QINQ = 0x9100, OLDER_QINQ = 0x9200, OLDEST_QINQ = 0x9300,
};

static bool is_tag(uint16_t type) {
  return type == VLAN || type == SERVICE_VLAN || type == OLD_QINQ || type == OLDER_QINQ || type == OLDEST_QINQ;
}

/* The version decides, as some senders announce IPv6 as IPv4. */
void hw_ip(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 1)) return;
  uint8_t version = hw_u8(packet->frame, at) >> 4;
  if (version == 6) hw_ipv6(packet, at);
  else hw_ipv4(packet, at);
}

/* Labels up to the one that says it is the last; what follows is told by its version only (RFC 4928). */
static void mpls(hw_packet *packet, uint64_t at) {
  uint32_t last = 0;
  while (!last) {
    if (!hw_reach(packet, at, 4)) return;
    last = hw_be32(packet->frame, at) & 0x100;
    at += 4;
  }
  if (!hw_reach(packet, at, 1)) return;
  uint8_t version = hw_u8(packet->frame, at) >> 4;
  if (version == 4 || version == 6) hw_ip(packet, at);
}

/* The protocol number takes one byte where that is odd, else two. */
void hw_ppp(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 1)) return;
  uint16_t protocol = hw_u8(packet->frame, at);
  if (!(protocol & 1)) {
    if (!hw_reach(packet, at, 2)) return;
    protocol = hw_be16(packet->frame, at);
    at += 1;
  }
  at += 1;
  if (protocol == 0x21) hw_ip(packet, at);
  else if (protocol == 0x57) hw_ipv6(packet, at);
  else if (protocol == 0x281 || protocol == 0x283) mpls(packet, at);
}

void hw_pppoe(hw_packet *packet, uint64_t at) {
  const uint16_t session_data = 0x1100; /* version 1, type 1, code 0 */
  if (!hw_reach(packet, at, 2) || hw_be16(packet->frame, at) != session_data) return;
  if (!hw_reach(packet, at, 6)) return;
  hw_limit(packet, at + 6, hw_be16(packet->frame, at + 4));
  hw_ppp(packet, at + 6);
}

static void by_type(hw_packet *packet, uint64_t at, uint16_t type) {
  HW_SET(packet, ethertype, HW_ETHERTYPE, type);
  switch (type) {
    case IPV4: hw_ip(packet, at); return;
    case IPV6: hw_ipv6(packet, at); return;
    case ARP:
    case REVERSE_ARP: hw_arp(packet, at); return;
    case MPLS:
    case MPLS_MULTICAST: mpls(packet, at); return;
    case PPPOE_SESSION: hw_pppoe(packet, at); return;
    default: return;
  }
}

/* Read tags from *at on; *type becomes what follows the last one. */
static bool pass_tags(hw_packet *packet, uint64_t *at, uint16_t *type) {
  for (; is_tag(*type); *at += 4) {
    if (!hw_reach(packet, *at, 2)) return false;
    uint16_t identifier = hw_be16(packet->frame, *at) & 0xfff;
    if (!(packet->present & HW_VLAN)) HW_SET(packet, vlan, HW_VLAN, identifier);
    if (!hw_reach(packet, *at + 2, 2)) return false;
    *type = hw_be16(packet->frame, *at + 2);
  }
  return true;
}

void hw_logical_link(hw_packet *packet, uint64_t at) {
  const uint32_t snap = 0xaaaa03, internet = 0x060603, ethernet = 0, bridged = 0xf8; /* RFC 1042; IEEE 802.1H */
  if (!hw_reach(packet, at, 3)) return;
  uint32_t service = (uint32_t)hw_be16(packet->frame, at) << 8 | hw_u8(packet->frame, at + 2);
  if (service == internet) hw_ip(packet, at + 3);
  if (service != snap || !hw_reach(packet, at + 3, 3)) return;
  uint32_t organisation = hw_be32(packet->frame, at + 2) & 0xffffff;
  if ((organisation != ethernet && organisation != bridged) || !hw_reach(packet, at + 6, 2)) return;
  uint16_t type = hw_be16(packet->frame, at + 6);
  at += 8;
  /* No LLC in LLC: a frame must not nest as deep as it is long. */
  if (pass_tags(packet, &at, &type) && type >= FIRST_TYPE) by_type(packet, at, type);
}

void hw_network(hw_packet *packet, uint64_t at, uint16_t type) {
  if (!pass_tags(packet, &at, &type)) return;
  if (type >= FIRST_TYPE) {
    by_type(packet, at, type);
  } else if (type <= LAST_LENGTH) {
    hw_limit(packet, at, type);
    hw_logical_link(packet, at);
  }
}
