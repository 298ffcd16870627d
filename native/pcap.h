/* pcap.h - the variants of the classic capture format. */
#ifndef HEADWISE_PCAP_H
#define HEADWISE_PCAP_H

#include "walk.h"

#define HW_RECORD_HEADER 16u /* seconds, fraction, captured length, wire length */

/* hw_capture.variant: how the two lengths of a record stand. */
enum hw_length_order { HW_CAPTURED_FIRST = 0, HW_WIRE_FIRST = 1, HW_SMALLER_IS_CAPTURED = 2 };

typedef struct hw_pcap_magic {
  uint32_t number;
  uint32_t unit;              /* ns in a unit of the fraction */
  uint32_t preamble;          /* bytes between file header and records */
  uint32_t record_headers[3]; /* bytes; the first is what the magic promises */
} hw_pcap_magic;

typedef struct hw_pcap_header {
  bool big_endian;
  uint32_t major, minor, link_type;
} hw_pcap_header;

typedef struct hw_pcap_record {
  uint64_t seconds, fraction;
  uint32_t captured_length, wire_length;
} hw_pcap_record;

static inline hw_pcap_record hw_read_record(hw_bytes header, bool big_endian, uint32_t order) {
  uint32_t one = hw_file32(header, 8, big_endian), other = hw_file32(header, 12, big_endian);
  bool wire_first = order == HW_WIRE_FIRST || (order == HW_SMALLER_IS_CAPTURED && one > other);
  return (hw_pcap_record){
    .seconds = hw_file32(header, 0, big_endian),
    .fraction = hw_file32(header, 4, big_endian),
    .captured_length = wire_first ? other : one,
    .wire_length = wire_first ? one : other,
  };
}

/* The magic number's entry, or null. */
const hw_pcap_magic *hw_find_magic(uint32_t number);

enum hw_length_order hw_length_order(const hw_pcap_header *header);
uint32_t hw_fraction_unit(const hw_pcap_magic *magic, const hw_pcap_header *header);
uint32_t hw_pcap_link_type(const hw_pcap_header *header);

/* Bytes of a record header, told from the first two records at `at` where the magic is ambiguous; 0 where these are not
 * all there yet. */
uint32_t hw_choose_layout(const hw_walk *walk, const hw_pcap_magic *magic, const hw_pcap_header *header, uint64_t at);

#endif
