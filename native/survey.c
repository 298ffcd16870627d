/* survey.c - one pass over times and presence, where asking row by row or column by column would cost more than reading did. */
#include "survey.h"

/* "Is less" in operations that every processor's vectors have: the sign of the difference, or its opposite where that overflows. */
static uint32_t is_ordered(const int64_t *time, uint64_t count) {
  uint64_t steps_back = 0;
  for (uint64_t row = 1; row < count; row++) {
    uint64_t before = (uint64_t)time[row - 1], now = (uint64_t)time[row], step = now - before;
    steps_back |= step ^ ((now ^ before) & (step ^ now));
  }
  return steps_back >> 63 == 0;
}

/* Where rows are out of order, or some have no time. */
static void find_bounds(const int64_t *time, const uint32_t *present, uint64_t count, hw_survey *out) {
  out->lowest = INT64_MAX;
  out->highest = INT64_MIN;
  for (uint64_t row = 0; row < count; row++) {
    if (!(present[row] & HW_TIME)) continue;
    if (time[row] < out->lowest) out->lowest = time[row];
    if (time[row] > out->highest) out->highest = time[row];
  }
}

void hw_survey_rows(const hw_columns *columns, uint64_t count, hw_survey *out) {
  const int64_t *time = columns->time;
  const uint32_t *present = columns->present;
  uint32_t some = 0, all = UINT32_MAX;
  for (uint64_t row = 0; row < count; row++) {
    some |= present[row];
    all &= present[row];
  }
  out->some = some;
  out->all = count ? all : 0;
  out->ordered = is_ordered(time, count);
  if (out->ordered && out->all & HW_TIME) {
    out->lowest = time[0];
    out->highest = time[count - 1];
  } else {
    find_bounds(time, present, count, out);
  }
}
