/* tcp.c - the TCP header and its options (RFC 9293, 7323). */
#include "tcp.h"

#include "packet.h"

#define SHORTEST 20u

enum option { END = 0, NOTHING = 1, MAXIMUM_SEGMENT = 2, WINDOW_SCALE = 3 };

static bool captured(hw_options *options, hw_bytes area, uint64_t at, uint64_t size) {
  bool there = hw_holds(area, at, size);
  if (!there) options->present |= HW_CUT;
  return there;
}

/* Keep the value of the option at `at`; its length field says `length`. */
static void keep_value(hw_options *options, hw_bytes area, uint64_t at, uint8_t kind, uint64_t length) {
  if (kind == MAXIMUM_SEGMENT && length == 4 && captured(options, area, at + 2, 2)) {
    options->mss = hw_be16(area, at + 2);
    options->present |= HW_TCP_MSS;
  } else if (kind == WINDOW_SCALE && length == 3 && captured(options, area, at + 2, 1)) {
    options->window_scale = hw_u8(area, at + 2);
    options->present |= HW_TCP_WINDOW_SCALE;
  }
}

hw_options hw_tcp_options(hw_bytes area, uint64_t size) {
  hw_options options = {0};
  uint32_t shift = 0;
  for (uint64_t at = 0, length = 1; at < size && captured(&options, area, at, 1); at += length) {
    uint8_t kind = hw_u8(area, at);
    if (shift < 64) options.kinds |= (uint64_t)(kind > 14 ? 15 : kind) << shift;
    shift += 4;
    options.present |= HW_TCP_OPTIONS;
    length = 1;
    if (kind == END) break;
    if (kind == NOTHING) continue;
    if (at + 1 < size && !captured(&options, area, at + 1, 1)) break;
    length = at + 1 < size ? hw_u8(area, at + 1) : 0;
    if (length < 2 || length > size - at) {
      options.present |= HW_MALFORMED;
      break;
    }
    keep_value(&options, area, at, kind, length);
  }
  return options;
}

static void read_options(hw_packet *packet, uint64_t at, uint64_t size) {
  hw_options options = hw_tcp_options(hw_part(packet->frame, at, size), size);
  packet->columns->tcp_options[packet->row] = options.kinds;
  packet->columns->tcp_mss[packet->row] = options.mss;
  packet->columns->tcp_window_scale[packet->row] = options.window_scale;
  packet->present |= options.present & ~(uint32_t)(HW_CUT | HW_MALFORMED);
  hw_stop(packet, options.present & (HW_CUT | HW_MALFORMED));
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
  if (hw_reach(packet, at, SHORTEST) && at + header <= packet->end) read_options(packet, at + SHORTEST, header - SHORTEST);
}
