/* guard.h - reading a mapped file that may be cut short, or whose disk may fail, while it is read. */
#ifndef HEADWISE_GUARD_H
#define HEADWISE_GUARD_H

#include "survey.h"

/* A mapped file. The caller sets the first three and zeroes the others. */
typedef struct hw_mapping {
  uint8_t *start;    /* of the mapping, page-aligned */
  uint64_t length;   /* bytes mapped */
  int32_t file;      /* its descriptor */
  uint32_t failed;   /* set by hw_read_mapped: not all that was asked for could be had */
  uint64_t walked;   /* records that the last call walked */
  uint64_t asked;    /* bytes from the start that the system was asked to have ready */
  uint64_t released; /* bytes from the start that it was given back */
  uint64_t counted[HW_REASONS]; /* as they were before the last call */
  hw_capture before;            /* the same, as far as it was in use */
} hw_mapping;

/* hw_read_mapped: hw_read of `mapping` from capture->position on, with no more than a few stretches of it in this process's memory.
 * Where `failed` is set, `capture` and `counted` are as before the call and no row was read: the caller reads the file in another way.
 * `seen` is what hw_survey_rows says of all rows up to the last one read. */
uint64_t hw_read_mapped(hw_mapping *mapping, hw_capture *capture, const hw_columns *columns, uint64_t first, uint64_t limit,
                        uint64_t counted[HW_REASONS], hw_survey *seen);

#endif
