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

#endif
