/* wide.c - headers.c once more for processors with AVX2, whose vectors hold sixteen rows; and which way this processor goes.
 *
 * The answer is asked of the processor once and kept: in a virtual machine asking takes longer than reading a batch.
 */
#include "wide.h"

#include <stdbool.h>
#include <string.h>

#ifdef HW_HAS_WIDE
#include <cpuid.h>

/* Whether processor and system know AVX2's registers. */
static bool has_avx2(void) {
  const uint32_t saves = 1u << 27, avx = 1u << 28, avx2 = 1u << 5, both_halves = 6;
  uint32_t a, b, c, d, kept, upper;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & (saves | avx)) != (saves | avx)) return false;
  __asm__ volatile("xgetbv" : "=a"(kept), "=d"(upper) : "c"(0));
  return (kept & both_halves) == both_halves && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & avx2);
}

static uint32_t best(void) { return has_avx2() ? HW_WIDE_LANES : 8; }

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

#define HW_WIDE
#include "turns.h"

uint64_t hw_headers_wide(const uint8_t *buffer, uint64_t length, const hw_columns *columns, uint64_t first, uint64_t count,
                         uint64_t counted[HW_REASONS], hw_interface *interfaces) {
  return read_headers(buffer, length, columns, first, count, counted, interfaces);
}

uint64_t hw_read_framing_wide(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final, const hw_columns *columns,
                              uint64_t first, uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]) {
  return read_framing(capture, buffer, length, final, columns, first, limit, consumed, packets, counted);
}

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#else
#include "lanes.h"

static uint32_t best(void) {
#ifdef HW_HAS_LANES
  return HW_LANES;
#else
  return 1;
#endif
}
#endif

uint32_t hw_use_lanes(uint32_t most) {
  static uint32_t can, lanes; /* 0: not asked yet */
  if (!can) can = lanes = best();
  if (most) lanes = most < can && can > 8 ? 8 : can;
  return lanes;
}
