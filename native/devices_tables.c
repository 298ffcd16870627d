/* devices_tables.c - entering and leaving the tables of attribution. */
#include "devices_tables.h"

#define HAND_STEPS 8

uint32_t hw_add_device(hw_attribution *state, uint64_t mac) {
  if (state->device_count == state->device_room) return NOBODY;
  uint32_t *bucket = device_bucket(state, mac);
  hw_device *device = &state->devices[state->device_count];
  device->mac = mac;
  device->next_in_bucket = *bucket;
  *bucket = ++state->device_count;
  return *bucket - 1;
}

static int is_global_ipv4(const hw_address *bound) {
  return is_ipv4(bound->high, bound->low) && scope_of_ipv4((uint32_t)bound->low) == GLOBAL;
}

static void leave_device(hw_attribution *state, uint32_t entry) {
  hw_device *device = &state->devices[state->addresses[entry - 1].device - 1];
  uint32_t *link = &device->addresses;
  while (*link != entry) link = &state->addresses[*link - 1].next_of_device;
  *link = state->addresses[entry - 1].next_of_device;
  device->address_count--;
  for (int i = 0; i < 2; i++)
    if (device->recent[i] == entry) device->recent[i] = 0;
}

void hw_forget_address(hw_attribution *state, uint32_t entry) {
  hw_address *bound = &state->addresses[entry - 1];
  leave_device(state, entry);
  uint32_t *link = address_bucket(state, bound->high, bound->low);
  while (*link != entry) link = &state->addresses[*link - 1].next_in_bucket;
  *link = bound->next_in_bucket;
  state->global_ipv4 -= (uint32_t)is_global_ipv4(bound);
  bound->device = 0;
  bound->next_in_bucket = state->address_free;
  state->address_free = entry;
}

static uint32_t oldest_of_device(const hw_attribution *state, const hw_device *device) {
  uint32_t oldest = device->addresses;
  for (uint32_t entry = oldest; entry; entry = state->addresses[entry - 1].next_of_device)
    if (state->addresses[entry - 1].last_seen < state->addresses[oldest - 1].last_seen) oldest = entry;
  return oldest;
}

/* The least recently used of a few entries that a hand passes over. */
static uint32_t oldest_at_hand(hw_attribution *state) {
  uint32_t oldest = state->address_hand + 1;
  for (uint32_t i = 0; i < HAND_STEPS; i++) {
    uint32_t entry = (state->address_hand + i) % state->address_room + 1;
    if (state->addresses[entry - 1].last_seen < state->addresses[oldest - 1].last_seen) oldest = entry;
  }
  state->address_hand = (state->address_hand + HAND_STEPS) % state->address_room;
  return oldest;
}

static uint32_t free_address(hw_attribution *state, const hw_device *device) {
  if (device->address_count == HW_MAC_ADDRESSES) {
    hw_forget_address(state, oldest_of_device(state, device));
    state->addresses_forgotten++;
  } else if (!state->address_free && state->address_count == state->address_room) {
    hw_forget_address(state, oldest_at_hand(state));
    state->addresses_forgotten++;
  }
  if (!state->address_free) return ++state->address_count;
  uint32_t entry = state->address_free;
  state->address_free = state->addresses[entry - 1].next_in_bucket;
  return entry;
}

void hw_bind_address(hw_attribution *state, const packet *p, uint32_t index, enum hw_binding strength) {
  hw_device *device = &state->devices[index];
  uint32_t entry = free_address(state, device);
  hw_address *bound = &state->addresses[entry - 1];
  uint32_t *bucket = address_bucket(state, p->source.high, p->source.low);
  *bound = (hw_address){p->source.high, p->source.low, p->now, p->now, index + 1, *bucket, device->addresses, (uint32_t)strength};
  *bucket = entry;
  device->addresses = entry;
  device->address_count++;
  device->recent[!p->source.ipv4] = entry;
  state->global_ipv4 += (uint32_t)is_global_ipv4(bound);
}
