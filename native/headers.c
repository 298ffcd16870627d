/* headers.c - framed rows to header rows, while others are framed. */
#include "headers.h"

#include "eight.h"
#include "pcap.h"
#include "rows.h"

#define TURN 128u /* rows at a time; a multiple of eight */

/* Any packet, layer by layer. */
static enum hw_reason read_layers(hw_bytes frame, const hw_columns *columns, uint64_t row) {
  uint32_t captured = columns->captured_length[row], wire = columns->wire_length[row], hint = columns->vlan_hint[row];
  hw_packet packet = {frame, wire > captured ? wire : captured, columns, row, columns->present[row]};
  hw_clear_rare(columns, row, 1); /* what hw_fast began to write */
  hw_clear_tcp(columns, row, 1);
  hw_clear_network(columns, row);
  columns->source_mac[row] = columns->destination_mac[row] = 0;
  columns->ethertype[row] = 0;
  if (hint) HW_SET(&packet, vlan, HW_VLAN, hint & 0xfff);
  enum hw_reason reason = hw_link(&packet, columns->link_type[row]);
  columns->present[row] = packet.present;
  return reason;
}

static enum hw_reason read_one(hw_bytes bytes, const hw_columns *columns, uint64_t row) {
  hw_bytes frame = hw_part(bytes, columns->record[row], columns->captured_length[row]);
  return hw_fast(frame, columns, row) ? HW_ROW : read_layers(frame, columns, row);
}

/* Up to TURN rows that are being read. */
typedef struct turn {
  hw_bytes bytes;
  hw_columns columns; /* a copy that no write to a column can change, so that it stays in registers */
  uint64_t first, count;
  uint64_t *counted;
  hw_interface *interfaces;
  uint64_t dropped;
  uint8_t drop[TURN]; /* 1 where a packet is no row; filled where any is dropped */
} turn;

static void drop(turn *t, uint64_t row, enum hw_reason reason) {
  uint16_t number = t->columns.interface[row];
  hw_interface *interface = t->interfaces && number < HW_INTERFACES ? &t->interfaces[number] : 0;
  /* A capture may name the link type that stands for none here. */
  if (reason == HW_NO_INTERFACE && interface && interface->described) reason = HW_LINK_TYPE;
  t->counted[reason]++;
  if (reason == HW_LINK_TYPE && interface) interface->skipped++;
  if (!t->dropped++) memset(t->drop, 0, t->count);
  t->drop[row - t->first] = 1;
}

static inline void read_row(turn *t, uint64_t row) {
  enum hw_reason reason = read_one(t->bytes, &t->columns, row);
  if (reason != HW_ROW) drop(t, row, reason);
}

static void read_singly(turn *t, uint64_t row, uint64_t count) {
  hw_clear_tcp(&t->columns, row, count);
  for (uint64_t end = row + count; row < end; row++) read_row(t, row);
}

#ifdef HW_HAS_LANES
enum { ETHERNET = 1, COOKED = 113, MIXED = 0x10000 };

/* The link type of all rows, where they have one and the kernel took no tags off their frames. */
static uint32_t common_link(const turn *t) {
  const hw_columns *columns = &t->columns;
  uint16_t link = columns->link_type[t->first], others = 0;
  uint32_t hints = 0;
  for (uint64_t row = t->first; row < t->first + t->count; row++) {
    others |= columns->link_type[row] ^ link;
    hints |= columns->vlan_hint[row];
  }
  return others || hints ? MIXED : link;
}

/* Framing that goes on meanwhile: one waits for memory, the other computes. */
typedef struct framing {
  hw_walk walk;
  uint64_t last, asked;
  enum hw_status status;
} framing;

static inline void frame_on(framing *on, uint64_t rows) {
  uint64_t left = on->last - on->walk.row;
  if (on->status != HW_OK) return;
  on->walk.last = on->walk.row + (left < rows ? left : rows);
  on->status = hw_pcap_records(&on->walk, false, HW_RECORD_HEADER, HW_CAPTURED_FIRST, &on->asked);
}

static inline void read_eights(turn *t, bool cooked, framing *on) {
  uint64_t row = t->first, end = t->first + t->count;
  for (; end - row >= HW_LANES; row += HW_LANES) {
    if (on) frame_on(on, HW_LANES);
    uint64_t read = hw_eight(t->bytes, &t->columns, row, cooked);
    for (uint64_t i = 0; read != HW_ALL_ROWS && i < HW_LANES; i++)
      if (!(read >> (8 * i) & 1)) read_row(t, row + i);
  }
  read_singly(t, row, end - row);
}

static void read_turn(turn *t) {
  uint32_t link = common_link(t);
  if (link == ETHERNET) read_eights(t, false, 0);
  else if (link == COOKED) read_eights(t, true, 0);
  else read_singly(t, t->first, t->count);
}
#else
static void read_turn(turn *t) { read_singly(t, t->first, t->count); }
#endif

/* Move what was kept to row `to` and behind it; returns how many rows that are. */
static uint64_t close_up(const turn *t, uint64_t to) {
  uint32_t kept[TURN];
  uint64_t keep = 0;
  if (!t->dropped && to == t->first) return t->count;
  for (uint64_t i = 0; i < t->count; i++)
    if (!t->dropped || !t->drop[i]) kept[keep++] = (uint32_t)(t->first + i);
  hw_close_rows(&t->columns, to, keep, kept);
  return keep;
}

uint64_t hw_headers(const uint8_t *buffer, uint64_t length, const hw_columns *columns, uint64_t first, uint64_t count,
                    uint64_t counted[HW_REASONS], hw_interface *interfaces) {
  turn t = {.bytes = {buffer, length}, .columns = *columns, .counted = counted, .interfaces = interfaces};
  uint64_t kept = first;
  for (uint64_t row = first; row < first + count; row += t.count) {
    uint64_t left = first + count - row;
    t.first = row;
    t.count = left < TURN ? left : TURN;
    t.dropped = 0;
    hw_clear_rare(&t.columns, row, t.count);
    read_turn(&t);
    kept += close_up(&t, kept);
  }
  return kept - first;
}

#ifdef HW_HAS_LANES
bool hw_reads_framing(const hw_capture *capture) {
  uint32_t link = capture->interfaces[0].link_type;
  return capture->status == HW_OK && capture->format == HW_PCAP && hw_pcap_is_ordinary(capture) && (link == ETHERNET || link == COOKED);
}

uint64_t hw_read_framing(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final, const hw_columns *columns, uint64_t first,
                         uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]) {
  turn t = {.bytes = {buffer, length}, .columns = *columns, .counted = counted, .interfaces = capture->interfaces, .first = first};
  framing on = {{capture, {buffer, length}, 0, final != 0, columns, first, first}, first + limit, HW_AHEAD, HW_OK};
  uint64_t kept = first;
  for (frame_on(&on, TURN); (t.count = on.walk.row - t.first); t.first += t.count) {
    t.dropped = 0;
    hw_pcap_finish(&on.walk, t.first);
    hw_clear_rare(&t.columns, t.first, t.count);
    if (capture->interfaces[0].link_type == ETHERNET) read_eights(&t, false, &on);
    else read_eights(&t, true, &on);
    kept += close_up(&t, kept);
  }
  if (on.status != HW_TRUNCATED || final) capture->status = on.status;
  capture->position += *consumed = on.walk.at;
  *packets = on.walk.row - first;
  return kept - first;
}
#else
bool hw_reads_framing(const hw_capture *capture) { return (void)capture, false; }

uint64_t hw_read_framing(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final, const hw_columns *columns, uint64_t first,
                         uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]) {
  (void)capture, (void)buffer, (void)length, (void)final, (void)columns, (void)first, (void)limit, (void)counted;
  return *consumed = *packets = 0;
}
#endif
