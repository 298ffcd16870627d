/* fast.h - the header stacks that nearly all packets have, read without detours.
 *
 * Ethernet or a cooked header; then ARP, or IPv4 without options or fragments, or
 * IPv6 without extension headers; then TCP or UDP; headers whole in the capture
 * and lengths as they should be. All else is left to the readers of packet.h,
 * which say the same of these packets too.
 *
 * Each function returns what it found present, or 0 where the packet must be read
 * otherwise; it may have written to the row by then.
 */
#ifndef HEADWISE_FAST_H
#define HEADWISE_FAST_H

#include "ip.h"
#include "tcp.h"

#define HW_FAST_PORTS (HW_SOURCE_PORT | HW_DESTINATION_PORT | HW_PAYLOAD_LENGTH)
#define HW_FAST_TCP (HW_FAST_PORTS | HW_TCP_FLAGS | HW_TCP_WINDOW | HW_TCP_SEQUENCE | HW_TCP_ACKNOWLEDGMENT)
#define HW_FAST_IPV6 \
  (HW_ETHERTYPE | HW_IP_VERSION | HW_SOURCE_IP | HW_DESTINATION_IP | HW_PROTOCOL | HW_TTL | HW_DSCP | HW_IP_LENGTH)
#define HW_FAST_IPV4 (HW_FAST_IPV6 | HW_FRAGMENT_OFFSET | HW_MORE_FRAGMENTS | HW_IP_ID)
#define HW_FAST_ARP (HW_ETHERTYPE | HW_ARP_OPERATION | HW_SOURCE_IP | HW_DESTINATION_IP)

#define CLEAR(column) memset(columns->column + first, 0, count * sizeof *columns->column)

/* TCP's columns but for its options' values. */
static inline void hw_clear_tcp(const hw_columns *columns, uint64_t first, uint64_t count) {
  CLEAR(tcp_flags);
  CLEAR(tcp_window);
  CLEAR(tcp_sequence);
  CLEAR(tcp_acknowledgment);
  CLEAR(tcp_options);
}

/* Other columns that most packets leave alone, zeroed before the rows are read. */
static inline void hw_clear_rare(const hw_columns *columns, uint64_t first, uint64_t count) {
  CLEAR(vlan);
  CLEAR(fragment_offset);
  CLEAR(more_fragments);
  CLEAR(tcp_mss);
  CLEAR(tcp_window_scale);
  CLEAR(icmp_type);
  CLEAR(icmp_code);
  CLEAR(arp_operation);
}

#undef CLEAR

/* The others but for the link layer's, zeroed for one row that does not write them all. */
static inline void hw_clear_network(const hw_columns *columns, uint64_t row) {
  columns->ip_id[row] = columns->checksum[row] = 0;
  columns->ip_version[row] = columns->protocol[row] = columns->ttl[row] = columns->dscp[row] = 0;
  memset(columns->source_ip + 16 * row, 0, 16);
  memset(columns->destination_ip + 16 * row, 0, 16);
  columns->ip_length[row] = columns->payload_length[row] = 0;
  columns->source_port[row] = columns->destination_port[row] = 0;
}

/* TCP's options but for the commonest, a timestamp behind two that do nothing. */
static inline uint32_t hw_fast_options(hw_bytes segment, uint64_t size, const hw_columns *columns, uint64_t row) {
  const uint32_t timestamp_only = 0x0101080a, its_kinds = 0x811;
  if (size == 12 && hw_be32(segment, 20) == timestamp_only) {
    columns->tcp_options[row] = its_kinds;
    return HW_TCP_OPTIONS;
  }
  hw_options options = hw_usual_options(hw_part(segment, 20, size), size);
  columns->tcp_options[row] = options.kinds;
  columns->tcp_mss[row] = options.mss;
  columns->tcp_window_scale[row] = options.window_scale;
  return options.present;
}

/* A TCP segment of `length` bytes on the wire. */
static inline uint32_t hw_fast_tcp(hw_bytes segment, uint64_t length, const hw_columns *columns, uint64_t row) {
  if (segment.length < 20) return 0;
  uint32_t word = hw_be32(segment, 12), header = word >> 28 << 2, options = 0;
  if (header != 20) {
    if (header < 20 || length < header || segment.length < header) return 0;
    options = hw_fast_options(segment, header - 20, columns, row);
  }
  columns->source_port[row] = hw_be16(segment, 0);
  columns->destination_port[row] = hw_be16(segment, 2);
  columns->tcp_sequence[row] = hw_be32(segment, 4);
  columns->tcp_acknowledgment[row] = hw_be32(segment, 8);
  columns->tcp_flags[row] = word >> 16 & 0xfff;
  columns->tcp_window[row] = (uint16_t)word;
  columns->checksum[row] = hw_be16(segment, 16);
  columns->payload_length[row] = (uint32_t)length - header;
  return HW_FAST_TCP | options;
}

/* A UDP datagram; its own length counts. */
static inline uint32_t hw_fast_udp(hw_bytes segment, const hw_columns *columns, uint64_t row) {
  if (segment.length < 8) return 0;
  uint32_t length = hw_be16(segment, 4);
  if (length < 8) return 0;
  columns->source_port[row] = hw_be16(segment, 0);
  columns->destination_port[row] = hw_be16(segment, 2);
  columns->checksum[row] = hw_be16(segment, 6);
  columns->payload_length[row] = length - 8;
  return HW_FAST_PORTS;
}

/* What an IP header of `header` bytes carries; the whole is `total` bytes on the wire. */
static inline uint32_t hw_fast_transport(hw_bytes packet, uint64_t header, uint64_t total, uint32_t protocol,
                                         const hw_columns *columns, uint64_t row) {
  hw_bytes segment = hw_part(packet, header, packet.length);
  if (protocol == TCP && total >= header + 20) return hw_fast_tcp(segment, total - header, columns, row);
  if (protocol == UDP && total >= header + 8) return hw_fast_udp(segment, columns, row);
  return 0;
}

static inline uint32_t hw_fast_ipv4(hw_bytes packet, uint64_t on_wire, const hw_columns *columns, uint64_t row) {
  if (packet.length < 28) return 0;
  uint32_t start = hw_be32(packet, 0), fragment = hw_be32(packet, 4), middle = hw_be32(packet, 8);
  uint32_t total = start & 0xffff, protocol = middle >> 16 & 0xff;
  if (start >> 24 != 0x45 || (fragment & 0x3fff) || total > on_wire) return 0;
  uint32_t present = hw_fast_transport(packet, 20, total, protocol, columns, row);
  if (!present) return 0;
  columns->ip_version[row] = 4;
  columns->dscp[row] = (uint8_t)(start >> 18 & 0x3f);
  columns->ip_length[row] = total;
  columns->ip_id[row] = (uint16_t)(fragment >> 16);
  columns->ttl[row] = (uint8_t)(middle >> 24);
  columns->protocol[row] = (uint8_t)protocol;
  hw_map_address(packet, 12, columns->source_ip + 16 * row);
  hw_map_address(packet, 16, columns->destination_ip + 16 * row);
  return present | HW_FAST_IPV4;
}

static inline uint32_t hw_fast_ipv6(hw_bytes packet, uint64_t on_wire, const hw_columns *columns, uint64_t row) {
  if (packet.length < 48) return 0;
  uint32_t start = hw_be32(packet, 0), middle = hw_be32(packet, 4), total = 40 + (middle >> 16), protocol = middle >> 8 & 0xff;
  if (start >> 28 != 6 || total == 40 || total > on_wire) return 0;
  uint32_t present = hw_fast_transport(packet, 40, total, protocol, columns, row);
  if (!present) return 0;
  columns->ip_version[row] = 6;
  columns->dscp[row] = (uint8_t)(start >> 22 & 0x3f);
  columns->ip_length[row] = total;
  columns->ip_id[row] = 0;
  columns->ttl[row] = (uint8_t)middle;
  columns->protocol[row] = (uint8_t)protocol;
  hw_copy(packet, 8, columns->source_ip + 16 * row, 16);
  hw_copy(packet, 24, columns->destination_ip + 16 * row, 16);
  return present | HW_FAST_IPV6;
}

static inline uint32_t hw_fast_arp(hw_bytes packet, uint64_t on_wire, const hw_columns *columns, uint64_t row) {
  const uint64_t ethernet_for_ipv4 = 0x000108000604;
  if (packet.length < 28 || on_wire < 28 || hw_mac(packet, 0) != ethernet_for_ipv4) return 0;
  hw_clear_network(columns, row);
  columns->arp_operation[row] = hw_be16(packet, 6);
  hw_map_address(packet, 14, columns->source_ip + 16 * row);
  hw_map_address(packet, 24, columns->destination_ip + 16 * row);
  return HW_FAST_ARP;
}

/* The link layer of a frame, as far as the fast readers know it. */
typedef struct hw_fast_link {
  uint32_t present, type; /* the EtherType behind the tag, if there is one */
  uint64_t header;        /* bytes; 0: not of a kind that is read fast */
} hw_fast_link;

static inline hw_fast_link hw_fast_ethernet(hw_bytes frame, const hw_columns *columns, uint64_t row) {
  const uint32_t tag = 0x8100;
  hw_fast_link link = {HW_SOURCE_MAC | HW_DESTINATION_MAC, hw_be16(frame, 12), 14};
  if (link.type == tag) {
    link = (hw_fast_link){link.present | HW_VLAN, hw_be16(frame, 16), 18};
    columns->vlan[row] = hw_be16(frame, 14) & 0xfff;
  }
  columns->source_mac[row] = hw_mac(frame, 6);
  columns->destination_mac[row] = hw_mac(frame, 0);
  return link;
}

static inline hw_fast_link hw_fast_cooked(hw_bytes frame, const hw_columns *columns, uint64_t row) {
  const uint32_t ethernet_sender = 0x00010006;
  if (hw_be32(frame, 2) != ethernet_sender) return (hw_fast_link){0};
  columns->source_mac[row] = hw_mac(frame, 6);
  columns->destination_mac[row] = 0;
  return (hw_fast_link){HW_SOURCE_MAC, hw_be16(frame, 14), 16};
}

/* Read a framed row; false where it must be read otherwise. */
static inline bool hw_fast(hw_bytes frame, const hw_columns *columns, uint64_t row) {
  const uint32_t ethernet = 1, cooked = 113, ipv4 = 0x0800, ipv6 = 0x86dd, arp = 0x0806;
  uint32_t link_type = columns->link_type[row], wire = columns->wire_length[row], present = 0;
  if (frame.length < 42 || wire < 42 || columns->vlan_hint[row]) return false;
  if (link_type != ethernet && link_type != cooked) return false;
  hw_fast_link link = link_type == ethernet ? hw_fast_ethernet(frame, columns, row) : hw_fast_cooked(frame, columns, row);
  hw_bytes packet = hw_part(frame, link.header, frame.length);
  uint64_t on_wire = wire - link.header;
  if (link.type == ipv4) present = hw_fast_ipv4(packet, on_wire, columns, row);
  else if (link.type == arp) present = hw_fast_arp(packet, on_wire, columns, row);
  else if (link.type == ipv6) present = hw_fast_ipv6(packet, on_wire, columns, row);
  if (!present) return false;
  columns->ethertype[row] = (uint16_t)link.type;
  columns->present[row] |= present | link.present;
  return true;
}

#endif
