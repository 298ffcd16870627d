/* feed.c - captures, frames and ring blocks through framing and headers. */
#include "feed.h"

#include "../survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every column: name and bytes a row, in the order of hw_columns. */
#define EACH_COLUMN(DO) \
  DO(time, 8) DO(wire_length, 4) DO(captured_length, 4) DO(interface, 2) DO(source_mac, 8) DO(destination_mac, 8) DO(vlan, 2) \
  DO(ethertype, 2) DO(ip_version, 1) DO(source_ip, 16) DO(destination_ip, 16) DO(protocol, 1) DO(ttl, 1) DO(dscp, 1) \
  DO(ip_length, 4) DO(fragment_offset, 2) DO(more_fragments, 1) DO(source_port, 2) DO(destination_port, 2) DO(tcp_flags, 2) \
  DO(tcp_window, 2) DO(tcp_sequence, 4) DO(tcp_acknowledgment, 4) DO(tcp_mss, 2) DO(tcp_window_scale, 1) DO(tcp_options, 8) \
  DO(icmp_type, 1) DO(icmp_code, 1) DO(arp_operation, 2) DO(payload_length, 4) DO(present, 4) DO(ip_id, 2) DO(link_type, 2) \
  DO(vlan_hint, 4) DO(checksum, 2)

void feed_must(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "broken: %s\n", what);
  abort();
}

/* `size` bytes of no meaning, so that a column that is not written shows. */
static void *dirty(uint64_t size) {
  void *memory = malloc(size ? size : 1);
  feed_must(memory != NULL, "memory");
  return memset(memory, 0xa5, size);
}

hw_columns feed_columns(uint64_t rows) {
  hw_columns columns;
#define ALLOCATE(name, width) columns.name = dirty(rows * (width));
  EACH_COLUMN(ALLOCATE)
  ALLOCATE(record, 8)
#undef ALLOCATE
  return columns;
}

void feed_free_columns(hw_columns *columns) {
#define FREE(name, width) free(columns->name);
  EACH_COLUMN(FREE)
  FREE(record, 8)
#undef FREE
}

static void hash_bytes(uint64_t *hash, const void *bytes, uint64_t size) {
  for (uint64_t i = 0; i < size; i++) *hash = (*hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3ull;
}

static void hash_rows(uint64_t *hash, const hw_columns *columns, uint64_t rows) {
  for (uint64_t row = 0; row < rows; row++) {
#define HASH(name, width) hash_bytes(hash, (const uint8_t *)columns->name + row * (width), width);
    EACH_COLUMN(HASH)
#undef HASH
  }
}

/* A value is zero where its column is not present. */
static void check_rows(const hw_columns *columns, uint64_t rows) {
  static const uint8_t nothing[16];
  for (uint64_t row = 0; row < rows; row++) {
    uint32_t present = columns->present[row];
    feed_must(columns->vlan_hint[row] != 0 || columns->vlan[row] <= 0xfff, "a VLAN identifier has 12 bits");
    feed_must(columns->tcp_flags[row] <= 0xfff, "TCP flags have 12 bits");
    feed_must((present & (HW_CUT | HW_MALFORMED)) != (HW_CUT | HW_MALFORMED), "one problem a packet");
#define ABSENT(name, width, bit) \
  feed_must(present & (bit) || memcmp((const uint8_t *)columns->name + row * (width), nothing, width) == 0, "absent " #name " is zero");
    ABSENT(source_mac, 8, HW_SOURCE_MAC)
    ABSENT(destination_mac, 8, HW_DESTINATION_MAC)
    ABSENT(ethertype, 2, HW_ETHERTYPE)
    ABSENT(source_ip, 16, HW_SOURCE_IP)
    ABSENT(destination_ip, 16, HW_DESTINATION_IP)
    ABSENT(source_port, 2, HW_SOURCE_PORT)
    ABSENT(tcp_options, 8, HW_TCP_OPTIONS)
    ABSENT(tcp_mss, 2, HW_TCP_MSS)
    ABSENT(payload_length, 4, HW_PAYLOAD_LENGTH)
    ABSENT(arp_operation, 2, HW_ARP_OPERATION)
#undef ABSENT
  }
}

/* The survey of rows says what asking one row after another does. */
static void check_survey(const hw_columns *columns, uint64_t rows) {
  hw_survey found;
  uint32_t some = 0, all = rows ? UINT32_MAX : 0, ordered = 1;
  int64_t lowest = INT64_MAX, highest = INT64_MIN;
  hw_survey_rows(columns, rows, &found);
  for (uint64_t row = 0; row < rows; row++) {
    int64_t time = columns->time[row];
    some |= columns->present[row], all &= columns->present[row];
    ordered &= row == 0 || columns->time[row - 1] <= time;
    if (!(columns->present[row] & HW_TIME)) continue;
    lowest = time < lowest ? time : lowest, highest = time > highest ? time : highest;
  }
  feed_must(found.some == some && found.all == all && found.ordered == ordered, "a survey knows bits and order");
  feed_must(found.lowest == lowest && found.highest == highest, "a survey knows the bounds of time");
}

void feed_rows(feed_result *result, const hw_columns *columns, uint64_t rows, uint64_t walked) {
  check_rows(columns, rows);
  check_survey(columns, rows);
  hash_rows(&result->hash, columns, rows);
  result->rows += rows;
  result->packets += walked;
}

/* One call: the bytes held so far, in memory of their exact size. */
uint64_t feed_step(hw_capture *capture, const uint8_t *held, uint64_t size, int final, const hw_columns *columns, uint64_t limit,
                   uint64_t *used, feed_result *result) {
  uint8_t *exact = malloc(size ? size : 1);
  uint64_t walked = 0;
  feed_must(exact != NULL, "memory");
  if (size) memcpy(exact, held, size);
  uint64_t rows = hw_read(capture, exact, size, final, columns, 0, limit, used, &walked, result->counted);
  free(exact);
  feed_must(*used <= size, "no more bytes are consumed than there are");
  feed_must(rows <= walked && walked <= limit, "no more rows than packets than asked for");
  feed_rows(result, columns, rows, walked);
  return walked;
}

void feed_check(const hw_capture *capture, const feed_result *result) {
  uint64_t counted = 0;
  for (int reason = 0; reason < HW_REASONS; reason++) counted += result->counted[reason];
  feed_must(result->rows + counted == result->packets, "rows and counted are all packets");
  feed_must(capture->packets == result->packets, "the core counts the packets it walks");
}

feed_result feed_capture(const uint8_t *data, size_t size, size_t chunk, uint64_t limit, int with_kernels) {
  feed_result result = {.hash = FEED_HASH};
  hw_capture *capture = calloc(1, sizeof *capture);
  hw_columns columns = feed_columns(limit);
  kernels *on = with_kernels ? kernels_new(limit) : NULL;
  size_t start = 0, end = 0;
  feed_must(capture != NULL, "memory");
  do {
    end = chunk == 0 || size - end < chunk ? size : end + chunk;
    for (uint64_t walked = limit; capture->status == HW_OK && walked == limit;) {
      uint64_t used, before = result.rows;
      walked = feed_step(capture, data + start, end - start, end == size, &columns, limit, &used, &result);
      start += used;
      if (on) kernels_take(on, &columns, result.rows - before);
    }
    /* What a caller holds back must not grow for ever. */
    feed_must(end - start < HW_LARGEST + (chunk ? chunk : size), "a bounded part is held back");
  } while (end < size && capture->status == HW_OK);
  result.status = capture->status;
  feed_check(capture, &result);
  if (on) kernels_free(on);
  feed_free_columns(&columns);
  free(capture);
  return result;
}

/* Headers of rows that are framed already. */
static void read_headers(const uint8_t *data, size_t size, hw_columns *columns, uint64_t framed) {
  uint64_t counted[HW_REASONS] = {0};
  uint64_t rows = hw_headers(data, size, columns, 0, framed, counted, NULL), all = rows;
  for (int reason = 0; reason < HW_REASONS; reason++) all += counted[reason];
  feed_must(all == framed, "rows and counted are all frames");
  check_rows(columns, rows);
}

void feed_frame(const uint8_t *data, size_t size, uint16_t link_type, uint32_t wire_length, uint32_t vlan_hint) {
  hw_columns columns = feed_columns(1);
  columns.time[0] = 0;
  columns.record[0] = 0;
  columns.interface[0] = 0;
  columns.captured_length[0] = (uint32_t)size;
  columns.wire_length[0] = wire_length;
  columns.present[0] = HW_TIME;
  columns.link_type[0] = link_type;
  columns.vlan_hint[0] = vlan_hint;
  read_headers(data, size, &columns, 1);
  feed_free_columns(&columns);
}

void feed_ring(const uint8_t *data, size_t size, uint64_t limit) {
  hw_columns columns = feed_columns(limit);
  uint64_t framed = hw_ring_frames(data, size, &columns, 0, limit, 1);
  feed_must(framed <= limit, "no more frames than asked for");
  read_headers(data, size, &columns, framed);
  feed_free_columns(&columns);
}
