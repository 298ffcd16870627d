/* headers.c - framed rows to header rows. */
#include "packet.h"

/* Zero the columns that a packet may leave alone. */
static void clear(const hw_columns *columns, uint64_t first, uint64_t count) {
#define CLEAR(column, width) memset(columns->column + first * (width), 0, count * (width) * sizeof *columns->column)
  CLEAR(source_mac, 1);
  CLEAR(destination_mac, 1);
  CLEAR(vlan, 1);
  CLEAR(ethertype, 1);
  CLEAR(ip_version, 1);
  CLEAR(source_ip, 16);
  CLEAR(destination_ip, 16);
  CLEAR(protocol, 1);
  CLEAR(ttl, 1);
  CLEAR(dscp, 1);
  CLEAR(ip_length, 1);
  CLEAR(fragment_offset, 1);
  CLEAR(more_fragments, 1);
  CLEAR(source_port, 1);
  CLEAR(destination_port, 1);
  CLEAR(tcp_flags, 1);
  CLEAR(tcp_window, 1);
  CLEAR(tcp_sequence, 1);
  CLEAR(tcp_acknowledgment, 1);
  CLEAR(tcp_mss, 1);
  CLEAR(tcp_window_scale, 1);
  CLEAR(tcp_options, 1);
  CLEAR(icmp_type, 1);
  CLEAR(icmp_code, 1);
  CLEAR(arp_operation, 1);
  CLEAR(payload_length, 1);
  CLEAR(ip_id, 1);
  CLEAR(checksum, 1);
#undef CLEAR
}

/* What framing wrote of a row, one row further up. */
static void move_row(const hw_columns *columns, uint64_t to, uint64_t from) {
  columns->time[to] = columns->time[from];
  columns->wire_length[to] = columns->wire_length[from];
  columns->captured_length[to] = columns->captured_length[from];
  columns->interface[to] = columns->interface[from];
  columns->present[to] = columns->present[from];
  columns->record[to] = columns->record[from];
  columns->link_type[to] = columns->link_type[from];
  columns->vlan_hint[to] = columns->vlan_hint[from];
}

static enum hw_reason read_row(hw_bytes buffer, const hw_columns *columns, uint64_t row) {
  uint32_t captured = columns->captured_length[row], wire = columns->wire_length[row], hint = columns->vlan_hint[row];
  hw_packet packet = {hw_part(buffer, columns->record[row], captured), wire, columns, row, columns->present[row]};
  if (packet.end < captured) packet.end = captured;
  if (hint) HW_SET(&packet, vlan, HW_VLAN, hint & 0xfff);
  enum hw_reason reason = hw_link(&packet, columns->link_type[row]);
  columns->present[row] = packet.present;
  if (reason != HW_ROW) columns->vlan[row] = 0;
  return reason;
}

uint64_t hw_headers(const uint8_t *buffer, uint64_t length, const hw_columns *columns, uint64_t first, uint64_t count,
                    uint64_t counted[HW_REASONS], hw_interface *interfaces) {
  hw_bytes bytes = {buffer, length};
  uint64_t kept = first;
  clear(columns, first, count);
  for (uint64_t row = first; row < first + count; row++) {
    if (row != kept) move_row(columns, kept, row);
    enum hw_reason reason = read_row(bytes, columns, kept);
    if (reason == HW_ROW) {
      kept++;
      continue;
    }
    counted[reason]++;
    if (reason == HW_LINK_TYPE && interfaces && columns->interface[kept] < HW_INTERFACES)
      interfaces[columns->interface[kept]].skipped++;
  }
  return kept - first;
}
