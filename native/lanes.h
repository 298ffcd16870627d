/* lanes.h - eight rows at once: vectors of 16 bytes as GCC, Clang and zig know them on every processor.
 *
 * A vector of words holds one 16-bit field of eight rows. Nothing here needs more than
 * what each x86-64 and each 64-bit ARM has.
 */
#ifndef HEADWISE_LANES_H
#define HEADWISE_LANES_H

#include "bytes.h"

#if defined(__GNUC__) && !defined(__TINYC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HW_HAS_LANES 1
#define HW_LANES 8u

typedef uint16_t hw_words __attribute__((vector_size(16)));
typedef uint32_t hw_doubles __attribute__((vector_size(16)));
typedef int32_t hw_signed __attribute__((vector_size(16)));
typedef uint64_t hw_quads __attribute__((vector_size(16)));
typedef uint8_t hw_octets __attribute__((vector_size(8)));

#if defined(__clang__) || __GNUC__ >= 12
#define HW_PICK(type, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define HW_PICK(type, a, b, ...) __builtin_shuffle(a, b, (type){__VA_ARGS__})
#endif

/* Elements of two vectors by turns, of their lower or their upper halves. */
static inline hw_words hw_zip_low(hw_words a, hw_words b) { return HW_PICK(hw_words, a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
static inline hw_words hw_zip_high(hw_words a, hw_words b) { return HW_PICK(hw_words, a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
static inline hw_quads hw_zip_low2(hw_doubles a, hw_doubles b) { return (hw_quads)HW_PICK(hw_doubles, a, b, 0, 4, 1, 5); }
static inline hw_quads hw_zip_high2(hw_doubles a, hw_doubles b) { return (hw_quads)HW_PICK(hw_doubles, a, b, 2, 6, 3, 7); }
static inline hw_quads hw_zip_low4(hw_quads a, hw_quads b) { return HW_PICK(hw_quads, a, b, 0, 2); }
static inline hw_quads hw_zip_high4(hw_quads a, hw_quads b) { return HW_PICK(hw_quads, a, b, 1, 3); }

/* The lower words of numbers below 65,536. */
static inline hw_words hw_narrow(hw_signed a, hw_signed b) {
  return HW_PICK(hw_words, (hw_words)a, (hw_words)b, 0, 2, 4, 6, 8, 10, 12, 14);
}

/* From network byte order. */
static inline hw_words hw_swap(hw_words words) { return words << 8 | words >> 8; }

/* Eight rows of eight words become eight words of eight rows. */
static inline void hw_turn(hw_words rows[HW_LANES]) {
  for (int round = 0; round < 3; round++) {
    hw_words next[HW_LANES];
    for (int i = 0; i < 4; i++) {
      next[2 * i] = hw_zip_low(rows[i], rows[i + 4]);
      next[2 * i + 1] = hw_zip_high(rows[i], rows[i + 4]);
    }
    memcpy(rows, next, sizeof next);
  }
}

/* Columns of a row and the seven after it. */
static inline void hw_put_octets(uint8_t *at, hw_words values) {
  hw_octets octets = __builtin_convertvector(values, hw_octets);
  memcpy(at, &octets, sizeof octets);
}

static inline void hw_put_words(uint16_t *at, hw_words values) { memcpy(at, &values, sizeof values); }

/* Numbers whose upper and lower words are given. */
static inline void hw_put_doubles(uint32_t *at, hw_words low, hw_words high) {
  hw_words values[2] = {hw_zip_low(low, high), hw_zip_high(low, high)};
  memcpy(at, values, sizeof values);
}

static inline void hw_put_quads(uint64_t *at, hw_words low, hw_words second, hw_words third) {
  const hw_words none = {0};
  hw_doubles lower[2] = {(hw_doubles)hw_zip_low(low, second), (hw_doubles)hw_zip_high(low, second)};
  hw_doubles upper[2] = {(hw_doubles)hw_zip_low(third, none), (hw_doubles)hw_zip_high(third, none)};
  hw_quads values[4];
  for (int i = 0; i < 2; i++) {
    values[2 * i] = hw_zip_low2(lower[i], upper[i]);
    values[2 * i + 1] = hw_zip_high2(lower[i], upper[i]);
  }
  memcpy(at, values, sizeof values);
}

/* IPv4 addresses, as they lie in memory, as ::ffff:a.b.c.d. */
static inline void hw_put_mapped(uint8_t *at, hw_words first, hw_words second) {
  const hw_doubles prefix = {0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000};
  const hw_quads none = {0};
  hw_words addresses[2] = {hw_zip_low(first, second), hw_zip_high(first, second)};
  hw_quads values[8];
  for (int i = 0; i < 2; i++) {
    hw_quads two[2] = {hw_zip_low2(prefix, (hw_doubles)addresses[i]), hw_zip_high2(prefix, (hw_doubles)addresses[i])};
    for (int j = 0; j < 2; j++) {
      values[4 * i + 2 * j] = hw_zip_low4(none, two[j]);
      values[4 * i + 2 * j + 1] = hw_zip_high4(none, two[j]);
    }
  }
  memcpy(at, values, sizeof values);
}

/* Bit i of byte i is set where row i is; all of them: HW_ALL_ROWS. */
#define HW_ALL_ROWS 0xffffffffffffffffu
static inline uint64_t hw_rows(hw_words mask) {
  hw_octets octets = __builtin_convertvector(mask, hw_octets);
  uint64_t rows;
  memcpy(&rows, &octets, sizeof rows);
  return rows;
}

#endif
#endif
