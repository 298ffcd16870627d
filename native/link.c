/* link.c - link-layer headers: one function a kind, chosen by the capture's link type.
 *
 * Source: the tcpdump group's list of link types, with its descriptions of LINUX_SLL,
 * LINUX_SLL2, NULL and LOOP; RFC 1661 and 1662 (PPP); RFC 2516 (PPPoE).
 */
#include "packet.h"

enum link_type {
  NULL_LOOPBACK = 0, ETHERNET = 1, PPP = 9, RAW_BSD = 12, RAW_OPENBSD = 14, PPP_HDLC = 50, PPP_ETHER = 51,
  RAW = 101, LOOP = 108, LINUX_SLL = 113, IPV4 = 228, IPV6 = 229, LINUX_SLL2 = 276,
};

static bool shorter(const hw_packet *packet, uint64_t size) { return !hw_holds(packet->frame, 0, size); }

static enum hw_reason ethernet(hw_packet *packet) {
  if (shorter(packet, 14)) return HW_LINK_CUT;
  HW_SET(packet, destination_mac, HW_DESTINATION_MAC, hw_mac(packet->frame, 0));
  HW_SET(packet, source_mac, HW_SOURCE_MAC, hw_mac(packet->frame, 6));
  hw_network(packet, 14, hw_be16(packet->frame, 12));
  return HW_ROW;
}

/* Cooked captures keep the sender's address only, of whatever kind it is. */
static void cooked(hw_packet *packet, uint64_t size, uint16_t hardware, uint32_t address_length, uint64_t address, uint16_t type) {
  const uint32_t netlink = 824;
  if (address_length == 6) HW_SET(packet, source_mac, HW_SOURCE_MAC, hw_mac(packet->frame, address));
  if (hardware != netlink) hw_network(packet, size, type);
}

static enum hw_reason linux_sll(hw_packet *packet) {
  if (shorter(packet, 16)) return HW_LINK_CUT;
  hw_bytes frame = packet->frame;
  cooked(packet, 16, hw_be16(frame, 2), hw_be16(frame, 4), 6, hw_be16(frame, 14));
  return HW_ROW;
}

static enum hw_reason linux_sll2(hw_packet *packet) {
  if (shorter(packet, 20)) return HW_LINK_CUT;
  hw_bytes frame = packet->frame;
  cooked(packet, 20, hw_be16(frame, 8), hw_u8(frame, 11), 12, hw_be16(frame, 0));
  return HW_ROW;
}

/* Each system has its own number for IPv6. */
static enum hw_reason loopback(hw_packet *packet, bool network_order) {
  if (shorter(packet, 4)) return HW_LINK_CUT;
  uint32_t family = hw_be32(packet->frame, 0);
  if (!network_order && family > 0xffff) family = hw_le32(packet->frame, 0);
  if (family == 2) hw_ipv4(packet, 4);
  if (family == 10 || family == 23 || family == 24 || family == 28 || family == 30) hw_ipv6(packet, 4);
  return HW_ROW;
}

static enum hw_reason ppp_hdlc(hw_packet *packet) {
  if (shorter(packet, 2)) return HW_LINK_CUT;
  uint16_t address = hw_be16(packet->frame, 0);
  if (address == 0x0f00 || address == 0x8f00) { /* Cisco's framing */
    if (shorter(packet, 4)) return HW_LINK_CUT;
    hw_network(packet, 4, hw_be16(packet->frame, 2));
  } else {
    hw_ppp(packet, address == 0xff03 ? 2 : 0);
  }
  return HW_ROW;
}

static enum hw_reason ppp_ether(hw_packet *packet) {
  if (shorter(packet, 6)) return HW_LINK_CUT;
  hw_pppoe(packet, 0);
  return HW_ROW;
}

enum hw_reason hw_link(hw_packet *packet, uint32_t link_type) {
  switch (link_type) {
    case ETHERNET: return ethernet(packet);
    case LINUX_SLL: return linux_sll(packet);
    case LINUX_SLL2: return linux_sll2(packet);
    case NULL_LOOPBACK: return loopback(packet, false);
    case LOOP: return loopback(packet, true);
    case PPP:
    case PPP_HDLC: return ppp_hdlc(packet);
    case PPP_ETHER: return ppp_ether(packet);
    case RAW_BSD:
    case RAW_OPENBSD:
    case RAW: hw_ip(packet, 0); return HW_ROW;
    case IPV4: hw_ipv4(packet, 0); return HW_ROW;
    case IPV6: hw_ipv6(packet, 0); return HW_ROW;
    case HW_UNDESCRIBED: return HW_NO_INTERFACE;
    default: return HW_LINK_TYPE;
  }
}
