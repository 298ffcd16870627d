/* ipv6.c - the IPv6 header and the chain of headers behind it (RFC 8200). */
#include "ip.h"

#define HEADER 40u

static bool is_extension(uint8_t kind) {
  switch (kind) {
    case HOP_BY_HOP:
    case ROUTING:
    case FRAGMENT:
    case DESTINATION_OPTIONS:
    case AUTHENTICATION:
    case MOBILITY:
    case HOST_IDENTITY:
    case SHIM6: return true;
    default: return false;
  }
}

/* Zero bytes before these are a jumbogram's (RFC 2675), or their number was left to the network card. */
static bool is_never_empty(uint8_t kind) { return kind == HOP_BY_HOP || kind == TCP || kind == UDP; }

/* All but two count 8 bytes beyond the first 8. */
static uint64_t extension_size(hw_bytes frame, uint64_t at, uint8_t kind) {
  uint64_t count = hw_u8(frame, at + 1);
  if (kind == FRAGMENT) return 8;
  return kind == AUTHENTICATION ? (count + 2) * 4 : (count + 1) * 8;
}

static bool is_later_fragment(hw_packet *packet, uint64_t at) {
  uint16_t word = hw_be16(packet->frame, at + 2);
  HW_SET(packet, fragment_offset, HW_FRAGMENT_OFFSET, word & 0xfff8);
  HW_SET(packet, more_fragments, HW_MORE_FRAGMENTS, word & 1);
  return word & 0xfff8;
}

/* Follow the chain from `at`. Every header takes at least 8 bytes of the frame, so it ends. */
static void follow(hw_packet *packet, uint64_t at, uint8_t kind) {
  bool later = false;
  while (is_extension(kind) && !later) {
    if (!hw_reach(packet, at, kind == FRAGMENT ? 8 : 2)) return; /* as much as its size is known by */
    uint64_t size = extension_size(packet->frame, at, kind);
    if (!hw_reach(packet, at, size)) return;
    later = kind == FRAGMENT && is_later_fragment(packet, at);
    kind = hw_u8(packet->frame, at);
    HW_SET(packet, protocol, HW_PROTOCOL, kind);
    at += size;
  }
  if (later) hw_payload(packet, at);
  else hw_transport(packet, at, kind);
}

void hw_ipv6(hw_packet *packet, uint64_t at) {
  hw_bytes frame = packet->frame;
  if (!hw_reach(packet, at, 1)) return;
  if (hw_u8(frame, at) >> 4 != 6) {
    hw_stop(packet, HW_MALFORMED);
    return;
  }
  HW_SET(packet, ip_version, HW_IP_VERSION, 6);
  if (hw_reach(packet, at, 2)) HW_SET(packet, dscp, HW_DSCP, hw_be16(frame, at) >> 6 & 0x3f);
  if (!hw_reach(packet, at + 4, 2)) return;
  uint32_t length = hw_be16(frame, at + 4);
  HW_SET(packet, ip_length, HW_IP_LENGTH, HEADER + length);
  if (length || !is_never_empty(hw_u8(frame, at + 6))) hw_limit(packet, at, HEADER + length);
  if (hw_reach(packet, at + 6, 1)) HW_SET(packet, protocol, HW_PROTOCOL, hw_u8(frame, at + 6));
  if (hw_reach(packet, at + 7, 1)) HW_SET(packet, ttl, HW_TTL, hw_u8(frame, at + 7));
  hw_addresses(packet, at + 8, at + 24, 16);
  if (packet->present & HW_DESTINATION_IP) follow(packet, at + HEADER, hw_u8(frame, at + 6));
}
