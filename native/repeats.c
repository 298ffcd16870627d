/* repeats.c - which packets are copies of one that was kept, by everything in their headers that forwarding leaves alone. */
#include <stdbool.h>
#include <string.h>

#include "repeats.h"
#include "rows.h"

#define MS 1000000
/* An IP identification tells packets apart for longer than a copy needs. Without one (zero, IPv6, ARP) an equal packet
 * may be a new one, and only what follows closely is taken for a copy. */
#define IDENTIFIED_NS (100 * MS)
#define UNIDENTIFIED_NS (10 * MS)

#define LINKTYPE_LINUX_SLL 113
#define LINKTYPE_LINUX_SLL2 276

/* Where fewer packets with an identification than one in COPIED_SHARE are copied, equal packets without one are no copies. */
#define COPIED_SHARE 4
#define FIRST_KEPT 16
#define MOST_KEPT 4096

static inline uint64_t mix(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
  return hash ^ hash >> 29;
}

static inline uint64_t word(const uint8_t *bytes) {
  uint64_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

/* Hash of what a copy shares; 0 for a packet that has no copies: no IP and no ARP header, or no time. */
static uint64_t key_of(const hw_columns *c, uint64_t row, bool identified) {
  uint32_t present = c->present[row];
  bool arp = present & HW_ARP_OPERATION;
  if (!(present & HW_TIME) || !(arp || present & HW_IP_VERSION)) return 0;
  uint64_t hash = mix(present & ~(uint32_t)(HW_VLAN | HW_DESTINATION_MAC | HW_SOURCE_MAC | HW_ETHERTYPE | HW_CUT | HW_MALFORMED),
                      (uint64_t)c->arp_operation[row] << 32 | (identified ? 2u : 0u) | (arp ? 1u : 0u));
  if (arp) hash = mix(hash, c->source_mac[row]);
  hash = mix(hash, word(c->source_ip + 16 * row));
  hash = mix(hash, word(c->source_ip + 16 * row + 8));
  hash = mix(hash, word(c->destination_ip + 16 * row));
  hash = mix(hash, word(c->destination_ip + 16 * row + 8));
  hash = mix(hash, (uint64_t)c->ip_length[row] << 32 | c->payload_length[row]);
  hash = mix(hash, (uint64_t)c->source_port[row] << 48 | (uint64_t)c->destination_port[row] << 32 |
                       (uint64_t)c->protocol[row] << 24 | (uint64_t)c->icmp_type[row] << 16 | (uint64_t)c->icmp_code[row] << 8 |
                       c->more_fragments[row]);
  hash = mix(hash, (uint64_t)c->tcp_sequence[row] << 32 | c->tcp_acknowledgment[row]);
  hash = mix(hash, (uint64_t)c->tcp_flags[row] << 48 | (uint64_t)c->tcp_window[row] << 32 | (uint64_t)c->fragment_offset[row] << 16 |
                       (identified ? c->ip_id[row] : c->checksum[row]));
  return hash ? hash : 1;
}

/* The entry of the same key, or the one to give up for it. */
static hw_repeat_entry *find(hw_repeat_table *table, uint64_t key) {
  hw_repeat_entry *set = table->entries[key >> 32 & (HW_REPEAT_SETS - 1)], *oldest = set;
  for (uint32_t way = 0; way < HW_REPEAT_WAYS; way++) {
    if (set[way].key == key || set[way].key == 0) return &set[way];
    if (set[way].time < oldest->time) oldest = &set[way];
  }
  return oldest;
}

static bool is_repeat(const hw_repeat_entry *kept, const hw_columns *c, uint64_t row, bool identified, bool other_interface) {
  int64_t time = c->time[row], limit = identified ? IDENTIFIED_NS : UNIDENTIFIED_NS;
  if (time < kept->time || time - kept->time > limit) return false;
  if (c->ttl[row] > kept->ttl) return false;
  return !other_interface || c->interface[row] != kept->interface;
}

/* Whether this capture copies packets at all, as far as it can be told from those with an identification. */
static bool copies(const hw_repeat_table *table) {
  return table->kept < FIRST_KEPT || table->copied * COPIED_SHARE >= table->kept;
}

static void learn(hw_repeat_table *table, bool copied) {
  if (copied) table->copied++;
  else table->kept++;
  if (table->kept < MOST_KEPT) return;
  table->kept /= 2;
  table->copied /= 2;
}

uint64_t hw_repeats(hw_repeat_table *table, const hw_columns *columns, uint64_t count, uint32_t rule, uint32_t *kept) {
  uint64_t keep = 0;
  for (uint64_t row = 0; row < count; row++) {
    uint16_t link = columns->link_type[row];
    bool cooked = link == LINKTYPE_LINUX_SLL || link == LINKTYPE_LINUX_SLL2 || rule == HW_REPEATS_ALL;
    bool identified = columns->present[row] & HW_IP_ID && columns->ip_id[row];
    uint64_t key = cooked || rule == HW_REPEATS_SEVERAL ? key_of(columns, row, identified) : 0;
    if (key) {
      hw_repeat_entry *entry = find(table, key);
      bool repeat = entry->key == key && is_repeat(entry, columns, row, identified, !cooked);
      if (identified) learn(table, repeat);
      if (repeat && (identified || copies(table))) continue;
      *entry = (hw_repeat_entry){.key = key, .time = columns->time[row], .interface = columns->interface[row], .ttl = columns->ttl[row]};
    }
    kept[keep++] = (uint32_t)row;
  }
  if (keep < count) hw_close_rows(columns, 0, keep, kept);
  return keep;
}

uint64_t hw_repeat_table_size(void) { return sizeof(hw_repeat_table); }
