/* devices_packet.h - what attribution looks at of a header row, lazily. */
#ifndef HEADWISE_DEVICES_PACKET_H
#define HEADWISE_DEVICES_PACKET_H

#include "headwise.h"

#define GROUP (1ull << 40) /* bit of a MAC: many receivers */
#define EVERYONE 0xffffffffffffull

enum scope { NO_SCOPE, ON_LINK, PRIVATE, GLOBAL, MULTICAST, BROADCAST };

/* An IPv6 or IPv4-mapped address; zero where the row has none. */
typedef struct address {
  uint64_t high, low;
  uint32_t ipv4;
} address;

typedef struct packet {
  const hw_columns *columns;
  uint64_t row, source_mac, destination_mac;
  int64_t now;
  uint32_t present;
  uint32_t cooked; /* the link layer has no destination MAC */
  uint32_t claimed; /* binding of the source address before this packet, or 0 */
  address source, destination;
} packet;

static inline uint64_t eight_bytes(const uint8_t *at) {
  return (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40 | (uint64_t)at[3] << 32 |
         (uint64_t)at[4] << 24 | (uint64_t)at[5] << 16 | (uint64_t)at[6] << 8 | at[7];
}

static inline uint32_t is_ipv4(uint64_t high, uint64_t low) { return high == 0 && low >> 32 == 0xffff; }

static inline void read_packet(packet *p, const hw_columns *c, uint64_t row) {
  p->columns = c;
  p->row = row;
  p->present = c->present[row];
  p->now = c->time[row];
  p->source_mac = c->source_mac[row];
  p->destination_mac = c->destination_mac[row];
  p->cooked = !(p->present & HW_DESTINATION_MAC);
  p->claimed = 0;
  p->source.high = eight_bytes(c->source_ip + 16 * row);
  p->source.low = eight_bytes(c->source_ip + 16 * row + 8);
  p->source.ipv4 = is_ipv4(p->source.high, p->source.low);
  p->destination.high = eight_bytes(c->destination_ip + 16 * row);
  p->destination.low = eight_bytes(c->destination_ip + 16 * row + 8);
  p->destination.ipv4 = is_ipv4(p->destination.high, p->destination.low);
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

static inline enum scope scope_of(const address *a) {
  return a->ipv4 ? scope_of_ipv4((uint32_t)a->low) : scope_of_ipv6(a->high, a->low);
}

static inline int names_one(enum scope scope) { return scope == ON_LINK || scope == PRIVATE || scope == GLOBAL; }

/* Networks as small as a home's: /24 and /64. */
static inline int same_network(const address *a, const address *b) {
  if (a->ipv4 != b->ipv4) return 0;
  return a->ipv4 ? a->low >> 8 == b->low >> 8 : a->high == b->high;
}

static inline int is_arp(const packet *p) { return (p->present & HW_ARP_OPERATION) != 0; }

static inline int is_group(const packet *p) {
  return p->cooked ? scope_of(&p->destination) >= MULTICAST : (p->destination_mac & GROUP) != 0;
}

/* Sent by who made it, as far as the TTL tells: no router has lowered it. */
static inline int on_first_hop(const packet *p) {
  uint8_t ttl = p->columns->ttl[p->row];
  return ttl == 64 || ttl == 128 || ttl == 255 || ttl == 32 || is_group(p);
}

static inline int is_neighbour_discovery(const packet *p) {
  const hw_columns *c = p->columns;
  uint8_t type = c->icmp_type[p->row];
  return c->protocol[p->row] == 58 && c->ttl[p->row] == 255 && c->ip_version[p->row] == 6 && type >= 133 && type <= 137;
}

#endif
