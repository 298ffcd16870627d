/* devices.c - whose packet is it: the rules, and the walk over rows.
 * docs/devices.md tells the rules; tests/reference/devices.py is the twin. */
#include "devices.h"

#include "devices_tables.h"

#define TAKEOVER_NS 60000000000 /* an address that its owner left this long is free to others */

enum { SENT, RECEIVED };
enum { PEER_ROUTER, PEER_LOCAL, PEER_INTERNET, PEER_MULTICAST, PEER_BROADCAST };

/* ---- routers ---- */

static int is_router(const hw_attribution *state, uint32_t index) {
  return index != NOBODY && state->devices[index].role == HW_ROLE_ROUTER;
}

static void become_router(hw_attribution *state, hw_device *device) {
  device->role = HW_ROLE_ROUTER;
  uint32_t entry = device->addresses;
  while (entry) {
    uint32_t next = state->addresses[entry - 1].next_of_device;
    if (state->addresses[entry - 1].strength == HW_WEAK) hw_forget_address(state, entry);
    entry = next;
  }
}

/* Who only hands out addresses is no router where another one proves to be it. */
static void stop_presuming(hw_attribution *state) {
  for (uint32_t i = 0; i < state->device_count; i++)
    if (!state->devices[i].proven) state->devices[i].role = HW_ROLE_DEVICE;
}

static void weigh(hw_attribution *state, hw_device *device) {
  int proven = device->beyond == HW_NETWORKS || (device->beyond && device->behind) ||
               (device->serves && (device->beyond >= 2 || device->behind)) || (device->cooked && device->behind >= 2);
  if (proven && !device->proven) {
    device->proven = 1;
    if (device->role != HW_ROLE_ROUTER) become_router(state, device);
    if (!state->proven_routers++) stop_presuming(state);
  } else if (device->serves & HW_SERVES_ADDRESSES && !state->proven_routers && device->role != HW_ROLE_ROUTER) {
    become_router(state, device);
  }
}

/* A number for the network of an internet address: its /24 or /48; never 0. */
static uint32_t network_number(const address *a) {
  if (a->ipv4) return (uint32_t)(a->low >> 8 & 0xffffff) | 0x1000000;
  uint64_t prefix = a->high >> 16;
  return (uint32_t)(prefix ^ prefix >> 31) | 0x80000000u;
}

static void note_network(hw_attribution *state, hw_device *device, uint32_t *networks, uint8_t *count, const address *a) {
  uint32_t network = network_number(a);
  for (int i = 0; i < *count; i++)
    if (networks[i] == network) return;
  if (*count == HW_NETWORKS) return;
  networks[(*count)++] = network;
  weigh(state, device);
}

static void note_behind(hw_attribution *state, hw_device *device, const address *a) {
  note_network(state, device, device->networks_behind, &device->behind, a);
}

static void note_beyond(hw_attribution *state, hw_device *device, const address *a) {
  note_network(state, device, device->networks_beyond, &device->beyond, a);
}

static void note_service(hw_attribution *state, const packet *p, hw_device *device) {
  const hw_columns *c = p->columns;
  uint16_t port = c->source_port[p->row];
  uint8_t served = 0;
  if (port == 53) served = HW_SERVES_NAMES;
  if (port == 67 && c->protocol[p->row] == 17 && c->destination_port[p->row] == 68) served = HW_SERVES_ADDRESSES;
  if (c->icmp_type[p->row] == 134 && is_neighbour_discovery(p)) served = HW_SERVES_PREFIXES;
  if ((device->serves | served) == device->serves) return;
  device->serves |= served;
  weigh(state, device);
}

/* ---- who sent it ---- */

static uint64_t distance(int64_t a, int64_t b) { return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a; }

/* An address nobody is known by, claimed by a packet of `index`. */
static uint32_t claim_new(hw_attribution *state, const packet *p, uint32_t index, enum scope scope) {
  hw_device *device = &state->devices[index];
  int router = device->role == HW_ROLE_ROUTER;
  if (scope == PRIVATE) {
    if (on_first_hop(p)) hw_bind_address(state, p, index, HW_FIRM);
    else if (router) return NOBODY;
    else if (!device->recent[!p->source.ipv4]) hw_bind_address(state, p, index, HW_WEAK);
    return index;
  }
  int passed_on = !on_first_hop(p);
  if (passed_on && !device->proven) note_behind(state, device, &p->source);
  if (passed_on || router) return NOBODY;
  hw_bind_address(state, p, index, HW_WEAK);
  return index;
}

/* An address that another MAC is known by. */
static uint32_t claim_other(hw_attribution *state, const packet *p, uint32_t index, enum scope scope) {
  const hw_address *bound = &state->addresses[p->claimed - 1];
  if (is_router(state, index)) return p->cooked ? bound->device - 1 : NOBODY;
  if (!on_first_hop(p) || distance(p->now, bound->last_seen) < TAKEOVER_NS) return p->cooked ? bound->device - 1 : index;
  hw_forget_address(state, p->claimed);
  hw_bind_address(state, p, index, scope == PRIVATE ? HW_FIRM : HW_WEAK);
  return index;
}

/* ARP, neighbour discovery and link-local addresses: no router passes them on. */
static void claim_firmly(hw_attribution *state, const packet *p, uint32_t index) {
  if (p->claimed) hw_forget_address(state, p->claimed);
  hw_bind_address(state, p, index, HW_FIRM);
}

static inline void use_own(hw_attribution *state, const packet *p, uint32_t entry) {
  hw_address *bound = &state->addresses[entry - 1];
  if (p->now > bound->last_seen) bound->last_seen = p->now;
  if (bound->strength == HW_WEAK && (is_arp(p) || is_neighbour_discovery(p))) bound->strength = HW_FIRM;
}

static uint32_t sender_by_address(hw_attribution *state, packet *p, uint32_t index) {
  enum scope scope = scope_of(&p->source);
  if (!names_one(scope)) return index;
  p->claimed = find_address(state, &p->source, scope);
  if (p->claimed && state->addresses[p->claimed - 1].device == index + 1) {
    use_own(state, p, p->claimed);
    state->devices[index].recent[!p->source.ipv4] = p->claimed;
    return index;
  }
  if (scope == ON_LINK || is_arp(p) || is_neighbour_discovery(p)) {
    claim_firmly(state, p, index);
    return index;
  }
  return p->claimed ? claim_other(state, p, index, scope) : claim_new(state, p, index, scope);
}

/* Index of the device a packet is from, or NOBODY where a router passed it on. */
static inline uint32_t sender_of(hw_attribution *state, packet *p, uint32_t index) {
  uint32_t recent = state->devices[index].recent[!p->source.ipv4];
  if (!is_bound(state, recent, &p->source)) return sender_by_address(state, p, index);
  use_own(state, p, recent);
  return index;
}

/* ---- who gets it ---- */

/* Index of the device known by the destination address, or NOBODY. */
static uint32_t owner_of_destination(hw_attribution *state, const packet *p, enum scope scope, enum hw_binding least) {
  uint32_t entry = names_one(scope) ? find_address(state, &p->destination, scope) : 0;
  return entry && state->addresses[entry - 1].strength >= (uint32_t)least ? state->addresses[entry - 1].device - 1 : NOBODY;
}

/* Peer of who sent a packet to one receiver; `other` has its MAC, if it is known. */
static uint8_t peer_of_sender(hw_attribution *state, const packet *p, enum scope scope, uint32_t other) {
  int through_router = is_router(state, other);
  if (!names_one(scope) || is_arp(p) || (scope == ON_LINK && other != NOBODY)) return through_router ? PEER_ROUTER : PEER_LOCAL;
  uint32_t owner = owner_of_destination(state, p, scope, HW_FIRM);
  if (owner != NOBODY) return is_router(state, owner) ? PEER_ROUTER : PEER_LOCAL;
  int near = same_network(&p->source, &p->destination);
  if (through_router) return near ? PEER_ROUTER : PEER_INTERNET;
  return scope != GLOBAL || near ? PEER_LOCAL : PEER_INTERNET;
}

/* Peer of who got a packet that a router passed on. */
static uint8_t peer_of_receiver(const hw_attribution *state, const packet *p) {
  if (!p->claimed || state->addresses[p->claimed - 1].strength == HW_WEAK) return PEER_INTERNET;
  return is_router(state, state->addresses[p->claimed - 1].device - 1) ? PEER_ROUTER : PEER_LOCAL;
}

/* ---- the walk ---- */

typedef struct walk {
  hw_attribution *state;
  hw_attributed_rows out;
  uint64_t count;
} walk;

static inline void emit(walk *w, const packet *p, uint32_t index, uint8_t direction, uint8_t peer) {
  hw_device *device = &w->state->devices[index];
  uint64_t at = w->count++;
  uint32_t length = p->columns->wire_length[p->row];
  w->out.row[at] = (uint32_t)p->row;
  w->out.device[at] = device->mac;
  w->out.device_index[at] = index;
  w->out.direction[at] = direction;
  w->out.peer[at] = peer;
  if (direction == RECEIVED) {
    device->packets_received++;
    device->bytes_received += length;
    return;
  }
  if (!device->packets_sent) device->first_seen = device->last_seen = p->now;
  if (p->now < device->first_seen) device->first_seen = p->now;
  if (p->now > device->last_seen) device->last_seen = p->now;
  device->packets_sent++;
  device->bytes_sent += length;
}

/* To one receiver: `peer` is the sender's. */
static inline void deliver(walk *w, const packet *p, uint32_t sender, uint32_t receiver, uint8_t peer) {
  if (sender != NOBODY) emit(w, p, sender, SENT, peer);
  if (receiver == NOBODY || receiver == sender || peer >= PEER_INTERNET) return;
  if (sender != NOBODY) emit(w, p, receiver, RECEIVED, is_router(w->state, sender) ? PEER_ROUTER : PEER_LOCAL);
  else if (!is_router(w->state, receiver)) emit(w, p, receiver, RECEIVED, peer_of_receiver(w->state, p));
}

static inline void deliver_ethernet(walk *w, const packet *p, uint32_t sender) {
  hw_attribution *state = w->state;
  if (p->destination_mac & GROUP) {
    if (sender != NOBODY) emit(w, p, sender, SENT, p->destination_mac == EVERYONE ? PEER_BROADCAST : PEER_MULTICAST);
    return;
  }
  uint32_t other = p->destination_mac ? find_device(state, p->destination_mac) : NOBODY;
  if (other == NOBODY && p->destination_mac) other = hw_add_device(state, p->destination_mac);
  uint8_t peer = PEER_LOCAL;
  if (sender != NOBODY) {
    enum scope scope = scope_of(&p->destination);
    peer = peer_of_sender(state, p, scope, other);
    if (peer == PEER_INTERNET && scope == GLOBAL && other != NOBODY && other != sender && !state->devices[other].proven)
      note_beyond(state, &state->devices[other], &p->destination);
  }
  deliver(w, p, sender, other, peer);
}

/* Multicast or broadcast without a destination MAC to tell; PEER_LOCAL where to one receiver. */
static uint8_t cooked_group_peer(hw_attribution *state, const packet *p, enum scope scope) {
  if (is_arp(p)) return p->columns->arp_operation[p->row] == 1 ? PEER_BROADCAST : PEER_LOCAL;
  if (scope >= MULTICAST) return scope == MULTICAST ? PEER_MULTICAST : PEER_BROADCAST;
  int last = p->destination.ipv4 && (p->destination.low & 255) == 255 && scope == PRIVATE;
  if (last && same_network(&p->source, &p->destination) && owner_of_destination(state, p, scope, HW_WEAK) == NOBODY)
    return PEER_BROADCAST;
  return PEER_LOCAL;
}

/* Links without destination MACs: the receiver is who is known by the address. */
static void deliver_cooked(walk *w, const packet *p, uint32_t sender) {
  hw_attribution *state = w->state;
  enum scope scope = scope_of(&p->destination);
  uint8_t group = cooked_group_peer(state, p, scope);
  if (group != PEER_LOCAL) {
    if (sender != NOBODY) emit(w, p, sender, SENT, group);
    return;
  }
  uint32_t receiver = owner_of_destination(state, p, scope, HW_WEAK);
  uint8_t peer = sender == NOBODY ? PEER_LOCAL : peer_of_sender(state, p, scope, NOBODY);
  if (is_arp(p) && is_router(state, receiver)) peer = PEER_ROUTER;
  deliver(w, p, sender, receiver, peer);
}

static void note_vlan(hw_device *device, uint16_t vlan) {
  for (int i = 0; i < device->vlan_count; i++)
    if (device->vlans[i] == vlan) return;
  if (device->vlan_count < HW_VLANS) device->vlans[device->vlan_count++] = vlan;
}

static inline void attribute_sent(walk *w, packet *p, uint32_t index) {
  hw_device *device = &w->state->devices[index];
  device->cooked |= (uint8_t)p->cooked;
  if (p->present & HW_VLAN) note_vlan(device, p->columns->vlan[p->row]);
  uint32_t sender = sender_of(w->state, p, index);
  if (sender == index && !device->proven) note_service(w->state, p, device);
  if (p->cooked) deliver_cooked(w, p, sender);
  else deliver_ethernet(w, p, sender);
}

static enum hw_unattributed reason_of(hw_attribution *state, const packet *p) {
  if (!p->cooked || is_group(p)) return HW_FORWARDED;
  return owner_of_destination(state, p, scope_of(&p->destination), HW_WEAK) == NOBODY ? HW_RECEIVER_UNKNOWN : HW_FORWARDED;
}

static inline void attribute_row(walk *w, const hw_columns *columns, uint64_t row) {
  hw_attribution *state = w->state;
  packet p;
  read_packet(&p, columns, row);
  if (!(p.present & HW_SOURCE_MAC) || !p.source_mac) {
    state->unattributed[HW_NO_HARDWARE_ADDRESS]++;
    return;
  }
  if (p.source_mac & GROUP) {
    state->unattributed[HW_GROUP_SOURCE]++;
    return;
  }
  uint32_t index = find_device(state, p.source_mac);
  if (index == NOBODY && (index = hw_add_device(state, p.source_mac)) == NOBODY) {
    state->unattributed[HW_TOO_MANY_DEVICES]++;
    return;
  }
  uint64_t before = w->count;
  attribute_sent(w, &p, index);
  if (w->count == before) state->unattributed[reason_of(state, &p)]++;
  else state->attributed++;
}

uint64_t hw_attribute(hw_attribution *state, const hw_columns *columns, uint64_t rows, const hw_attributed_rows *out) {
  walk w = {state, *out, 0};
  for (uint64_t row = 0; row < rows; row++) attribute_row(&w, columns, row);
  state->headers += rows;
  return w.count;
}

void hw_attribution_sizes(uint64_t sizes[3]) {
  sizes[0] = sizeof(hw_device);
  sizes[1] = sizeof(hw_address);
  sizes[2] = sizeof(hw_attribution);
}
