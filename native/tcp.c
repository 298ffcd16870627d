/* tcp.c - the TCP header and its options (RFC 9293, 7323). */
#include "packet.h"

#define SHORTEST 20u

enum option { END = 0, NOTHING = 1, MAXIMUM_SEGMENT = 2, WINDOW_SCALE = 3 };

/* Options from `at` to `end`: their kinds in order, and the two values that are kept. */
static void options(hw_packet *packet, uint64_t at, uint64_t end) {
  hw_bytes frame = packet->frame;
  uint64_t kinds = 0;
  uint32_t shift = 0;
  while (at < end && hw_reach(packet, at, 1)) {
    uint8_t kind = hw_u8(frame, at);
    uint64_t size = 1;
    if (shift < 64) kinds |= (uint64_t)(kind > 14 ? 15 : kind) << shift;
    shift += 4;
    packet->present |= HW_TCP_OPTIONS;
    if (kind == END) break;
    if (kind != NOTHING) {
      if (!hw_reach(packet, at + 1, 1)) break;
      size = hw_u8(frame, at + 1);
      if (size < 2 || size > end - at) {
        hw_stop(packet, HW_MALFORMED);
        break;
      }
      if (kind == MAXIMUM_SEGMENT && size == 4 && hw_reach(packet, at + 2, 2))
        HW_SET(packet, tcp_mss, HW_TCP_MSS, hw_be16(frame, at + 2));
      if (kind == WINDOW_SCALE && size == 3 && hw_reach(packet, at + 2, 1))
        HW_SET(packet, tcp_window_scale, HW_TCP_WINDOW_SCALE, hw_u8(frame, at + 2));
    }
    at += size;
  }
  packet->columns->tcp_options[packet->row] = kinds;
}

void hw_tcp(hw_packet *packet, uint64_t at) {
  hw_bytes frame = packet->frame;
  if (hw_reach(packet, at, 2)) HW_SET(packet, source_port, HW_SOURCE_PORT, hw_be16(frame, at));
  if (hw_reach(packet, at + 2, 2)) HW_SET(packet, destination_port, HW_DESTINATION_PORT, hw_be16(frame, at + 2));
  if (hw_reach(packet, at + 4, 4)) HW_SET(packet, tcp_sequence, HW_TCP_SEQUENCE, hw_be32(frame, at + 4));
  if (hw_reach(packet, at + 8, 4)) HW_SET(packet, tcp_acknowledgment, HW_TCP_ACKNOWLEDGMENT, hw_be32(frame, at + 8));
  if (!hw_reach(packet, at + 12, 2)) return;
  HW_SET(packet, tcp_flags, HW_TCP_FLAGS, hw_be16(frame, at + 12) & 0xfff);
  if (hw_reach(packet, at + 14, 2)) HW_SET(packet, tcp_window, HW_TCP_WINDOW, hw_be16(frame, at + 14));
  if (hw_reach(packet, at + 16, 2)) packet->columns->checksum[packet->row] = hw_be16(frame, at + 16);
  uint64_t header = (uint64_t)(hw_u8(frame, at + 12) >> 4) * 4;
  if (header < SHORTEST) {
    hw_stop(packet, HW_MALFORMED);
    return;
  }
  hw_payload(packet, at + header); /* known from here on, even where the rest was not captured */
  if (hw_reach(packet, at, SHORTEST) && at + header <= packet->end) options(packet, at + SHORTEST, at + header);
}
