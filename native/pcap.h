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

static inline hw_pcap_record hw_read_record(hw_bytes data, uint64_t at, bool big_endian, uint32_t order) {
  hw_four header = hw_four32(data, at, big_endian);
  uint32_t one = header.number[2], other = header.number[3];
  bool wire_first = order == HW_WIRE_FIRST || (order == HW_SMALLER_IS_CAPTURED && one > other);
  return (hw_pcap_record){
    .seconds = header.number[0],
    .fraction = header.number[1],
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

/* What nearly all files are. */
static inline bool hw_pcap_is_ordinary(const hw_capture *capture) {
  return !capture->big_endian && capture->record_header == HW_RECORD_HEADER && capture->variant == HW_CAPTURED_FIRST;
}

/* Walk records whose header is `header` bytes long, until rows or bytes end; inlined with constants for ordinary files. `*asked` as
 * hw_look_ahead has it. */
static inline enum hw_status hw_pcap_records(hw_walk *walk, bool big_endian, uint32_t header, uint32_t order, uint64_t *asked) {
  const uint64_t second = 1000000000;
  const hw_columns columns = *walk->columns;
  const hw_bytes data = walk->data;
  const uint64_t unit = walk->capture->interfaces[0].ts_multiply;
  uint64_t at = walk->at, row = walk->row, ahead = *asked;
  enum hw_status status = HW_OK;
  for (; row < walk->last && at < data.length; row++) {
    uint64_t left = data.length - at;
    status = HW_TRUNCATED;
    if (left < header) break;
    hw_pcap_record record = hw_read_record(data, at, big_endian, order);
    if (record.captured_length > HW_LARGEST_PACKET) status = HW_DAMAGED;
    if (record.captured_length > HW_LARGEST_PACKET || record.captured_length > left - header) break;
    /* A fraction of a second or more is not carried: other readers print it so, and it adds up the same. */
    columns.time[row] = (int64_t)(record.seconds * second + record.fraction * unit);
    columns.wire_length[row] = record.wire_length;
    columns.captured_length[row] = record.captured_length;
    columns.record[row] = at + header;
    hw_look_ahead(data, at, &ahead);
    at += header + record.captured_length;
    status = HW_OK;
  }
  walk->at = at;
  walk->row = row;
  *asked = ahead;
  return status;
}

/* Fill the columns that are the same in all rows from `first` on, and count the rows. */
void hw_pcap_finish(const hw_walk *walk, uint64_t first);

#endif
