/* turns.h - rows that are framed, or being framed, to header rows: a turn of them at a time.
 *
 * The body of headers.c, and of wide.c for processors that read more rows at once.
 */
#ifndef HEADWISE_TURNS_H
#define HEADWISE_TURNS_H

#include "abreast.h"
#include "headers.h"
#include "pcap.h"
#include "rows.h"

#define TURN 128u /* rows at a time; a multiple of 64 */

/* Up to TURN rows that are being read. */
typedef struct turn {
  hw_bytes bytes;
  hw_columns columns; /* a copy that no write to a column can change, so that it stays in registers */
  uint64_t first, count;
  uint64_t *counted;
  hw_interface *interfaces;
  uint64_t dropped;
  uint8_t drop[TURN]; /* 1 where a packet is no row; filled where any is dropped */
  /* Bits of rows that are left for the end of the turn, where they stop nothing: rows to be read singly, and TCP options to be read. */
  uint64_t unread[TURN / 64], optioned[TURN / 64];
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
  enum hw_reason reason = hw_read_row(t->bytes, &t->columns, row);
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

/* Row by row what was left. Asking each row whether it is another would be guessed wrong; the next bit that is set is just found. */
static inline void read_left(turn *t, bool cooked) {
  for (uint64_t word = 0; word < TURN / 64; word++) {
    uint64_t row = t->first + 64 * word;
    for (uint64_t left = t->optioned[word]; left; left &= left - 1)
      hw_put_options(t->bytes, &t->columns, row + (uint64_t)__builtin_ctzll(left), cooked);
    for (uint64_t left = t->unread[word]; left; left &= left - 1) read_row(t, row + (uint64_t)__builtin_ctzll(left));
  }
}

HW_INLINE void read_abreast(turn *t, bool cooked, framing *on) {
  const uint64_t all = (1u << HW_LANES) - 1;
  uint64_t at = 0;
  memset(t->unread, 0, sizeof t->unread);
  memset(t->optioned, 0, sizeof t->optioned);
  for (; t->count - at >= HW_LANES; at += HW_LANES) {
    if (on) frame_on(on, HW_LANES);
    hw_rows_read rows = hw_read_abreast(t->bytes, &t->columns, t->first + at, cooked);
    t->unread[at / 64] |= (rows.read ^ all) << at % 64;
    t->optioned[at / 64] |= rows.options << at % 64;
  }
  read_left(t, cooked);
  read_singly(t, t->first + at, t->count - at);
}

static void read_turn(turn *t) {
  uint32_t link = common_link(t);
  if (link == ETHERNET) read_abreast(t, false, 0);
  else if (link == COOKED) read_abreast(t, true, 0);
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

static uint64_t read_headers(const uint8_t *buffer, uint64_t length, const hw_columns *columns, uint64_t first, uint64_t count,
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
static uint64_t read_framing(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final, const hw_columns *columns,
                             uint64_t first, uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]) {
  turn t = {.bytes = {buffer, length}, .columns = *columns, .counted = counted, .interfaces = capture->interfaces, .first = first};
  framing on = {{capture, {buffer, length}, 0, final != 0, columns, first, first}, first + limit, HW_AHEAD, HW_OK};
  uint64_t kept = first;
  for (frame_on(&on, TURN); (t.count = on.walk.row - t.first); t.first += t.count) {
    t.dropped = 0;
    hw_pcap_finish(&on.walk, t.first);
    hw_clear_rare(&t.columns, t.first, t.count);
    if (capture->interfaces[0].link_type == ETHERNET) read_abreast(&t, false, &on);
    else read_abreast(&t, true, &on);
    kept += close_up(&t, kept);
  }
  if (on.status != HW_TRUNCATED || final) capture->status = on.status;
  capture->position += *consumed = on.walk.at;
  *packets = on.walk.row - first;
  return kept - first;
}
#endif

#endif
