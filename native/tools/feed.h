/* feed.h - the whole packet core over bytes in memory, as walk.c and fuzz.c run it.
 *
 * Every buffer and every array is allocated to the byte, so that the address
 * sanitizer sees a read or write of one too many. What must always hold is
 * checked, and the program dies where it does not.
 */
#ifndef HEADWISE_FEED_H
#define HEADWISE_FEED_H

#include <stddef.h>
#include <stdint.h>

#include "../headwise.h"

typedef struct feed_result {
  uint64_t packets, rows, hash; /* hash: of all columns of all rows, in order */
  uint64_t counted[HW_REASONS];
  uint32_t status;
} feed_result;

/* Arrays of `rows` header rows. */
hw_columns feed_columns(uint64_t rows);
void feed_free_columns(hw_columns *columns);

/* Read a capture that comes `chunk` bytes at a time (0: at once), `limit` packets a call; `kernels`: hand the rows on to them. */
feed_result feed_capture(const uint8_t *data, size_t size, size_t chunk, uint64_t limit, int kernels);

/* Read one frame of a link type. */
void feed_frame(const uint8_t *data, size_t size, uint16_t link_type, uint32_t wire_length, uint32_t vlan_hint);

/* Read one block of a live ring. */
void feed_ring(const uint8_t *data, size_t size, uint64_t limit);

/* Die where `holds` is false. */
void feed_must(int holds, const char *what);

/* kernels.c: repeats, attribution and windows over rows, with tables small enough to overflow. */
typedef struct kernels kernels;
kernels *kernels_new(uint64_t rows);
void kernels_take(kernels *of, const hw_columns *columns, uint64_t rows);
void kernels_free(kernels *of);

#endif
