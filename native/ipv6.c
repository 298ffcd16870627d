/* ipv6.c - the IPv6 header and the chain of headers behind it (RFC 8200). */
#include "ip.h"

#define HEADER 40u

/* Bytes of the extension header at `at`, 0 where `kind` is none that another header follows. */
static uint64_t extension_size(hw_bytes frame, uint64_t at, uint8_t kind) {
  switch (kind) {
    case HOP_BY_HOP:
    case ROUTING:
    case DESTINATION_OPTIONS:
    case MOBILITY:
    case HOST_IDENTITY:
    case SHIM6: return ((uint64_t)hw_u8(frame, at + 1) + 1) * 8;
    case FRAGMENT: return 8;
    default: return 0;
  }
}

static bool is_extension(uint8_t kind) {
  return kind == HOP_BY_HOP || kind == ROUTING || kind == FRAGMENT || kind == DESTINATION_OPTIONS || kind == MOBILITY ||
         kind == HOST_IDENTITY || kind == SHIM6;
}

static void payload(hw_packet *packet, uint64_t length) {
  HW_SET(packet, payload_length, HW_PAYLOAD_LENGTH, (uint32_t)length);
}

/* Follow the chain from `at`, which holds `left` bytes by the length field. Each header is at least 8 bytes long, so it ends. */
static void follow(hw_packet *packet, uint64_t at, uint8_t kind, uint64_t left) {
  hw_bytes frame = packet->frame;
  while (is_extension(kind)) {
    if (!hw_reach(packet, at, 2)) break;
    uint64_t size = extension_size(frame, at, kind);
    if (size > left) {
      packet->present |= HW_MALFORMED;
      break;
    }
    uint8_t next = hw_u8(frame, at);
    bool fragment = kind == FRAGMENT;
    if (fragment && !hw_reach(packet, at, 4)) break;
    kind = next;
    left -= size;
    if (fragment) {
      uint16_t word = hw_be16(frame, at + 2);
      HW_SET(packet, fragment_offset, HW_FRAGMENT_OFFSET, word & 0xfff8);
      HW_SET(packet, more_fragments, HW_MORE_FRAGMENTS, word & 1);
      if (word & 0xfff8) {
        HW_SET(packet, protocol, HW_PROTOCOL, kind);
        payload(packet, left);
        return;
      }
    }
    at += size;
  }
  HW_SET(packet, protocol, HW_PROTOCOL, kind);
  if (!is_extension(kind)) hw_transport(packet, at, kind, left);
}

void hw_ipv6(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 1)) return;
  hw_bytes frame = packet->frame;
  if (hw_u8(frame, at) >> 4 != 6) {
    packet->present |= HW_MALFORMED;
    return;
  }
  HW_SET(packet, ip_version, HW_IP_VERSION, 6);
  if (hw_reach(packet, at, 2)) HW_SET(packet, dscp, HW_DSCP, hw_be16(frame, at) >> 6 & 0x3f);
  if (!hw_reach(packet, at + 4, 2)) return;
  uint64_t length = hw_be16(frame, at + 4);
  HW_SET(packet, ip_length, HW_IP_LENGTH, (uint32_t)(HEADER + length));
  hw_limit(packet, at, HEADER + length);
  if (hw_reach(packet, at + 7, 1)) HW_SET(packet, ttl, HW_TTL, hw_u8(frame, at + 7));
  if (hw_reach(packet, at + 8, 16)) {
    hw_copy(frame, at + 8, packet->columns->source_ip + 16 * packet->row, 16);
    packet->present |= HW_SOURCE_IP;
  }
  if (hw_reach(packet, at + 24, 16)) {
    hw_copy(frame, at + 24, packet->columns->destination_ip + 16 * packet->row, 16);
    packet->present |= HW_DESTINATION_IP;
  }
  if (hw_reach(packet, at + 6, 1)) follow(packet, at + HEADER, hw_u8(frame, at + 6), length);
}
