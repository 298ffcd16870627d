/* wide.h - reading sixteen rows at once, on x86-64 processors that can. */
#ifndef HEADWISE_WIDE_H
#define HEADWISE_WIDE_H

#include "headwise.h"

#if defined(__x86_64__) && !defined(__TINYC__) && (defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12))
#define HW_HAS_WIDE 1
#define HW_WIDE_LANES 16u

/* hw_headers and hw_read_framing with instructions that not every processor has: only where hw_use_lanes says HW_WIDE_LANES. */
uint64_t hw_headers_wide(const uint8_t *buffer, uint64_t length, const hw_columns *columns, uint64_t first, uint64_t count,
                         uint64_t counted[HW_REASONS], hw_interface *interfaces);
uint64_t hw_read_framing_wide(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final, const hw_columns *columns,
                              uint64_t first, uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]);
#endif

#endif
