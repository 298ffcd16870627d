/* pcap.c - the classic capture format: a file header of 24 bytes, then records.
 *
 * Source: draft-ietf-opsawg-pcap. Which of its variants a file is: pcap_variant.c.
 */
#include "pcap.h"

#define FILE_HEADER 24u
#define NS 1000000000

bool hw_pcap_open(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  bool big_endian = false;
  const hw_pcap_magic *magic = hw_find_magic(hw_le32(walk->data, walk->at));
  if (!magic) {
    magic = hw_find_magic(hw_be32(walk->data, walk->at));
    big_endian = true;
  }
  if (!magic) return false;
  if (!hw_need(walk, FILE_HEADER + magic->preamble)) return true;
  hw_pcap_header header = {
    .big_endian = big_endian,
    .major = hw_file16(walk->data, walk->at + 4, big_endian),
    .minor = hw_file16(walk->data, walk->at + 6, big_endian),
    .link_type = hw_file32(walk->data, walk->at + 20, big_endian) & 0xffff, /* above it: length of the frame check sequence */
  };
  uint64_t records = walk->at + FILE_HEADER + magic->preamble;
  uint32_t record_header = hw_choose_layout(walk, magic, &header, records);
  if (!record_header) return true; /* too few bytes yet to tell */
  capture->format = HW_PCAP;
  capture->big_endian = big_endian;
  capture->record_header = record_header;
  capture->variant = hw_length_order(&header);
  capture->sections = capture->interface_count = 1;
  capture->status = header.major < 2 ? HW_UNSUPPORTED : HW_OK;
  hw_interface *interface = &capture->interfaces[0];
  interface->snap_length = hw_file32(walk->data, walk->at + 16, big_endian);
  interface->ts_multiply = hw_fraction_unit(magic, &header);
  interface->link_type = hw_pcap_link_type(&header);
  interface->described = 1;
  walk->at = records;
  return true;
}

/* The columns that are the same in all rows from `first` on. */
static void fill_constant(const hw_walk *walk, uint64_t first) {
  const hw_columns *columns = walk->columns;
  uint64_t count = walk->row - first;
  uint16_t link_type = (uint16_t)walk->capture->interfaces[0].link_type;
  if (!count) return;
  memset(columns->interface + first, 0, count * sizeof *columns->interface);
  memset(columns->vlan_hint + first, 0, count * sizeof *columns->vlan_hint);
  for (uint64_t row = first; row < walk->row; row++) columns->link_type[row] = link_type;
  for (uint64_t row = first; row < walk->row; row++) columns->present[row] = HW_TIME;
  walk->capture->last_time = columns->time[walk->row - 1];
  walk->capture->packets += count;
  walk->capture->interfaces[0].packets += count;
}

/* Walk records whose header is `header` bytes long; inlined with constants for what nearly all files are. */
static inline enum hw_status walk_records(hw_walk *walk, bool big_endian, uint32_t header, uint32_t order) {
  const hw_columns columns = *walk->columns;
  const hw_bytes data = walk->data;
  const uint64_t unit = walk->capture->interfaces[0].ts_multiply;
  uint64_t at = walk->at, row = walk->row, asked = at + HW_AHEAD;
  enum hw_status status = HW_OK;
  for (; row < walk->last && at < data.length; row++) {
    hw_bytes rest = hw_part(data, at, data.length);
    status = HW_TRUNCATED;
    if (rest.length < header) break;
    hw_pcap_record record = hw_read_record(rest, big_endian, order);
    if (record.captured_length > HW_LARGEST_PACKET) status = HW_DAMAGED;
    if (record.captured_length > HW_LARGEST_PACKET || record.captured_length > rest.length - header) break;
    /* A fraction of a second or more is not carried: other readers print it so, and it adds up the same. */
    columns.time[row] = (int64_t)(record.seconds * NS + record.fraction * unit);
    columns.wire_length[row] = record.wire_length;
    columns.captured_length[row] = record.captured_length;
    columns.record[row] = at + header;
    hw_look_ahead(data, at, &asked);
    at += header + record.captured_length;
    status = HW_OK;
  }
  walk->at = at;
  walk->row = row;
  return status;
}

void hw_pcap_walk(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  uint64_t first = walk->row;
  bool ordinary = !capture->big_endian && capture->record_header == HW_RECORD_HEADER && capture->variant == HW_CAPTURED_FIRST;
  enum hw_status status = ordinary ? walk_records(walk, false, HW_RECORD_HEADER, HW_CAPTURED_FIRST)
                                   : walk_records(walk, capture->big_endian, capture->record_header, capture->variant);
  fill_constant(walk, first);
  if (status != HW_TRUNCATED || walk->final) capture->status = status;
}
