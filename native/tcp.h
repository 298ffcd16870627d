/* tcp.h - TCP options, for the two readers of TCP headers. */
#ifndef HEADWISE_TCP_H
#define HEADWISE_TCP_H

#include "bytes.h"
#include "headwise.h"

typedef struct hw_options {
  uint64_t kinds;   /* as in the column tcp_options */
  uint32_t present; /* HW_TCP_OPTIONS, HW_TCP_MSS, HW_TCP_WINDOW_SCALE; HW_CUT or HW_MALFORMED */
  uint16_t mss;
  uint8_t window_scale;
} hw_options;

/* Read options that take `size` bytes, as many of which as were captured are in `area`. */
hw_options hw_tcp_options(hw_bytes area, uint64_t size);

/* The same, quicker where a connection begins as most do: with the maximum segment size alone; or with it, selective acknowledgments
 * permitted and a timestamp; or with a window scale besides. */
static inline hw_options hw_usual_options(hw_bytes area, uint64_t size) {
  const uint32_t segment = 0x0204, selective_timestamp = 0x0402080a, nothing_scale = 0x010303;
  const uint32_t values = HW_TCP_OPTIONS | HW_TCP_MSS;
  uint32_t first = hw_be32(area, 0), last = hw_be32(area, 16);
  if (area.length < size || first >> 16 != segment) return hw_tcp_options(area, size);
  if (size == 4) return (hw_options){0x2, values, (uint16_t)first, 0};
  if (hw_be32(area, 4) != selective_timestamp) return hw_tcp_options(area, size);
  if (size == 16) return (hw_options){0x842, values, (uint16_t)first, 0};
  if (size != 20 || last >> 8 != nothing_scale) return hw_tcp_options(area, size);
  return (hw_options){0x31842, values | HW_TCP_WINDOW_SCALE, (uint16_t)first, (uint8_t)last};
}

#endif
