/* ipv4.c - the IPv4 header (RFC 791, 2474). */
#include "ip.h"

#define SHORTEST 20u

/* The fields between total length and options, as far as they were captured. */
static void read_fields(hw_packet *packet, uint64_t at) {
  hw_bytes frame = packet->frame;
  if (hw_reach(packet, at + 4, 2)) HW_SET(packet, ip_id, HW_IP_ID, hw_be16(frame, at + 4));
  if (hw_reach(packet, at + 6, 2)) {
    uint16_t fragment = hw_be16(frame, at + 6);
    HW_SET(packet, fragment_offset, HW_FRAGMENT_OFFSET, (uint16_t)(fragment << 3));
    HW_SET(packet, more_fragments, HW_MORE_FRAGMENTS, fragment >> 13 & 1);
  }
  if (hw_reach(packet, at + 8, 1)) HW_SET(packet, ttl, HW_TTL, hw_u8(frame, at + 8));
  if (hw_reach(packet, at + 9, 1)) HW_SET(packet, protocol, HW_PROTOCOL, hw_u8(frame, at + 9));
  hw_addresses(packet, at + 12, at + 16, 4);
}

/* Where the lengths stand: false where they are no IPv4 header's. */
static bool read_lengths(hw_packet *packet, uint64_t at, uint64_t header) {
  if (hw_reach(packet, at + 1, 1)) HW_SET(packet, dscp, HW_DSCP, hw_u8(packet->frame, at + 1) >> 2);
  if (!hw_reach(packet, at + 2, 2)) return false;
  uint64_t total = hw_be16(packet->frame, at + 2);
  if (total == 0) total = hw_left(packet, at); /* left to the network card, which cuts the packet up */
  HW_SET(packet, ip_length, HW_IP_LENGTH, (uint32_t)total);
  hw_limit(packet, at, total);
  if (total < header) hw_stop(packet, HW_MALFORMED);
  return total >= header;
}

void hw_ipv4(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 1)) return;
  uint64_t header = (uint64_t)(hw_u8(packet->frame, at) & 15) * 4;
  bool version = hw_u8(packet->frame, at) >> 4 == 4;
  if (version) HW_SET(packet, ip_version, HW_IP_VERSION, 4);
  if (!version || header < SHORTEST) {
    hw_stop(packet, HW_MALFORMED);
    return;
  }
  if (!read_lengths(packet, at, header)) return;
  read_fields(packet, at);
  if (!(packet->present & HW_DESTINATION_IP)) return;
  if (hw_be16(packet->frame, at + 6) & 0x1fff) hw_payload(packet, at + header);
  else hw_transport(packet, at + header, hw_u8(packet->frame, at + 9));
}
