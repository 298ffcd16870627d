/* transport.c - UDP, ICMP and ICMPv6 headers; TCP's is in tcp.c.
 *
 * Source: RFC 768, 792, 4443, 4302 (authentication header).
 */
#include "ip.h"

void hw_payload(hw_packet *packet, uint64_t at) {
  if (at > packet->end) hw_stop(packet, HW_MALFORMED);
  else HW_SET(packet, payload_length, HW_PAYLOAD_LENGTH, (uint32_t)(packet->end - at));
}

/* A length of zero leaves it to the IP header (RFC 2675). */
static void udp(hw_packet *packet, uint64_t at) {
  hw_bytes frame = packet->frame;
  if (hw_reach(packet, at, 2)) HW_SET(packet, source_port, HW_SOURCE_PORT, hw_be16(frame, at));
  if (hw_reach(packet, at + 2, 2)) HW_SET(packet, destination_port, HW_DESTINATION_PORT, hw_be16(frame, at + 2));
  if (!hw_reach(packet, at + 4, 2)) return;
  uint32_t length = hw_be16(frame, at + 4);
  if (length == 0) hw_payload(packet, at + 8);
  else if (length < 8) hw_stop(packet, HW_MALFORMED);
  else HW_SET(packet, payload_length, HW_PAYLOAD_LENGTH, length - 8);
  if (hw_reach(packet, at + 6, 2)) packet->columns->checksum[packet->row] = hw_be16(frame, at + 6);
}

static void icmp(hw_packet *packet, uint64_t at, uint64_t header) {
  hw_bytes frame = packet->frame;
  if (hw_reach(packet, at, 1)) HW_SET(packet, icmp_type, HW_ICMP_TYPE, hw_u8(frame, at));
  if (hw_reach(packet, at + 1, 1)) HW_SET(packet, icmp_code, HW_ICMP_CODE, hw_u8(frame, at + 1));
  if (!hw_reach(packet, at + 2, 2)) return;
  packet->columns->checksum[packet->row] = hw_be16(frame, at + 2);
  hw_payload(packet, at + header);
}

/* In IPv4 the authentication header is a protocol like others, and what it protects follows. */
static bool pass_authentication(hw_packet *packet, uint64_t *at, uint8_t *protocol) {
  while (*protocol == AUTHENTICATION) {
    if (!hw_reach(packet, *at, 2)) return false;
    uint64_t size = ((uint64_t)hw_u8(packet->frame, *at + 1) + 2) * 4;
    if (!hw_reach(packet, *at, size)) return false;
    *protocol = hw_u8(packet->frame, *at);
    HW_SET(packet, protocol, HW_PROTOCOL, *protocol);
    *at += size;
  }
  return true;
}

void hw_transport(hw_packet *packet, uint64_t at, uint8_t protocol) {
  if (!pass_authentication(packet, &at, &protocol)) return;
  switch (protocol) {
    case TCP: hw_tcp(packet, at); return;
    case UDP: udp(packet, at); return;
    case ICMP: icmp(packet, at, 8); return;
    case ICMPV6: icmp(packet, at, 4); return;
    default: hw_payload(packet, at); return;
  }
}
