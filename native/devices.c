/* devices.c - whose packet is it: the two tables, and the walk over rows.
 * docs/devices.md tells the rules; tests/reference/devices.py is the twin. */
#include "devices.h"

#include <string.h>

#define GROUP (1ull << 40)
#define EVERYONE 0xffffffffffffull
#define NOBODY 0xffffffffu
#define TAKEOVER_NS 60000000000ll /* an address that its owner left this long is free to others */
#define HAND_STEPS 8

enum { SENT, RECEIVED };
enum { PEER_ROUTER, PEER_LOCAL, PEER_INTERNET, PEER_MULTICAST, PEER_BROADCAST };
enum scope { NO_SCOPE, ON_LINK, PRIVATE, GLOBAL, MULTICAST, BROADCAST };

typedef struct address {
  uint64_t high, low;
  int known, ipv4;
  enum scope scope;
} address;

typedef struct packet {
  int64_t now;
  uint64_t source_mac, destination_mac;
  uint32_t present;
  int cooked, group, arp, first_hop, neighbour;
  address source, destination;
} packet;

/* ---- addresses ---- */

static inline uint64_t eight_bytes(const uint8_t *at) {
  return (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40 | (uint64_t)at[3] << 32 |
         (uint64_t)at[4] << 24 | (uint64_t)at[5] << 16 | (uint64_t)at[6] << 8 | at[7];
}

static inline enum scope scope_of_ipv4(uint32_t a) {
  if (a >> 16 == 0xc0a8 || a >> 24 == 10 || a >> 20 == 0xac1 || a >> 22 == (100 << 2 | 1)) return PRIVATE;
  if (a >> 24 == 0 || a >> 24 == 127) return NO_SCOPE;
  if (a >> 16 == 0xa9fe) return ON_LINK;
  if (a >> 28 < 14) return GLOBAL;
  if (a >> 28 == 14) return MULTICAST;
  return a == 0xffffffffu ? BROADCAST : NO_SCOPE;
}

static inline enum scope scope_of_ipv6(uint64_t high, uint64_t low) {
  if (high >> 56 == 0xff) return MULTICAST;
  if (high >> 54 == 0x3fa) return ON_LINK;
  if (high >> 57 == 0x7e) return PRIVATE;
  return high == 0 && low <= 1 ? NO_SCOPE : GLOBAL;
}

static inline void read_address(address *a, const uint8_t *column, uint64_t row, int known) {
  a->known = known;
  a->high = eight_bytes(column + 16 * row);
  a->low = eight_bytes(column + 16 * row + 8);
  a->ipv4 = a->high == 0 && a->low >> 32 == 0xffff;
  if (!known) a->scope = NO_SCOPE;
  else a->scope = a->ipv4 ? scope_of_ipv4((uint32_t)a->low) : scope_of_ipv6(a->high, a->low);
}

/* Networks as small as a home's: /24 and /64. */
static int same_network(const address *a, const address *b) {
  if (!a->known || !b->known || a->ipv4 != b->ipv4) return 0;
  return a->ipv4 ? a->low >> 8 == b->low >> 8 : a->high == b->high;
}

/* A number for the network of an internet address: its /24 or /48; never 0. */
static uint32_t network_number(const address *a) {
  if (a->ipv4) return (uint32_t)(a->low >> 8 & 0xffffff) | 0x1000000;
  uint64_t prefix = a->high >> 16;
  return (uint32_t)(prefix ^ prefix >> 31) | 0x80000000u;
}

/* ---- tables ---- */

static uint64_t bucket_of(uint64_t key, uint64_t seed, uint32_t bits) {
  key ^= key >> 32;
  key *= seed;
  key ^= key >> 29;
  return key * 0x9e3779b97f4a7c15ull >> (64 - bits);
}

static uint32_t *device_bucket(hw_attribution *state, uint64_t mac) {
  return &state->device_buckets[bucket_of(mac, state->seed, state->device_bucket_bits)];
}

static uint32_t *address_bucket(hw_attribution *state, uint64_t high, uint64_t low) {
  uint64_t key = low ^ (high << 31 | high >> 33) * 0xd6e8feb86659fd93ull;
  return &state->address_buckets[bucket_of(key, state->seed, state->address_bucket_bits)];
}

/* Index of the device of a MAC, made where there is room; else NOBODY. */
static uint32_t device_of(hw_attribution *state, uint64_t mac, uint32_t *last) {
  if (*last && state->devices[*last - 1].mac == mac) return *last - 1;
  uint32_t *bucket = device_bucket(state, mac);
  uint32_t entry = *bucket;
  while (entry && state->devices[entry - 1].mac != mac) entry = state->devices[entry - 1].next_in_bucket;
  if (!entry) {
    if (state->device_count == state->device_room) return NOBODY;
    entry = ++state->device_count;
    state->devices[entry - 1].mac = mac;
    state->devices[entry - 1].next_in_bucket = *bucket;
    *bucket = entry;
  }
  *last = entry;
  return entry - 1;
}

static uint32_t find_address(hw_attribution *state, const address *a) {
  uint32_t entry = *address_bucket(state, a->high, a->low);
  while (entry && (state->addresses[entry - 1].low != a->low || state->addresses[entry - 1].high != a->high))
    entry = state->addresses[entry - 1].next_in_bucket;
  return entry;
}

static int is_global_ipv4(const hw_address *bound) {
  return bound->high == 0 && bound->low >> 32 == 0xffff && scope_of_ipv4((uint32_t)bound->low) == GLOBAL;
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

static void forget_address(hw_attribution *state, uint32_t entry) {
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
    forget_address(state, oldest_of_device(state, device));
    state->addresses_forgotten++;
  } else if (!state->address_free && state->address_count == state->address_room) {
    forget_address(state, oldest_at_hand(state));
    state->addresses_forgotten++;
  }
  if (!state->address_free) return ++state->address_count;
  uint32_t entry = state->address_free;
  state->address_free = state->addresses[entry - 1].next_in_bucket;
  return entry;
}

static void join_device(hw_attribution *state, uint32_t entry, uint32_t index) {
  hw_device *device = &state->devices[index];
  hw_address *bound = &state->addresses[entry - 1];
  bound->device = index + 1;
  bound->next_of_device = device->addresses;
  device->addresses = entry;
  device->address_count++;
}

static void bind(hw_attribution *state, const packet *p, uint32_t index, enum hw_binding strength) {
  uint32_t entry = free_address(state, &state->devices[index]);
  hw_address *bound = &state->addresses[entry - 1];
  uint32_t *bucket = address_bucket(state, p->source.high, p->source.low);
  *bound = (hw_address){p->source.high, p->source.low, p->now, p->now, 0, *bucket, 0, (uint32_t)strength};
  *bucket = entry;
  join_device(state, entry, index);
  state->global_ipv4 += (uint32_t)is_global_ipv4(bound);
  state->devices[index].recent[!p->source.ipv4] = entry;
}

static void rebind(hw_attribution *state, const packet *p, uint32_t entry, uint32_t index, enum hw_binding strength) {
  forget_address(state, entry);
  bind(state, p, index, strength);
}

/* ---- routers ---- */

static void become_router(hw_attribution *state, hw_device *device) {
  device->role = HW_ROLE_ROUTER;
  uint32_t entry = device->addresses;
  while (entry) {
    uint32_t next = state->addresses[entry - 1].next_of_device;
    if (state->addresses[entry - 1].strength == HW_WEAK) forget_address(state, entry);
    entry = next;
  }
}

static void weigh(hw_attribution *state, uint32_t index) {
  hw_device *device = &state->devices[index];
  if (device->role == HW_ROLE_ROUTER) return;
  if (device->beyond == HW_NETWORKS || (device->beyond && device->behind) ||
      (device->serves && (device->beyond >= 2 || device->behind)) || (device->cooked && device->behind >= 2))
    become_router(state, device);
}

static int note_network(uint32_t *networks, uint8_t *count, uint32_t network) {
  for (int i = 0; i < *count; i++)
    if (networks[i] == network) return 0;
  if (*count == HW_NETWORKS) return 0;
  networks[(*count)++] = network;
  return 1;
}

static void note_behind(hw_attribution *state, uint32_t index, const address *a) {
  hw_device *device = &state->devices[index];
  if (device->role != HW_ROLE_ROUTER && note_network(device->networks_behind, &device->behind, network_number(a)))
    weigh(state, index);
}

static void note_beyond(hw_attribution *state, uint32_t index, const address *a) {
  hw_device *device = &state->devices[index];
  if (device->role != HW_ROLE_ROUTER && note_network(device->networks_beyond, &device->beyond, network_number(a)))
    weigh(state, index);
}

static int serves(const packet *p, const hw_columns *c, uint64_t row) {
  if (p->neighbour && c->icmp_type[row] == 134) return 1;
  if (!(p->present & HW_SOURCE_PORT)) return 0;
  return c->source_port[row] == 53 || (c->source_port[row] == 67 && c->protocol[row] == 17);
}

/* ---- who sent it, who gets it ---- */

static int is_router(const hw_attribution *state, uint32_t index) {
  return index != NOBODY && state->devices[index].role == HW_ROLE_ROUTER;
}

static int64_t distance(int64_t a, int64_t b) {
  return a > b ? (int64_t)((uint64_t)a - (uint64_t)b) : (int64_t)((uint64_t)b - (uint64_t)a);
}

/* An address nobody is known by, claimed by a packet of `index`. */
static uint32_t claim_new(hw_attribution *state, const packet *p, uint32_t index) {
  hw_device *device = &state->devices[index];
  if (p->source.scope == PRIVATE) {
    if (p->first_hop) bind(state, p, index, HW_FIRM);
    else if (device->role == HW_ROLE_ROUTER) return NOBODY;
    else if (!device->recent[!p->source.ipv4]) bind(state, p, index, HW_WEAK);
    return index;
  }
  if (device->role == HW_ROLE_ROUTER) return NOBODY;
  if (!p->first_hop) {
    note_behind(state, index, &p->source);
    return NOBODY;
  }
  bind(state, p, index, HW_WEAK);
  return index;
}

/* An address that another MAC is known by. */
static uint32_t claim_other(hw_attribution *state, const packet *p, uint32_t entry, uint32_t index) {
  const hw_address *bound = &state->addresses[entry - 1];
  uint32_t otherwise = p->cooked ? bound->device - 1 : index;
  if (state->devices[index].role == HW_ROLE_ROUTER) return p->cooked ? bound->device - 1 : NOBODY;
  if (!p->first_hop || distance(p->now, bound->last_seen) < TAKEOVER_NS) return otherwise;
  rebind(state, p, entry, index, p->source.scope == PRIVATE ? HW_FIRM : HW_WEAK);
  return index;
}

/* Index of the device a packet is from, or NOBODY where a router passed it on. */
static uint32_t sender_of(hw_attribution *state, const packet *p, uint32_t index) {
  if (p->source.scope == NO_SCOPE || p->source.scope >= MULTICAST) return index;
  hw_device *device = &state->devices[index];
  int firm = p->arp || p->neighbour || p->source.scope == ON_LINK;
  uint32_t entry = device->recent[!p->source.ipv4];
  if (!entry || state->addresses[entry - 1].low != p->source.low || state->addresses[entry - 1].high != p->source.high)
    entry = find_address(state, &p->source);
  if (!entry && firm) bind(state, p, index, HW_FIRM);
  else if (!entry) return claim_new(state, p, index);
  else if (state->addresses[entry - 1].device == index + 1) {
    hw_address *bound = &state->addresses[entry - 1];
    if (p->now > bound->last_seen) bound->last_seen = p->now;
    if (firm) bound->strength = HW_FIRM;
    device->recent[!p->source.ipv4] = entry;
  } else if (firm) rebind(state, p, entry, index, HW_FIRM);
  else return claim_other(state, p, entry, index);
  return index;
}

/* Index of the device surely known by an address, or NOBODY. */
static uint32_t owner_of(hw_attribution *state, const address *a, int weak_too) {
  if (!a->known || a->scope == NO_SCOPE || a->scope >= MULTICAST) return NOBODY;
  if (a->ipv4 && a->scope == GLOBAL && !state->global_ipv4) return NOBODY;
  uint32_t entry = find_address(state, a);
  if (!entry || (!weak_too && state->addresses[entry - 1].strength == HW_WEAK)) return NOBODY;
  return state->addresses[entry - 1].device - 1;
}

/* Peer of who sent a packet to one receiver; `other` has its MAC, if it is known. */
static uint8_t peer_of_sender(hw_attribution *state, const packet *p, uint32_t other) {
  int through_router = is_router(state, other);
  enum scope scope = p->destination.scope;
  if (!p->destination.known || p->arp || scope == NO_SCOPE || scope >= MULTICAST || (scope == ON_LINK && other != NOBODY))
    return through_router ? PEER_ROUTER : PEER_LOCAL;
  uint32_t owner = owner_of(state, &p->destination, 0);
  if (owner != NOBODY) return is_router(state, owner) ? PEER_ROUTER : PEER_LOCAL;
  int near = same_network(&p->source, &p->destination);
  if (through_router) return near ? PEER_ROUTER : PEER_INTERNET;
  return scope != GLOBAL || near ? PEER_LOCAL : PEER_INTERNET;
}

/* Peer of who got a packet that a router passed on. */
static uint8_t peer_of_receiver(hw_attribution *state, const packet *p) {
  uint32_t owner = owner_of(state, &p->source, 0);
  if (owner == NOBODY) return PEER_INTERNET;
  return is_router(state, owner) ? PEER_ROUTER : PEER_LOCAL;
}

/* ---- the walk ---- */

typedef struct walk {
  hw_attribution *state;
  const hw_columns *columns;
  const hw_attributed_rows *out;
  uint64_t count;
} walk;

static void emit(walk *w, uint64_t row, uint32_t index, uint8_t direction, uint8_t peer) {
  hw_device *device = &w->state->devices[index];
  uint64_t at = w->count++;
  w->out->row[at] = (uint32_t)row;
  w->out->device[at] = device->mac;
  w->out->device_index[at] = index;
  w->out->direction[at] = direction;
  w->out->peer[at] = peer;
  if (direction == RECEIVED) {
    device->packets_received++;
    device->bytes_received += w->columns->wire_length[row];
    return;
  }
  int64_t now = w->columns->time[row];
  if (!device->packets_sent || now < device->first_seen) device->first_seen = now;
  if (!device->packets_sent || now > device->last_seen) device->last_seen = now;
  device->packets_sent++;
  device->bytes_sent += w->columns->wire_length[row];
}

static void note_vlan(hw_device *device, uint16_t vlan) {
  for (int i = 0; i < device->vlan_count; i++)
    if (device->vlans[i] == vlan) return;
  if (device->vlan_count < HW_VLANS) device->vlans[device->vlan_count++] = vlan;
}

static void deliver(walk *w, const packet *p, uint64_t row, uint32_t sender, uint32_t receiver, uint8_t peer) {
  if (sender != NOBODY) emit(w, row, sender, SENT, peer);
  if (receiver == NOBODY || receiver == sender || peer >= PEER_INTERNET) return;
  if (sender != NOBODY) emit(w, row, receiver, RECEIVED, is_router(w->state, sender) ? PEER_ROUTER : PEER_LOCAL);
  else if (!is_router(w->state, receiver)) emit(w, row, receiver, RECEIVED, peer_of_receiver(w->state, p));
}

static void deliver_ethernet(walk *w, const packet *p, uint64_t row, uint32_t sender) {
  hw_attribution *state = w->state;
  if (p->group) {
    if (sender != NOBODY) emit(w, row, sender, SENT, p->destination_mac == EVERYONE ? PEER_BROADCAST : PEER_MULTICAST);
    return;
  }
  uint32_t other = p->destination_mac ? device_of(state, p->destination_mac, &state->last_destination) : NOBODY;
  uint8_t peer = sender == NOBODY ? PEER_LOCAL : peer_of_sender(state, p, other);
  if (peer == PEER_INTERNET && other != NOBODY && p->destination.scope == GLOBAL && other != sender)
    note_beyond(state, other, &p->destination);
  deliver(w, p, row, sender, other, peer);
}

static uint8_t cooked_group_peer(hw_attribution *state, const packet *p, const hw_columns *c, uint64_t row) {
  if (p->arp) return c->arp_operation[row] == 1 ? PEER_BROADCAST : PEER_LOCAL;
  if (p->destination.scope == MULTICAST) return PEER_MULTICAST;
  if (p->destination.scope == BROADCAST) return PEER_BROADCAST;
  int last = p->destination.ipv4 && (p->destination.low & 255) == 255 && p->destination.scope == PRIVATE;
  if (last && same_network(&p->source, &p->destination) && owner_of(state, &p->destination, 1) == NOBODY) return PEER_BROADCAST;
  return PEER_LOCAL;
}

/* Links without destination MACs: the receiver is who is known by the address. */
static void deliver_cooked(walk *w, const packet *p, uint64_t row, uint32_t sender) {
  hw_attribution *state = w->state;
  uint8_t group = cooked_group_peer(state, p, w->columns, row);
  if (group != PEER_LOCAL) {
    if (sender != NOBODY) emit(w, row, sender, SENT, group);
    return;
  }
  uint32_t receiver = owner_of(state, &p->destination, 1);
  uint8_t peer = sender == NOBODY ? PEER_LOCAL : peer_of_sender(state, p, NOBODY);
  if (p->arp && is_router(state, receiver)) peer = PEER_ROUTER;
  deliver(w, p, row, sender, receiver, peer);
}

static inline void read_packet(packet *p, const hw_columns *c, uint64_t row) {
  uint8_t ttl = c->ttl[row];
  p->present = c->present[row];
  p->now = c->time[row];
  p->source_mac = c->source_mac[row];
  p->destination_mac = c->destination_mac[row];
  p->cooked = !(p->present & HW_DESTINATION_MAC);
  p->arp = (p->present & HW_ARP_OPERATION) != 0;
  read_address(&p->source, c->source_ip, row, (p->present & HW_SOURCE_IP) != 0);
  read_address(&p->destination, c->destination_ip, row, (p->present & HW_DESTINATION_IP) != 0);
  p->group = p->cooked ? p->destination.scope >= MULTICAST : (p->destination_mac & GROUP) != 0;
  p->first_hop = p->group || ttl == 64 || ttl == 128 || ttl == 255 || ttl == 32;
  p->neighbour = ttl == 255 && c->protocol[row] == 58 && c->ip_version[row] == 6 && c->icmp_type[row] >= 133 &&
                 c->icmp_type[row] <= 137;
}

static void attribute_sent(walk *w, const packet *p, uint64_t row, uint32_t index) {
  hw_attribution *state = w->state;
  hw_device *device = &state->devices[index];
  device->cooked |= (uint8_t)p->cooked;
  if (p->present & HW_VLAN) note_vlan(device, w->columns->vlan[row]);
  uint32_t sender = sender_of(state, p, index);
  if (sender == index && !device->serves && serves(p, w->columns, row)) {
    device->serves = 1;
    weigh(state, index);
  }
  if (p->cooked) deliver_cooked(w, p, row, sender);
  else deliver_ethernet(w, p, row, sender);
}

static void attribute_row(walk *w, uint64_t row) {
  hw_attribution *state = w->state;
  packet p;
  read_packet(&p, w->columns, row);
  uint64_t before = w->count;
  enum hw_unattributed reason = HW_FORWARDED;
  uint32_t index = NOBODY;
  if (!(p.present & HW_SOURCE_MAC) || !p.source_mac) reason = HW_NO_HARDWARE_ADDRESS;
  else if (p.source_mac & GROUP) reason = HW_GROUP_SOURCE;
  else if ((index = device_of(state, p.source_mac, &state->last_source)) == NOBODY) reason = HW_TOO_MANY_DEVICES;
  else attribute_sent(w, &p, row, index);
  if (w->count != before) {
    state->attributed++;
    return;
  }
  if (index != NOBODY && p.cooked && !p.group && owner_of(state, &p.destination, 1) == NOBODY) reason = HW_RECEIVER_UNKNOWN;
  state->unattributed[reason]++;
}

uint64_t hw_attribute(hw_attribution *state, const hw_columns *columns, uint64_t rows, const hw_attributed_rows *out) {
  walk w = {state, columns, out, 0};
  for (uint64_t row = 0; row < rows; row++) attribute_row(&w, row);
  state->headers += rows;
  return w.count;
}

void hw_attribution_sizes(uint64_t sizes[3]) {
  sizes[0] = sizeof(hw_device);
  sizes[1] = sizeof(hw_address);
  sizes[2] = sizeof(hw_attribution);
}
