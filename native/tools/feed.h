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

/* Where a hash begins. */
#define FEED_HASH 0xcbf29ce484222325ull

/* Die where `holds` is false. */
void feed_must(int holds, const char *what);

/* mapped.c: read the capture from a file in memory that is mapped, `limit` packets a call, and what lies behind the last whole ones as
 * feed_capture does. `cut`: shorten the file to so many bytes before each call but the first, which must then leave everything as it was. */
feed_result feed_mapped(const uint8_t *data, size_t size, uint64_t limit, size_t cut);

/* What both have in common: one call over bytes in memory, and what is to be said of the rows of any call. */
uint64_t feed_step(hw_capture *capture, const uint8_t *held, uint64_t size, int final, const hw_columns *columns, uint64_t limit,
                   uint64_t *used, feed_result *result);
void feed_rows(feed_result *result, const hw_columns *columns, uint64_t rows, uint64_t walked);
void feed_check(const hw_capture *capture, const feed_result *result);

/* kernels.c: repeats, attribution and windows over rows, with tables small enough to overflow. */
typedef struct kernels kernels;
kernels *kernels_new(uint64_t rows);
void kernels_take(kernels *of, const hw_columns *columns, uint64_t rows);
void kernels_free(kernels *of);

#endif
