/* transport.c - UDP, ICMP and ICMPv6 headers; TCP's is in tcp.c.
 *
 * Source: RFC 768, 792, 4443, 4302 (authentication header).
 */
#include "ip.h"

static void payload(hw_packet *packet, uint64_t length, uint64_t header) {
  if (length < header) packet->present |= HW_MALFORMED;
  else HW_SET(packet, payload_length, HW_PAYLOAD_LENGTH, (uint32_t)(length - header));
}

static void udp(hw_packet *packet, uint64_t at) {
  hw_bytes frame = packet->frame;
  if (hw_reach(packet, at, 2)) HW_SET(packet, source_port, HW_SOURCE_PORT, hw_be16(frame, at));
  if (hw_reach(packet, at + 2, 2)) HW_SET(packet, destination_port, HW_DESTINATION_PORT, hw_be16(frame, at + 2));
  if (hw_reach(packet, at + 4, 2)) payload(packet, hw_be16(frame, at + 4), 8);
  packet->columns->checksum[packet->row] = hw_be16(frame, at + 6);
}

static void icmp(hw_packet *packet, uint64_t at, uint64_t length) {
  hw_bytes frame = packet->frame;
  if (hw_reach(packet, at, 1)) HW_SET(packet, icmp_type, HW_ICMP_TYPE, hw_u8(frame, at));
  if (hw_reach(packet, at + 1, 1)) HW_SET(packet, icmp_code, HW_ICMP_CODE, hw_u8(frame, at + 1));
  payload(packet, length, 8);
  packet->columns->checksum[packet->row] = hw_be16(frame, at + 2);
}

void hw_transport(hw_packet *packet, uint64_t at, uint8_t protocol, uint64_t length) {
  while (protocol == AUTHENTICATION && hw_reach(packet, at, 2)) {
    uint64_t size = ((uint64_t)hw_u8(packet->frame, at + 1) + 2) * 4;
    if (size > length) {
      packet->present |= HW_MALFORMED;
      break;
    }
    protocol = hw_u8(packet->frame, at);
    HW_SET(packet, protocol, HW_PROTOCOL, protocol);
    at += size;
    length -= size;
  }
  switch (protocol) {
    case TCP: hw_tcp(packet, at, length); return;
    case UDP: udp(packet, at); return;
    case ICMP:
    case ICMPV6: icmp(packet, at, length); return;
    default: payload(packet, length, 0); return;
  }
}
