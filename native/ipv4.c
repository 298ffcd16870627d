/* ipv4.c - the IPv4 header (RFC 791, 2474). */
#include "ip.h"

#define SHORTEST 20u

/* The fields up to the addresses, as far as they were captured. */
static void read_fields(hw_packet *packet, uint64_t at, uint64_t header) {
  hw_bytes frame = packet->frame;
  if (hw_reach(packet, at + 4, 2)) HW_SET(packet, ip_id, HW_IP_ID, hw_be16(frame, at + 4));
  if (hw_reach(packet, at + 6, 2)) {
    uint16_t fragment = hw_be16(frame, at + 6);
    HW_SET(packet, fragment_offset, HW_FRAGMENT_OFFSET, (uint16_t)(fragment << 3));
    HW_SET(packet, more_fragments, HW_MORE_FRAGMENTS, fragment >> 13 & 1);
  }
  if (hw_reach(packet, at + 8, 1)) HW_SET(packet, ttl, HW_TTL, hw_u8(frame, at + 8));
  if (hw_reach(packet, at + 9, 1)) HW_SET(packet, protocol, HW_PROTOCOL, hw_u8(frame, at + 9));
  if (hw_reach(packet, at + 12, 4)) {
    hw_map_address(frame, at + 12, packet->columns->source_ip + 16 * packet->row);
    packet->present |= HW_SOURCE_IP;
  }
  if (hw_reach(packet, at + 16, 4)) {
    hw_map_address(frame, at + 16, packet->columns->destination_ip + 16 * packet->row);
    packet->present |= HW_DESTINATION_IP;
  }
  (void)header;
}

/* Total length; 0 where the network card was left to fill it in. */
static uint64_t total_length(const hw_packet *packet, uint64_t at) {
  uint64_t total = hw_be16(packet->frame, at + 2);
  return total ? total : packet->end - at;
}

void hw_ipv4(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 1)) return;
  hw_bytes frame = packet->frame;
  uint64_t header = (uint64_t)(hw_u8(frame, at) & 15) * 4;
  if (hw_u8(frame, at) >> 4 != 4) {
    packet->present |= HW_MALFORMED;
    return;
  }
  HW_SET(packet, ip_version, HW_IP_VERSION, 4);
  if (header < SHORTEST) {
    packet->present |= HW_MALFORMED;
    return;
  }
  if (hw_reach(packet, at + 1, 1)) HW_SET(packet, dscp, HW_DSCP, hw_u8(frame, at + 1) >> 2);
  if (!hw_reach(packet, at + 2, 2)) return;
  uint64_t total = total_length(packet, at);
  HW_SET(packet, ip_length, HW_IP_LENGTH, (uint32_t)total);
  if (total < header) {
    packet->present |= HW_MALFORMED;
    return;
  }
  hw_limit(packet, at, total);
  read_fields(packet, at, header);
  if (!(packet->present & HW_PROTOCOL)) return;
  uint16_t fragment = hw_be16(frame, at + 6) & 0x1fff;
  uint64_t payload = total - header;
  if (fragment) HW_SET(packet, payload_length, HW_PAYLOAD_LENGTH, (uint32_t)payload);
  else hw_transport(packet, at + header, hw_u8(frame, at + 9), payload);
}
