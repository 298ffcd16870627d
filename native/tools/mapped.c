/* mapped.c - captures as mapped files, which may lose their end while they are read. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../guard.h"
#include "feed.h"

static hw_mapping *map(const uint8_t *data, size_t size) {
  hw_mapping *mapping = calloc(1, sizeof *mapping);
  feed_must(mapping != NULL, "memory");
  mapping->file = memfd_create("capture", 0);
  mapping->length = size;
  feed_must(mapping->file >= 0 && write(mapping->file, data, size) == (ssize_t)size, "a file in memory");
  void *start = mmap(NULL, size, PROT_READ, MAP_SHARED, mapping->file, 0);
  feed_must(start != MAP_FAILED, "a mapping");
  mapping->start = start;
  return mapping;
}

static void unmap(hw_mapping *mapping) {
  munmap(mapping->start, mapping->length);
  close(mapping->file);
  free(mapping);
}

/* One call; false where reading of the mapping ends with it. */
static int take(hw_mapping *mapping, hw_capture *capture, const hw_columns *columns, uint64_t limit, feed_result *result) {
  hw_survey seen, again;
  uint64_t rows = hw_read_mapped(mapping, capture, columns, 0, limit, result->counted, &seen);
  hw_survey_rows(columns, rows, &again);
  feed_must(mapping->failed || (seen.lowest == again.lowest && seen.highest == again.highest && seen.some == again.some &&
                                seen.all == again.all && seen.ordered == again.ordered), "all rows are surveyed");
  feed_must(rows <= mapping->walked && mapping->walked <= limit, "no more rows than packets than asked for");
  feed_rows(result, columns, rows, mapping->walked);
  return mapping->walked == limit && capture->status == HW_OK;
}

/* A call after the file was cut leaves all as it was. */
static void take_cut(hw_mapping *mapping, hw_capture *capture, const hw_columns *columns, uint64_t limit, size_t cut, feed_result *result) {
  hw_capture *before = malloc(sizeof *before);
  uint64_t counted[HW_REASONS];
  hw_survey seen;
  feed_must(before && ftruncate(mapping->file, (off_t)cut) == 0, "a file is cut");
  memcpy(before, capture, sizeof *before);
  memcpy(counted, result->counted, sizeof counted);
  uint64_t rows = hw_read_mapped(mapping, capture, columns, 0, limit, result->counted, &seen);
  feed_must(rows == 0 && mapping->failed, "a file that was cut is no longer read");
  feed_must(mapping->walked == 0 && memcmp(before, capture, sizeof *before) == 0, "the state is as it was");
  feed_must(memcmp(counted, result->counted, sizeof counted) == 0, "the counts are as they were");
  free(before);
}

feed_result feed_mapped(const uint8_t *data, size_t size, uint64_t limit, size_t cut) {
  feed_result result = {.hash = FEED_HASH};
  hw_capture *capture = calloc(1, sizeof *capture);
  hw_columns columns = feed_columns(limit);
  hw_mapping *mapping = map(data, size);
  feed_must(capture != NULL, "memory");
  int more = take(mapping, capture, &columns, limit, &result);
  feed_must(!mapping->failed, "a whole file is read");
  if (more && cut < size) take_cut(mapping, capture, &columns, limit, cut, &result);
  else while (more) more = take(mapping, capture, &columns, limit, &result);
  unmap(mapping);
  for (uint64_t used = 0, walked = limit; walked == limit && capture->status == HW_OK;) {
    uint64_t at = capture->position;
    walked = feed_step(capture, data + at, size - at, 1, &columns, limit, &used, &result);
  }
  result.status = capture->status;
  feed_check(capture, &result);
  feed_free_columns(&columns);
  free(capture);
  return result;
}
