/* ring.c - packets of one block of an AF_PACKET ring, version 3.
 *
 * Source: linux/if_packet.h (tpacket_block_desc, tpacket_hdr_v1, tpacket3_hdr),
 * Documentation/networking/packet_mmap. Numbers are in the machine's byte order.
 * The kernel hands over a block by a bit of its status and gets it back when the
 * status is zero; both ends are ordered against reads of the block's packets.
 */
#include "bytes.h"
#include "headwise.h"

enum block_field { BLOCK_PACKETS = 12, BLOCK_FIRST = 16 };
enum packet_field {
  NEXT = 0, SECONDS = 4, NANOSECONDS = 8, CAPTURED = 12, WIRE = 16, STATUS = 20, FRAME = 24, VLAN_TCI = 32, PACKET_SIZE = 40,
};
#define VLAN_VALID 0x10u
#define VLAN_TAG 4u /* bytes that the kernel took off the frame */

static const bool big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

static uint32_t number(hw_bytes block, uint64_t at) { return hw_file32(block, at, big_endian); }

static void put(hw_bytes block, uint64_t at, const hw_columns *columns, uint64_t row, uint16_t link_type) {
  bool tagged = number(block, at + STATUS) & VLAN_VALID;
  uint64_t frame = at + hw_file16(block, at + FRAME, big_endian);
  uint32_t captured = number(block, at + CAPTURED);
  hw_bytes held = hw_part(block, frame, captured);
  columns->time[row] = (int64_t)number(block, at + SECONDS) * 1000000000 + number(block, at + NANOSECONDS);
  columns->present[row] = HW_TIME;
  columns->wire_length[row] = number(block, at + WIRE) + (tagged ? VLAN_TAG : 0);
  columns->captured_length[row] = (uint32_t)held.length;
  columns->interface[row] = 0;
  columns->record[row] = frame;
  columns->link_type[row] = link_type;
  columns->vlan_hint[row] = tagged ? 0x10000 | (number(block, at + VLAN_TCI) & 0xffff) : 0;
}

uint64_t hw_ring_frames(const uint8_t *block, uint64_t length, const hw_columns *columns, uint64_t first, uint64_t limit,
                        uint16_t link_type) {
  hw_bytes bytes = {block, length};
  uint64_t count = number(bytes, BLOCK_PACKETS), at = number(bytes, BLOCK_FIRST), done = 0;
  if (count > limit) count = limit;
  while (done < count && hw_holds(bytes, at, PACKET_SIZE)) {
    put(bytes, at, columns, first + done++, link_type);
    uint32_t next = number(bytes, at + NEXT);
    if (next < PACKET_SIZE) break;
    at += next;
  }
  return done;
}

int hw_ring_ready(const uint32_t *status) { return __atomic_load_n(status, __ATOMIC_ACQUIRE) & 1; }

void hw_ring_release(uint32_t *status) { __atomic_store_n(status, 0, __ATOMIC_RELEASE); }
