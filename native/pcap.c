/* pcap.c - the classic capture format: a file header of 24 bytes, then records.
 *
 * Source: draft-ietf-opsawg-pcap. Which of its variants a file is: pcap_variant.c.
 */
#include "pcap.h"

#define FILE_HEADER 24u

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

void hw_pcap_finish(const hw_walk *walk, uint64_t first) {
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

void hw_pcap_walk(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  uint64_t first = walk->row, asked = walk->at + HW_AHEAD;
  enum hw_status status = hw_pcap_is_ordinary(capture)
                              ? hw_pcap_records(walk, false, HW_RECORD_HEADER, HW_CAPTURED_FIRST, &asked)
                              : hw_pcap_records(walk, capture->big_endian, capture->record_header, capture->variant, &asked);
  hw_pcap_finish(walk, first);
  if (status != HW_TRUNCATED || walk->final) capture->status = status;
}
