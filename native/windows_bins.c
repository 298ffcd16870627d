/* windows_bins.c - histograms of sizes and gaps, and what is read from them. */
#include <string.h>

#include "windows_state.h"

static const uint32_t percents[HW_QUANTILES] = {10, 25, 50, 75, 90};

static uint64_t size_value(uint32_t bin) {
  return bin < HW_SIZE_EXACT ? bin : HW_SIZE_EXACT + (uint64_t)(bin - HW_SIZE_EXACT) * 256;
}

/* The lower bound of a bin, in seconds. */
static double gap_value(uint32_t bin) {
  uint64_t units = bin;
  if (bin >= 16) units = (uint64_t)(16 + bin % 16) << (bin / 16 - 1);
  return (double)(units << 16) * 1e-9;
}

/* What one pass over a histogram finds. `second` is the most common bin but
 * the first; of equals the lower one wins. */
typedef struct hw_summary {
  uint32_t quantile[HW_QUANTILES], distinct, mode, second;
  uint64_t mode_count, second_count;
} hw_summary;

/* The q-quantile is the lowest bin that holds at least q of the total with
 * those below it. Clears the bins for the next window. */
static hw_summary summarise(uint32_t *bins, hw_range *range, uint64_t total) {
  hw_summary summary;
  memset(&summary, 0, sizeof summary);
  uint64_t below = 0;
  uint32_t next = 0;
  for (uint32_t bin = range->low; bin < range->high; bin++) {
    uint64_t count = bins[bin];
    if (count == 0) continue;
    below += count;
    summary.distinct++;
    while (next < HW_QUANTILES && below * 100 >= total * percents[next]) summary.quantile[next++] = bin;
    if (count > summary.mode_count) {
      summary.second = summary.mode;
      summary.second_count = summary.mode_count;
      summary.mode = bin;
      summary.mode_count = count;
    } else if (count > summary.second_count) {
      summary.second = bin;
      summary.second_count = count;
    }
  }
  if (range->high) memset(bins + range->low, 0, (range->high - range->low) * sizeof *bins);
  range->low = range->high = 0;
  return summary;
}

void hw_close_sizes(hw_open *open) {
  for (int way = 0; way < 2; way++) {
    hw_window_direction *by = &open->window.by[way];
    hw_summary size = summarise(open->size[way], &open->size_range[way], by->packets);
    for (int i = 0; i < HW_QUANTILES; i++) by->size_quantile[i] = size_value(size.quantile[i]);
    by->size_distinct = size.distinct;
    by->size_mode = size_value(size.mode);
    by->size_mode_count = size.mode_count;
    by->size_second = size_value(size.second);
    by->size_second_count = size.second_count;
    hw_summary payload = summarise(open->payload[way], &open->payload_range[way], by->payload_packets);
    by->payload_median = size_value(payload.quantile[2]);
    by->payload_mode = size_value(payload.mode);
    by->payload_mode_count = payload.mode_count;
    by->payload_second = size_value(payload.second);
    by->payload_second_count = payload.second_count;
    by->payload_distinct = payload.distinct;
  }
}

void hw_close_gaps(hw_open *open) {
  for (int way = 0; way < 2; way++) {
    hw_window_direction *by = &open->window.by[way];
    hw_summary gap = summarise(open->gap[way], &open->gap_range[way], by->gaps);
    for (int i = 0; i < HW_QUANTILES; i++) by->gap_quantile[i] = gap_value(gap.quantile[i]);
    by->gap_mode = gap_value(gap.mode);
    by->gap_mode_count = gap.mode_count;
  }
}

void hw_close_rhythm(hw_window_rhythm *rhythm, uint32_t *bins, hw_range *range) {
  hw_summary gap = summarise(bins, range, rhythm->gaps);
  rhythm->low = gap_value(gap.quantile[1]);
  rhythm->median = gap_value(gap.quantile[2]);
  rhythm->high = gap_value(gap.quantile[3]);
  rhythm->mode = gap_value(gap.mode);
  rhythm->mode_count = gap.mode_count;
}
