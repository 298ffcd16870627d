/* devices.h - whose packet is it: addresses bound to MACs, direction, peer.
 *
 * Header rows stream through hw_attribute in the order of their capture. It
 * keeps what is known of each MAC and of each address in tables of fixed size
 * that the caller allocated and zeroed, so a flood of forged addresses costs
 * neither memory nor time. What it decides of a packet rests on the packets
 * before it alone, never on how they were cut into batches.
 * headwise.devices._kernel mirrors the structs; a test compares their sizes.
 */
#ifndef HEADWISE_DEVICES_H
#define HEADWISE_DEVICES_H

#include "headwise.h"

enum hw_role { HW_ROLE_DEVICE = 0, HW_ROLE_ROUTER };

/* Why a header row is no device's. Order is that of headwise.devices.REASONS. */
enum hw_unattributed {
  HW_NO_HARDWARE_ADDRESS = 0, /* the link layer has none, or it is zero */
  HW_GROUP_SOURCE,            /* sent by a multicast address: forged or damaged */
  HW_TOO_MANY_DEVICES,        /* the table of MACs is full */
  HW_FORWARDED,               /* a router passed it on, not to a device */
  HW_RECEIVER_UNKNOWN,        /* no destination MAC, and nobody is known by the address */
  HW_UNATTRIBUTED
};

/* Bits of what a MAC does for the others. */
enum hw_service { HW_SERVES_NAMES = 1, HW_SERVES_ADDRESSES = 2, HW_SERVES_PREFIXES = 4 };

/* How sure it is that an address is a MAC's own. */
enum hw_binding {
  HW_WEAK = 1, /* it sent a packet from it, as a router also would */
  HW_FIRM,     /* ARP, neighbour discovery, or a private address on its first hop */
};

#define HW_NETWORKS 3      /* distinct networks that prove a router */
#define HW_VLANS 4         /* kept of one MAC */
#define HW_MAC_ADDRESSES 32 /* kept of one MAC, newest stay */

/* What is known of one MAC. Indices of other entries are kept plus one. */
typedef struct hw_device {
  uint64_t mac;
  int64_t first_seen, last_seen; /* ns, of packets that it sent */
  uint64_t packets_sent, packets_received, bytes_sent, bytes_received;
  uint32_t networks_behind[HW_NETWORKS]; /* forwarded packets came from */
  uint32_t networks_beyond[HW_NETWORKS]; /* packets were sent to through it */
  uint32_t next_in_bucket;
  uint32_t addresses; /* first of its addresses */
  uint32_t recent[2]; /* IPv4 and IPv6 address that it sent from last */
  uint16_t vlans[HW_VLANS];
  uint8_t role;       /* enum hw_role */
  uint8_t proven;     /* a router that was seen to pass packets on */
  uint8_t serves;     /* enum hw_service */
  uint8_t cooked;     /* seen on a link without destination MACs */
  uint8_t behind, beyond, address_count, vlan_count;
} hw_device;

typedef struct hw_address {
  uint64_t high, low;            /* IPv6, or IPv4-mapped; first byte highest */
  int64_t first_seen, last_seen; /* ns */
  uint32_t device;               /* owner; 0: free */
  uint32_t next_in_bucket, next_of_device;
  uint32_t strength;             /* enum hw_binding */
} hw_address;

/* All state. Tables are the caller's; everything is zero at first but them,
 * their sizes and `seed`. Sizes of buckets are powers of two. */
typedef struct hw_attribution {
  hw_device *devices;
  hw_address *addresses;
  uint32_t *device_buckets, *address_buckets;
  uint32_t device_room, address_room, device_bucket_bits, address_bucket_bits;
  uint64_t seed; /* odd; keeps an attacker from choosing what collides */
  uint32_t device_count, address_count, address_free, address_hand;
  uint32_t global_ipv4;    /* bindings of internet IPv4 addresses */
  uint32_t proven_routers;
  uint64_t headers, attributed;           /* header rows; of them, with a device */
  uint64_t unattributed[HW_UNATTRIBUTED];
  uint64_t addresses_forgotten;
} hw_attribution;

/* Attributed packets: arrays of at least twice the header rows. */
typedef struct hw_attributed_rows {
  uint32_t *row;          /* index of the header row */
  uint64_t *device;       /* MAC */
  uint32_t *device_index; /* order in which MACs were first met */
  uint8_t *direction;     /* 0 sent, 1 received */
  uint8_t *peer;          /* 0 router, 1 local, 2 internet, 3 multicast, 4 broadcast */
} hw_attributed_rows;

/* hw_attribute: attribute header rows 0..rows-1. Returns the attributed rows. */
uint64_t hw_attribute(hw_attribution *state, const hw_columns *columns, uint64_t rows,
                      const hw_attributed_rows *out);

/* Sizes of hw_device, hw_address and hw_attribution, for the caller to check. */
void hw_attribution_sizes(uint64_t sizes[3]);

#endif
