/* pcapng.c - the block format: sections, interfaces, packets; other blocks are passed over.
 *
 * Source: draft-ietf-opsawg-pcapng.
 */
#include "pcapng.h"

#define SECTION_HEADER 0x0a0d0d0au
#define BYTE_ORDER_MAGIC 0x1a2b3c4du
#define SECTION_BYTES 28u /* with no options */

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
    case PACKET: return 32;
    case SIMPLE_PACKET: return 16;
    default: return 12;
  }
}

/* Read a packet block into a row. */
static bool read_packet(hw_walk *walk, uint32_t type, uint32_t length) {
  hw_capture *capture = walk->capture;
  hw_bytes block = hw_part(walk->data, walk->at, padded(length));
  hw_record record = {0};
  /* Before the packet is given out, where the whole block is held. */
  if (block.length == padded(length) && hw_file32(block, block.length - 4, capture->big_endian) != length) {
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

void hw_pcapng_walk(hw_walk *walk) {
  while (walk->capture->trailer || walk->at < walk->data.length) {
    if (walk->capture->trailer) {
      if (!read_trailer(walk)) return;
    } else if (walk->row >= walk->last || !read_block(walk) || walk->capture->skip) {
      return;
    }
  }
}
