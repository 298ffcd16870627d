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

/* The type of cooked headers: an EtherType, or one of Linux's own small numbers. */
enum cooked_type { LLC = 4, FIRST_ETHERTYPE = 0x600 };

static bool shorter(const hw_packet *packet, uint64_t size) { return !hw_holds(packet->frame, 0, size); }

static enum hw_reason ethernet(hw_packet *packet) {
  if (shorter(packet, 14)) return HW_LINK_CUT;
  HW_SET(packet, destination_mac, HW_DESTINATION_MAC, hw_mac(packet->frame, 0));
  HW_SET(packet, source_mac, HW_SOURCE_MAC, hw_mac(packet->frame, 6));
  uint16_t type = hw_be16(packet->frame, 12);
  if (type) hw_network(packet, 14, type);
  else HW_SET(packet, ethertype, HW_ETHERTYPE, 0); /* no type and no length either */
  return HW_ROW;
}

/* Cooked captures keep the sender's address only, of whatever kind it is. */
static void cooked(hw_packet *packet, uint64_t size, uint16_t hardware, uint32_t address_length, uint64_t address, uint16_t type) {
  const uint32_t frame_relay = 770, radiotap = 803, netlink = 824;
  if (address_length == 6) HW_SET(packet, source_mac, HW_SOURCE_MAC, hw_mac(packet->frame, address));
  if (hardware == frame_relay || hardware == radiotap || hardware == netlink) return; /* the type is something else there */
  if (type == LLC) hw_logical_link(packet, size);
  else if (type >= FIRST_ETHERTYPE) hw_network(packet, size, type);
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
  uint32_t family = hw_be32(packet->frame, 0), swapped = hw_le32(packet->frame, 0);
  if (!network_order && swapped < family) family = swapped; /* the order of the capturing machine, not of the file */
  if (family == 2) hw_ip(packet, 4);
  if (family == 10 || family == 23 || family == 24 || family == 28 || family == 30) hw_ipv6(packet, 4);
  return HW_ROW;
}

/* With or without HDLC's address and control bytes, or in Cisco's framing with an EtherType (RFC 1547, 4.3.1). */
static void ppp(hw_packet *packet) {
  uint8_t address = hw_u8(packet->frame, 0);
  if (address != 0x0f && address != 0x8f) hw_ppp(packet, hw_be16(packet->frame, 0) == 0xff03 ? 2 : 0);
  else if (hw_reach(packet, 2, 2)) hw_network(packet, 4, hw_be16(packet->frame, 2));
}

enum hw_reason hw_link(hw_packet *packet, uint32_t link_type) {
  switch (link_type) {
    case ETHERNET: return ethernet(packet);
    case LINUX_SLL: return linux_sll(packet);
    case LINUX_SLL2: return linux_sll2(packet);
    case NULL_LOOPBACK: return loopback(packet, false);
    case LOOP: return loopback(packet, true);
    case PPP:
    case PPP_HDLC: ppp(packet); return HW_ROW;
    case PPP_ETHER: hw_pppoe(packet, 0); return HW_ROW;
    case RAW_BSD:
    case RAW_OPENBSD:
    case RAW:
    case IPV4: hw_ip(packet, 0); return HW_ROW;
    case IPV6: hw_ipv6(packet, 0); return HW_ROW;
    case HW_UNDESCRIBED: return HW_NO_INTERFACE;
    default: return HW_LINK_TYPE;
  }
}
