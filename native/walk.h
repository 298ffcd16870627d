/* walk.h - what the readers of capture formats pass to each other: one call of hw_frames. */
#ifndef HEADWISE_WALK_H
#define HEADWISE_WALK_H

#include "bytes.h"
#include "headwise.h"

#define HW_LARGEST_PACKET 0x40000u /* 256 KiB, the largest snap length that capture programs set */

typedef struct hw_walk {
  hw_capture *capture;
  hw_bytes data;
  uint64_t at; /* what lies before it is walked */
  bool final;
  const hw_columns *columns;
  uint64_t row, last; /* the next row to fill, and where the rows end */
} hw_walk;

/* One record as its format described it. */
typedef struct hw_record {
  uint64_t at; /* of the frame's first byte */
  int64_t time;
  uint32_t interface; /* HW_INTERFACES or more: not described */
  uint32_t captured_length, wire_length;
  bool timed;
} hw_record;

/* Write the next row. */
static inline void hw_put(hw_walk *walk, const hw_record *record) {
  const hw_columns *columns = walk->columns;
  hw_capture *capture = walk->capture;
  uint64_t row = walk->row++;
  bool known = record->interface < HW_INTERFACES;
  if (record->timed) capture->last_time = record->time;
  columns->time[row] = capture->last_time;
  columns->present[row] = record->timed ? HW_TIME : 0;
  columns->wire_length[row] = record->wire_length;
  columns->captured_length[row] = record->captured_length;
  columns->interface[row] = (uint16_t)(record->interface < 0xffff ? record->interface : 0xffff);
  columns->record[row] = record->at;
  columns->vlan_hint[row] = 0;
  columns->link_type[row] = HW_UNDESCRIBED;
  if (known) {
    columns->link_type[row] = (uint16_t)capture->interfaces[record->interface].link_type;
    capture->interfaces[record->interface].packets++;
  }
  capture->packets++;
}

/* The walk needs `size` bytes at its place: true where they are there. Otherwise the
 * caller waits for more, or the file ends too early. */
static inline bool hw_need(hw_walk *walk, uint64_t size) {
  if (hw_holds(walk->data, walk->at, size)) return true;
  if (walk->final) walk->capture->status = HW_TRUNCATED;
  return false;
}

/* Records are of all lengths: memory cannot be fetched ahead by stride, and each would be waited for. Every cache line is asked
 * for, in order, which is what memory is quickest at, HW_AHEAD bytes before it is walked; `*asked` begins there. As many lines as most
 * records cross are asked for without asking how many they are, which a processor would guess wrong. */
#define HW_AHEAD 4096u
static inline void hw_look_ahead(hw_bytes data, uint64_t at, uint64_t *asked) {
  const uint64_t most = 3 * HW_LINE, until = (at + HW_AHEAD + HW_LINE - 1) / HW_LINE * HW_LINE;
  hw_soon(data, *asked, most);
  for (uint64_t line = *asked + most; line < until; line += HW_LINE) hw_soon(data, line, HW_LINE);
  *asked = until;
}

/* Go `size` bytes on, beyond the buffer if need be; beyond the end of the capture something is missing. */
static inline void hw_pass(hw_walk *walk, uint64_t size) {
  uint64_t left = walk->data.length - walk->at;
  walk->at += size < left ? size : left;
  walk->capture->skip = size < left ? 0 : size - left;
  if (walk->capture->skip && walk->final) walk->capture->status = HW_TRUNCATED;
}

/* pcap.c, pcapng.c: recognise the format from its first bytes (false: it is another
 * one), then walk records until rows or bytes end. */
bool hw_pcap_open(hw_walk *walk);
void hw_pcap_walk(hw_walk *walk);
bool hw_pcapng_open(hw_walk *walk);
void hw_pcapng_walk(hw_walk *walk);

#endif
