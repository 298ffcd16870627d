/* bytes.h - the only code that touches bytes of a capture.
 *
 * A hw_bytes is a stretch of memory with its length. Every read names an
 * offset and is checked against that length; a read that does not fit gives
 * zero. Ask hw_holds() first where a zero could be taken for a value. Where
 * the check is already known to pass the compiler drops it, and it makes one
 * load of the single bytes.
 */
#ifndef HEADWISE_BYTES_H
#define HEADWISE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct hw_bytes {
  const uint8_t *start;
  uint64_t length;
} hw_bytes;

static inline bool hw_holds(hw_bytes bytes, uint64_t offset, uint64_t size) {
  return size <= bytes.length && offset <= bytes.length - size;
}

/* The part of `bytes` from `offset`, `size` bytes or as many as there are. */
static inline hw_bytes hw_part(hw_bytes bytes, uint64_t offset, uint64_t size) {
  if (offset > bytes.length) offset = bytes.length;
  uint64_t left = bytes.length - offset;
  return (hw_bytes){bytes.start + offset, size < left ? size : left};
}

static inline uint8_t hw_u8(hw_bytes bytes, uint64_t offset) {
  return hw_holds(bytes, offset, 1) ? bytes.start[offset] : 0;
}

/* Numbers in network byte order. */
static inline uint16_t hw_be16(hw_bytes bytes, uint64_t offset) {
  if (!hw_holds(bytes, offset, 2)) return 0;
  const uint8_t *at = bytes.start + offset;
  return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t hw_be32(hw_bytes bytes, uint64_t offset) {
  if (!hw_holds(bytes, offset, 4)) return 0;
  const uint8_t *at = bytes.start + offset;
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint32_t hw_le32(hw_bytes bytes, uint64_t offset) {
  if (!hw_holds(bytes, offset, 4)) return 0;
  const uint8_t *at = bytes.start + offset;
  return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

/* Numbers in the byte order of a capture file. */
static inline uint16_t hw_file16(hw_bytes bytes, uint64_t offset, bool big_endian) {
  uint16_t value = hw_be16(bytes, offset);
  return big_endian ? value : (uint16_t)(value << 8 | value >> 8);
}

static inline uint32_t hw_file32(hw_bytes bytes, uint64_t offset, bool big_endian) {
  return big_endian ? hw_be32(bytes, offset) : hw_le32(bytes, offset);
}

static inline uint64_t hw_file64(hw_bytes bytes, uint64_t offset, bool big_endian) {
  uint64_t one = hw_file32(bytes, offset, big_endian), other = hw_file32(bytes, offset + 4, big_endian);
  return big_endian ? one << 32 | other : other << 32 | one;
}

/* Four numbers, checked together. */
typedef struct hw_four {
  uint32_t number[4];
} hw_four;

static inline hw_four hw_four32(hw_bytes bytes, uint64_t offset, bool big_endian) {
  if (!hw_holds(bytes, offset, 16)) return (hw_four){{0}};
  hw_bytes here = {bytes.start + offset, 16};
  return (hw_four){{hw_file32(here, 0, big_endian), hw_file32(here, 4, big_endian), hw_file32(here, 8, big_endian),
                    hw_file32(here, 12, big_endian)}};
}

static inline uint64_t hw_be64(hw_bytes bytes, uint64_t offset) {
  if (!hw_holds(bytes, offset, 8)) return 0;
  const uint8_t *at = bytes.start + offset;
  return (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40 | (uint64_t)at[3] << 32 | (uint64_t)at[4] << 24 |
         (uint64_t)at[5] << 16 | (uint64_t)at[6] << 8 | at[7];
}

/* Six bytes, the first one highest. */
static inline uint64_t hw_mac(hw_bytes bytes, uint64_t offset) {
  if (hw_holds(bytes, offset, 8)) return hw_be64(bytes, offset) >> 16;
  return (uint64_t)hw_be16(bytes, offset) << 32 | hw_be32(bytes, offset + 2);
}

/* The first HW_HEAD bytes of several frames, checked together. */
#define HW_HEAD 64u

/* Where those are that begin at `offsets`; false where not all of them are there. */
static inline bool hw_find_heads(hw_bytes bytes, const uint64_t *offsets, const uint8_t **heads, uint64_t count) {
  uint64_t last = bytes.length - HW_HEAD, beyond = 0;
  if (bytes.length < HW_HEAD) return false;
  for (uint64_t i = 0; i < count; i++) {
    beyond |= offsets[i] > last;
    heads[i] = bytes.start + (offsets[i] > last ? 0 : offsets[i]);
  }
  return !beyond;
}

/* `size` bytes at `offset` of a head into `target`; its first ones, where they do not fit. */
static inline void hw_copy_head(const uint8_t *head, uint64_t offset, void *target, uint64_t size) {
  memcpy(target, head + (offset <= HW_HEAD - size ? offset : 0), size);
}

/* Says that the cache lines of `size` bytes from `offset` will be read soon; where they end beyond the bytes, nothing. */
#define HW_LINE 64u
static inline void hw_soon(hw_bytes bytes, uint64_t offset, uint64_t size) {
  if (!hw_holds(bytes, offset, size)) return;
  for (uint64_t line = 0; line < size; line += HW_LINE) __builtin_prefetch(bytes.start + offset + line);
}

/* `size` bytes into `target`, which stays as it is where they do not fit. */
static inline void hw_copy(hw_bytes bytes, uint64_t offset, uint8_t *target, uint64_t size) {
  if (hw_holds(bytes, offset, size)) memcpy(target, bytes.start + offset, size);
}

#endif
