/* devices_tables.h - the two tables of attribution: MACs and addresses.
 * Entries are told by their index plus one; 0 is none. */
#ifndef HEADWISE_DEVICES_TABLES_H
#define HEADWISE_DEVICES_TABLES_H

#include "devices.h"
#include "devices_packet.h"

#define NOBODY 0xffffffffu

static inline uint32_t *device_bucket(hw_attribution *state, uint64_t mac) {
  return &state->device_buckets[mac * state->seed >> (64 - state->device_bucket_bits)];
}

static inline uint32_t *address_bucket(hw_attribution *state, uint64_t high, uint64_t low) {
  uint64_t key = low ^ (high << 31 | high >> 33) * 0xd6e8feb86659fd93ull;
  return &state->address_buckets[(key ^ key >> 32) * state->seed >> (64 - state->address_bucket_bits)];
}

/* Index of the device of a MAC, or NOBODY. */
static inline uint32_t find_device(hw_attribution *state, uint64_t mac) {
  uint32_t entry = *device_bucket(state, mac);
  while (entry && state->devices[entry - 1].mac != mac) entry = state->devices[entry - 1].next_in_bucket;
  return entry - 1;
}

static inline int is_bound(const hw_attribution *state, uint32_t entry, const address *a) {
  return entry && state->addresses[entry - 1].low == a->low && state->addresses[entry - 1].high == a->high;
}

static inline uint32_t find_address(hw_attribution *state, const address *a, enum scope scope) {
  if (a->ipv4 && scope == GLOBAL && !state->global_ipv4) return 0;
  uint32_t entry = *address_bucket(state, a->high, a->low);
  while (entry && !is_bound(state, entry, a)) entry = state->addresses[entry - 1].next_in_bucket;
  return entry;
}

/* Like find_device; makes the entry where there is room. */
uint32_t hw_add_device(hw_attribution *state, uint64_t mac);

/* Bind the source address of a packet, which nobody is known by, to device `index`. */
void hw_bind_address(hw_attribution *state, const packet *p, uint32_t index, enum hw_binding strength);

void hw_forget_address(hw_attribution *state, uint32_t entry);

#endif
