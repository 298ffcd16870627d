/* guard.h - reading a mapped file that may be cut short, or whose disk may fail, while it is read. */
#ifndef HEADWISE_GUARD_H
#define HEADWISE_GUARD_H

#include "headwise.h"

/* What the caller needs of a mapped file. */
typedef struct hw_mapping {
  uint8_t *start;  /* of the mapping, page-aligned */
  uint64_t length; /* bytes mapped */
  uint32_t failed; /* set by hw_read_mapped: pages could not be had, and zeros were read for them */
} hw_mapping;

/* hw_read_mapped: hw_read of a part of `mapping`. Where `failed` is set, what it gave and wrote is worth nothing: the caller goes back to
 * the state before, and reads the file in another way. */
uint64_t hw_read_mapped(hw_mapping *mapping, hw_capture *capture, uint64_t offset, int final, const hw_columns *columns, uint64_t first,
                        uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]);

#endif
