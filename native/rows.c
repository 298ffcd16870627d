/* rows.c - moving whole rows of the header columns, a column at a time. */
#include "rows.h"

#include <string.h>

typedef struct column {
  uint8_t *start;
  uint32_t width;
} column;

#define COLUMNS 36

static void list(const hw_columns *c, column out[COLUMNS]) {
#define OF(name) {(uint8_t *)c->name, sizeof *c->name}
  const column all[COLUMNS] = {
      OF(time), OF(wire_length), OF(captured_length), OF(interface), OF(source_mac), OF(destination_mac), OF(vlan),
      OF(ethertype), OF(ip_version), {c->source_ip, 16}, {c->destination_ip, 16}, OF(protocol), OF(ttl), OF(dscp),
      OF(ip_length), OF(fragment_offset), OF(more_fragments), OF(source_port), OF(destination_port), OF(tcp_flags),
      OF(tcp_window), OF(tcp_sequence), OF(tcp_acknowledgment), OF(tcp_mss), OF(tcp_window_scale), OF(tcp_options),
      OF(icmp_type), OF(icmp_code), OF(arp_operation), OF(payload_length), OF(present), OF(ip_id), OF(record),
      OF(link_type), OF(vlan_hint), OF(checksum)};
#undef OF
  _Static_assert(sizeof(hw_columns) == COLUMNS * sizeof(void *), "every column is listed");
  memcpy(out, all, sizeof all);
}

/* One loop for each width, so that a row costs a load and a store. */
#define EACH(type) \
  for (uint64_t row = 0; row < count; row++) ((type *)to)[put ? put[row] : row] = ((const type *)from)[take ? take[row] : row]

typedef struct sixteen {
  uint64_t half[2];
} sixteen;

static void copy(uint32_t width, uint64_t count, uint8_t *to, const uint32_t *put, const uint8_t *from, const uint32_t *take) {
  switch (width) {
    case 1: EACH(uint8_t); break;
    case 2: EACH(uint16_t); break;
    case 4: EACH(uint32_t); break;
    case 8: EACH(uint64_t); break;
    default: EACH(sixteen); break;
  }
}

void hw_move_rows(const hw_columns *columns, uint64_t count, const uint32_t *to, const uint32_t *from, uint8_t *scratch) {
  column all[COLUMNS];
  list(columns, all);
  for (int one = 0; one < COLUMNS; one++) {
    copy(all[one].width, count, scratch, 0, all[one].start, from);
    copy(all[one].width, count, all[one].start, to, scratch, 0);
  }
}

void hw_close_rows(const hw_columns *columns, uint64_t first, uint64_t count, const uint32_t *kept) {
  column all[COLUMNS];
  list(columns, all);
  for (int one = 0; one < COLUMNS; one++) copy(all[one].width, count, all[one].start + all[one].width * first, 0, all[one].start, kept);
}
