/* pcap.c - the classic capture format: a file header of 24 bytes, then records.
 *
 * Source: draft-ietf-opsawg-pcap; the variants of the record header are those
 * that patched capture programs have written under the same or their own magic.
 */
#include "walk.h"

#define FILE_HEADER 24u
#define RECORD_HEADER 16u /* seconds, fraction, captured length, wire length */

/* hw_capture.variant: how the two lengths of a record stand. */
enum { CAPTURED_FIRST = 0, WIRE_FIRST = 1, SMALLER_IS_CAPTURED = 2 };

static const struct magic {
  uint32_t number;
  uint32_t nanoseconds; /* in a unit of the fraction */
  uint32_t record_header;
} MAGICS[] = {
    {0xa1b2c3d4, 1000, RECORD_HEADER}, {0xa1b23c4d, 1, RECORD_HEADER},
    {0xa1b2cd34, 1000, RECORD_HEADER + 8}, /* Kuznetzov: interface, protocol, packet type */
};

static const struct magic *find_magic(uint32_t number) {
  for (uint64_t i = 0; i < sizeof MAGICS / sizeof *MAGICS; i++)
    if (MAGICS[i].number == number) return &MAGICS[i];
  return 0;
}

/* Before version 2.3 the wire length came first; files of 2.3 were written both ways. */
static uint32_t length_order(uint32_t major, uint32_t minor) {
  if (major == 543) return minor == 0 ? WIRE_FIRST : CAPTURED_FIRST; /* DG/UX */
  if (major == 2 && minor == 3) return SMALLER_IS_CAPTURED;
  return major == 2 && minor < 3 ? WIRE_FIRST : CAPTURED_FIRST;
}

bool hw_pcap_open(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  const struct magic *magic = find_magic(hw_le32(walk->data, walk->at));
  bool big_endian = magic == 0;
  if (big_endian) magic = find_magic(hw_be32(walk->data, walk->at));
  if (!magic) return false;
  if (!hw_need(walk, FILE_HEADER)) return true;
  uint32_t major = hw_file16(walk->data, walk->at + 4, big_endian);
  uint32_t minor = hw_file16(walk->data, walk->at + 6, big_endian);
  capture->format = HW_PCAP;
  capture->big_endian = big_endian;
  capture->record_header = magic->record_header;
  capture->variant = length_order(major, minor);
  capture->sections = capture->interface_count = 1;
  hw_interface *interface = &capture->interfaces[0];
  interface->ts_multiply = magic->nanoseconds;
  interface->snap_length = hw_file32(walk->data, walk->at + 16, big_endian);
  interface->link_type = hw_file32(walk->data, walk->at + 20, big_endian) & 0xffff;
  interface->described = 1;
  if (major < 2) capture->status = HW_UNSUPPORTED;
  walk->at += FILE_HEADER;
  return true;
}

/* Read one record header; false where its captured length cannot be. */
static bool read_record(const hw_walk *walk, hw_record *record) {
  const hw_capture *capture = walk->capture;
  bool big_endian = capture->big_endian;
  uint32_t seconds = hw_file32(walk->data, walk->at, big_endian);
  uint32_t fraction = hw_file32(walk->data, walk->at + 4, big_endian);
  uint32_t one = hw_file32(walk->data, walk->at + 8, big_endian);
  uint32_t other = hw_file32(walk->data, walk->at + 12, big_endian);
  bool wire_first = capture->variant == WIRE_FIRST || (capture->variant == SMALLER_IS_CAPTURED && one > other);
  /* A fraction of a second or more is not carried: it is printed so by other readers, and adds up the same. */
  record->time = (int64_t)seconds * 1000000000 + (int64_t)((uint64_t)fraction * capture->interfaces[0].ts_multiply);
  record->captured_length = wire_first ? other : one;
  record->wire_length = wire_first ? one : other;
  record->at = walk->at + capture->record_header;
  return record->captured_length <= HW_LARGEST_PACKET;
}

void hw_pcap_walk(hw_walk *walk) {
  hw_record record = {.timed = true};
  while (walk->row < walk->last && walk->at < walk->data.length) {
    if (!hw_need(walk, walk->capture->record_header)) return;
    if (!read_record(walk, &record)) {
      walk->capture->status = HW_DAMAGED;
      return;
    }
    if (!hw_need(walk, walk->capture->record_header + (uint64_t)record.captured_length)) return;
    hw_put(walk, &record);
    walk->at = record.at + record.captured_length;
  }
}
