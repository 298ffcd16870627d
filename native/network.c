/* network.c - what lies between the link layer and IP: EtherTypes, VLAN tags, SNAP, PPP, PPPoE, MPLS.
 *
 * Source: IEEE 802.1Q and 802.2; RFC 1661 (PPP), 2516 (PPPoE), 3032 (MPLS).
 */
#include "packet.h"

enum ethertype {
  LAST_LENGTH = 1500, FIRST_TYPE = 0x600,
  IPV4 = 0x0800, ARP = 0x0806, REVERSE_ARP = 0x8035, VLAN = 0x8100, IPV6 = 0x86dd, MPLS = 0x8847, MPLS_MULTICAST = 0x8848,
  PPPOE_SESSION = 0x8864, SERVICE_VLAN = 0x88a8, OLD_QINQ = 0x9100, OLDER_QINQ = 0x9200,
};

static bool is_tag(uint16_t type) {
  return type == VLAN || type == SERVICE_VLAN || type == OLD_QINQ || type == OLDER_QINQ;
}

void hw_ip(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 1)) return;
  uint8_t version = hw_u8(packet->frame, at) >> 4;
  if (version == 4) hw_ipv4(packet, at);
  else if (version == 6) hw_ipv6(packet, at);
  else packet->present |= HW_MALFORMED;
}

/* Labels up to the one that says it is the last; what follows is told by its version only. */
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

/* The protocol number takes one byte where it is odd, else two. */
void hw_ppp(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 1)) return;
  uint16_t protocol = hw_u8(packet->frame, at);
  if (protocol & 1) {
    at += 1;
  } else {
    if (!hw_reach(packet, at, 2)) return;
    protocol = hw_be16(packet->frame, at);
    at += 2;
  }
  if (protocol == 0x21) hw_ipv4(packet, at);
  else if (protocol == 0x57) hw_ipv6(packet, at);
  else if (protocol == 0x281 || protocol == 0x283) mpls(packet, at);
}

void hw_pppoe(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 6)) return;
  if (hw_u8(packet->frame, at + 1) != 0) return; /* not session data */
  hw_limit(packet, at + 6, hw_be16(packet->frame, at + 4));
  hw_ppp(packet, at + 6);
}

/* An 802.3 frame: a length, then LLC, which may be SNAP with an EtherType. */
static void logical_link(hw_packet *packet, uint64_t at, uint16_t length) {
  hw_limit(packet, at, length);
  if (!hw_reach(packet, at, 3)) return;
  bool snap = hw_be16(packet->frame, at) == 0xaaaa && hw_u8(packet->frame, at + 2) == 3;
  if (!snap || !hw_reach(packet, at + 3, 5)) return;
  uint32_t organisation = hw_be32(packet->frame, at + 2) & 0xffffff;
  if (organisation == 0) hw_network(packet, at + 8, hw_be16(packet->frame, at + 6));
}

void hw_network(hw_packet *packet, uint64_t at, uint16_t type) {
  while (is_tag(type)) {
    if (!hw_reach(packet, at, 2)) return;
    uint16_t identifier = hw_be16(packet->frame, at) & 0xfff;
    if (!(packet->present & HW_VLAN)) HW_SET(packet, vlan, HW_VLAN, identifier);
    if (!hw_reach(packet, at + 2, 2)) return;
    type = hw_be16(packet->frame, at + 2);
    at += 4;
  }
  if (type <= LAST_LENGTH) {
    logical_link(packet, at, type);
    return;
  }
  if (type < FIRST_TYPE) return;
  HW_SET(packet, ethertype, HW_ETHERTYPE, type);
  switch (type) {
    case IPV4: hw_ipv4(packet, at); return;
    case IPV6: hw_ipv6(packet, at); return;
    case ARP:
    case REVERSE_ARP: hw_arp(packet, at); return;
    case MPLS:
    case MPLS_MULTICAST: mpls(packet, at); return;
    case PPPOE_SESSION: hw_pppoe(packet, at); return;
    default: return;
  }
}
