/* lanes.h - eight or sixteen rows at once: vectors as GCC, Clang and zig know them on every processor.
 *
 * A vector of words holds one 16-bit field of eight rows. Nothing here needs more than
 * what each x86-64 and each 64-bit ARM has.
 *
 * With HW_WIDE (wide.c) it holds the field of sixteen rows: of the first eight in its first
 * 16 bytes, of the others in the second. What is done to one half is done to the other, so
 * that all that follows is the same for both; only where vectors meet memory they are told apart.
 */
#ifndef HEADWISE_LANES_H
#define HEADWISE_LANES_H

#include "bytes.h"

#if defined(__GNUC__) && !defined(__TINYC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HW_HAS_LANES 1
#ifdef HW_WIDE
#define HW_LANES 16u
#else
#define HW_LANES 8u
#endif
#define HW_WIDTH (2 * HW_LANES)

typedef uint16_t hw_words __attribute__((vector_size(HW_WIDTH)));
typedef uint32_t hw_doubles __attribute__((vector_size(HW_WIDTH)));
typedef int32_t hw_signed __attribute__((vector_size(HW_WIDTH)));
typedef uint64_t hw_quads __attribute__((vector_size(HW_WIDTH)));
typedef uint8_t hw_octets __attribute__((vector_size(HW_LANES)));
typedef uint16_t hw_half __attribute__((vector_size(16)));

/* Elements of two vectors, those of the second counted on from those of the first; of a wide one: of the halves, in the same way. */
#ifdef HW_WIDE
#define HW_IN(i, n) ((i) < (n) ? (i) : (i) + (n))
#define HW_PICK2(a, b, i, j) __builtin_shufflevector(a, b, HW_IN(i, 2), HW_IN(j, 2), HW_IN(i, 2) + 2, HW_IN(j, 2) + 2)
#define HW_PICK4(a, b, i, j, k, l)                                                                                        \
  __builtin_shufflevector(a, b, HW_IN(i, 4), HW_IN(j, 4), HW_IN(k, 4), HW_IN(l, 4), HW_IN(i, 4) + 4, HW_IN(j, 4) + 4, \
                          HW_IN(k, 4) + 4, HW_IN(l, 4) + 4)
#define HW_PICK8(a, b, i, j, k, l, m, n, o, p)                                                                                   \
  __builtin_shufflevector(a, b, HW_IN(i, 8), HW_IN(j, 8), HW_IN(k, 8), HW_IN(l, 8), HW_IN(m, 8), HW_IN(n, 8), HW_IN(o, 8),       \
                          HW_IN(p, 8), HW_IN(i, 8) + 8, HW_IN(j, 8) + 8, HW_IN(k, 8) + 8, HW_IN(l, 8) + 8, HW_IN(m, 8) + 8,      \
                          HW_IN(n, 8) + 8, HW_IN(o, 8) + 8, HW_IN(p, 8) + 8)
#elif defined(__clang__) || __GNUC__ >= 12
#define HW_PICK2(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#define HW_PICK4 HW_PICK2
#define HW_PICK8 HW_PICK2
#else
#define HW_PICK2(a, b, ...) __builtin_shuffle(a, b, (hw_quads){__VA_ARGS__})
#define HW_PICK4(a, b, ...) __builtin_shuffle(a, b, (hw_doubles){__VA_ARGS__})
#define HW_PICK8(a, b, ...) __builtin_shuffle(a, b, (hw_words){__VA_ARGS__})
#endif

/* Elements of two vectors by turns, of their lower or their upper halves. */
static inline hw_words hw_zip_low(hw_words a, hw_words b) { return HW_PICK8(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
static inline hw_words hw_zip_high(hw_words a, hw_words b) { return HW_PICK8(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
static inline hw_quads hw_zip_low2(hw_doubles a, hw_doubles b) { return (hw_quads)HW_PICK4(a, b, 0, 4, 1, 5); }
static inline hw_quads hw_zip_high2(hw_doubles a, hw_doubles b) { return (hw_quads)HW_PICK4(a, b, 2, 6, 3, 7); }
static inline hw_words hw_zip_low4(hw_quads a, hw_quads b) { return (hw_words)HW_PICK2(a, b, 0, 2); }
static inline hw_words hw_zip_high4(hw_quads a, hw_quads b) { return (hw_words)HW_PICK2(a, b, 1, 3); }

/* The lower words of numbers below 65,536. */
static inline hw_words hw_narrow(hw_signed a, hw_signed b) { return HW_PICK8((hw_words)a, (hw_words)b, 0, 2, 4, 6, 8, 10, 12, 14); }

#ifdef HW_WIDE
static inline hw_words hw_join(hw_half first, hw_half second) {
  return __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/* 16 bytes from `offset` of the head of row i, and of the row eight behind it; 4 bytes further where there is a tag. */
static inline hw_words hw_get_head(const uint8_t *const *heads, uint64_t i, uint64_t offset, const uint8_t *tags) {
  hw_half first, second;
  hw_copy_head(heads[i], offset + (tags ? tags[i] & 4u : 0), &first, sizeof first);
  hw_copy_head(heads[i + 8], offset + (tags ? tags[i + 8] & 4u : 0), &second, sizeof second);
  return hw_join(first, second);
}

/* A column of which each vector holds some of the first eight rows, and as many of the others. */
static inline void hw_put_rows(void *at, const hw_words *values, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) {
    hw_half first = __builtin_shufflevector(values[i], values[i], 0, 1, 2, 3, 4, 5, 6, 7);
    hw_half second = __builtin_shufflevector(values[i], values[i], 8, 9, 10, 11, 12, 13, 14, 15);
    memcpy((uint8_t *)at + sizeof first * i, &first, sizeof first);
    memcpy((uint8_t *)at + sizeof second * (count + i), &second, sizeof second);
  }
}

static inline void hw_get_rows(const uint32_t *at, hw_words values[2]) {
  hw_half part[4];
  memcpy(part, at, sizeof part);
  values[0] = hw_join(part[0], part[2]);
  values[1] = hw_join(part[1], part[3]);
}
#else
/* 16 bytes from `offset` of the head of row i; 4 bytes further where there is a tag. */
static inline hw_words hw_get_head(const uint8_t *const *heads, uint64_t i, uint64_t offset, const uint8_t *tags) {
  hw_words words;
  hw_copy_head(heads[i], offset + (tags ? tags[i] & 4u : 0), &words, sizeof words);
  return words;
}

static inline void hw_put_rows(void *at, const hw_words *values, uint64_t count) { memcpy(at, values, count * sizeof *values); }
static inline void hw_get_rows(const uint32_t *at, hw_words values[2]) { memcpy(values, at, 2 * sizeof *values); }
#endif

/* From network byte order. */
static inline hw_words hw_swap(hw_words words) { return words << 8 | words >> 8; }

/* Eight rows of eight words become eight words of eight rows. */
static inline void hw_turn(hw_words rows[8]) {
  for (int round = 0; round < 3; round++) {
    hw_words next[8];
    for (int i = 0; i < 4; i++) {
      next[2 * i] = hw_zip_low(rows[i], rows[i + 4]);
      next[2 * i + 1] = hw_zip_high(rows[i], rows[i + 4]);
    }
    memcpy(rows, next, sizeof next);
  }
}

/* Columns of a row and those after it. */
static inline void hw_put_octets(uint8_t *at, hw_words values) {
  hw_octets octets = __builtin_convertvector(values, hw_octets);
  memcpy(at, &octets, sizeof octets);
}

static inline void hw_put_words(uint16_t *at, hw_words values) { memcpy(at, &values, sizeof values); }

/* Numbers whose upper and lower words are given. */
static inline void hw_put_doubles(uint32_t *at, hw_words low, hw_words high) {
  hw_words values[2] = {hw_zip_low(low, high), hw_zip_high(low, high)};
  hw_put_rows(at, values, 2);
}

static inline void hw_put_quads(uint64_t *at, hw_words low, hw_words second, hw_words third) {
  const hw_words none = {0};
  hw_doubles lower[2] = {(hw_doubles)hw_zip_low(low, second), (hw_doubles)hw_zip_high(low, second)};
  hw_doubles upper[2] = {(hw_doubles)hw_zip_low(third, none), (hw_doubles)hw_zip_high(third, none)};
  hw_words values[4];
  for (int i = 0; i < 2; i++) {
    values[2 * i] = (hw_words)hw_zip_low2(lower[i], upper[i]);
    values[2 * i + 1] = (hw_words)hw_zip_high2(lower[i], upper[i]);
  }
  hw_put_rows(at, values, 4);
}

/* IPv4 addresses, as they lie in memory, as ::ffff:a.b.c.d. */
static inline void hw_put_mapped(uint8_t *at, hw_words first, hw_words second) {
  const hw_doubles prefix = (hw_doubles){0} + 0xffff0000;
  const hw_quads none = {0};
  hw_words addresses[2] = {hw_zip_low(first, second), hw_zip_high(first, second)}, values[8];
  for (int i = 0; i < 2; i++) {
    hw_quads two[2] = {hw_zip_low2(prefix, (hw_doubles)addresses[i]), hw_zip_high2(prefix, (hw_doubles)addresses[i])};
    for (int j = 0; j < 2; j++) {
      values[4 * i + 2 * j] = hw_zip_low4(none, two[j]);
      values[4 * i + 2 * j + 1] = hw_zip_high4(none, two[j]);
    }
  }
  hw_put_rows(at, values, 8);
}

/* Bit i is set where row i is. */
static inline uint64_t hw_rows(hw_words mask) {
  hw_octets octets = __builtin_convertvector(mask, hw_octets);
  uint64_t eights[HW_LANES / 8], rows = 0;
  memcpy(eights, &octets, sizeof eights);
  /* Of eight bytes the i-th gives its i-th bit; the product brings them together in the highest byte. */
  for (unsigned i = 0; i < HW_LANES / 8; i++) rows |= ((eights[i] & 0x8040201008040201) * 0x0101010101010101 >> 56) << (8 * i);
  return rows;
}

#endif
#endif
