/* pcapng.c - the block format: sections, interfaces, packets; other blocks are passed over.
 *
 * Source: draft-ietf-opsawg-pcapng.
 */
#include "pcapng.h"

#define SECTION_HEADER 0x0a0d0d0au
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define SECTION_BYTES 28u /* with no options */
#define PACKET_BLOCK 32u  /* with no frame and no options */

enum block { INTERFACE = 1, OLD_PACKET = 2, SIMPLE_PACKET = 3, PACKET = 6 };

static uint64_t padded(uint32_t length) { return ((uint64_t)length + 3) / 4 * 4; }

static void damaged(hw_walk *walk) { walk->capture->status = HW_DAMAGED; }

/* Start a section; its byte order holds for all that follows. */
static bool read_section(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  if (!hw_need(walk, 12)) return false;
  uint32_t magic = hw_le32(walk->data, walk->at + 8);
  bool big_endian = magic == 0x4d3c2b1au;
  if (!big_endian && magic != BYTE_ORDER_MAGIC) {
    capture->status = capture->sections ? HW_DAMAGED : HW_NOT_A_CAPTURE;
    return false;
  }
  if (!hw_need(walk, 16)) return false;
  capture->big_endian = big_endian;
  uint16_t major = hw_file16(walk->data, walk->at + 12, big_endian), minor = hw_file16(walk->data, walk->at + 14, big_endian);
  if (major != 1 || (minor != 0 && minor != 2)) { /* some write 1.2 and mean 1.0 */
    capture->status = HW_UNSUPPORTED;
    return false;
  }
  capture->sections++;
  capture->interface_base = capture->interface_count;
  return true;
}

bool hw_pcapng_open(hw_walk *walk) {
  if (hw_le32(walk->data, walk->at) != SECTION_HEADER) return false;
  if (hw_need(walk, 12)) walk->capture->format = HW_PCAPNG;
  return true;
}

/* Pass over a block, or what is left of it, up to the length at its end. Some writers leave the padding out of the length. */
static void pass_block(hw_walk *walk, uint32_t length) {
  walk->capture->trailer = length;
  hw_pass(walk, padded(length) - 4);
}

/* The length is repeated at the end of a block. */
static bool read_trailer(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  if (!hw_need(walk, 4)) return false;
  if (hw_file32(walk->data, walk->at, capture->big_endian) != capture->trailer) {
    damaged(walk);
    return false;
  }
  walk->at += 4;
  capture->trailer = 0;
  return true;
}

static uint64_t least_bytes(uint32_t type) {
  switch (type) {
    case SECTION_HEADER: return SECTION_BYTES;
    case INTERFACE: return 20;
    case OLD_PACKET:
    case PACKET: return PACKET_BLOCK;
    case SIMPLE_PACKET: return 16;
    default: return 12;
  }
}

/* Read a packet block into a row. */
static bool read_packet(hw_walk *walk, uint32_t type, uint32_t length) {
  hw_capture *capture = walk->capture;
  hw_bytes block = hw_part(walk->data, walk->at, padded(length));
  hw_record record = {0};
  /* Before the packet is given out, where the whole block is sure to be held. */
  if (padded(length) <= HW_LARGEST && hw_file32(block, block.length - 4, capture->big_endian) != length) {
    damaged(walk);
    return false;
  }
  uint32_t space = (uint32_t)padded(length);
  bool good = type == SIMPLE_PACKET ? hw_simple_packet(capture, block, space, &record)
                                    : hw_timed_packet(capture, block, space, type == OLD_PACKET, &record);
  if (!good) {
    damaged(walk);
    return false;
  }
  record.at += walk->at;
  hw_put(walk, &record);
  return true;
}

/* Walk one block; false where the walk cannot go on. */
static bool read_block(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  if (!hw_need(walk, 8)) return false;
  uint32_t type = hw_file32(walk->data, walk->at, capture->big_endian);
  if (type == SECTION_HEADER && !read_section(walk)) return false;
  uint32_t length = hw_file32(walk->data, walk->at + 4, capture->big_endian);
  if (length < least_bytes(type) || length > UINT32_MAX - 3) {
    damaged(walk);
    return false;
  }
  bool packet = type == PACKET || type == OLD_PACKET || type == SIMPLE_PACKET;
  uint64_t held = packet || type == INTERFACE ? padded(length) : 8;
  if (held > HW_LARGEST) held = HW_LARGEST;
  if (!hw_need(walk, held)) return false;
  if (type == INTERFACE) hw_describe(capture, hw_part(walk->data, walk->at, held), length);
  if (packet && !read_packet(walk, type, length)) return false;
  pass_block(walk, length);
  return true;
}

/* Read an enhanced packet block that is as nearly all are; returns its length, or 0 where it must be looked at closer. */
static inline uint32_t plain_packet(const hw_capture *capture, hw_bytes block, bool big_endian, hw_record *record) {
  if (block.length < PACKET_BLOCK || hw_file32(block, 0, big_endian) != PACKET) return 0;
  uint32_t length = hw_file32(block, 4, big_endian), number = hw_file32(block, 8, big_endian);
  record->captured_length = hw_file32(block, 20, big_endian);
  record->wire_length = hw_file32(block, 24, big_endian);
  if (length < PACKET_BLOCK || length % 4 || length > block.length) return 0;
  if (record->captured_length > length - PACKET_BLOCK || record->captured_length > HW_LARGEST_PACKET) return 0;
  if (hw_file32(block, length - 4, big_endian) != length) return 0;
  if (number >= capture->interface_count - capture->interface_base || number >= HW_INTERFACES) return 0;
  record->interface = capture->interface_base + number;
  if (capture->interface_base >= HW_INTERFACES || record->interface >= HW_INTERFACES) return 0;
  const hw_interface *interface = &capture->interfaces[record->interface];
  uint64_t units = (uint64_t)hw_file32(block, 12, big_endian) << 32 | hw_file32(block, 16, big_endian);
  record->time = (int64_t)(units * interface->ts_multiply);
  return units < interface->ts_limit ? length : 0;
}

/* Walk such blocks up to the first other one; inlined for each byte order. */
static inline void walk_packets(hw_walk *walk, bool big_endian) {
  hw_capture *capture = walk->capture;
  const hw_columns columns = *walk->columns;
  const hw_bytes data = walk->data;
  uint64_t at = walk->at, row = walk->row, asked = at + HW_AHEAD;
  for (hw_record record; row < walk->last; row++) {
    uint32_t length = plain_packet(capture, hw_part(data, at, HW_LARGEST), big_endian, &record);
    if (!length) break;
    hw_interface *interface = &capture->interfaces[record.interface];
    columns.time[row] = capture->last_time = record.time;
    columns.present[row] = HW_TIME;
    columns.captured_length[row] = record.captured_length;
    columns.wire_length[row] = record.wire_length;
    columns.interface[row] = (uint16_t)record.interface;
    columns.link_type[row] = (uint16_t)interface->link_type;
    columns.vlan_hint[row] = 0;
    columns.record[row] = at + PACKET_BLOCK - 4;
    interface->packets++;
    hw_look_ahead(data, at, &asked);
    at += length;
  }
  capture->packets += row - walk->row;
  walk->row = row;
  walk->at = at;
}

void hw_pcapng_walk(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  while (capture->trailer || walk->at < walk->data.length) {
    if (capture->trailer) {
      if (!read_trailer(walk)) return;
      continue;
    }
    if (capture->big_endian) walk_packets(walk, true);
    else walk_packets(walk, false);
    if (walk->row >= walk->last || walk->at >= walk->data.length || !read_block(walk) || capture->skip) return;
  }
}
