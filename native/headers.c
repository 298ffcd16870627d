/* headers.c - framed rows to header rows. */
#include "fast.h"

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

/* Any packet, layer by layer. */
static enum hw_reason read_layers(hw_bytes frame, const hw_columns *columns, uint64_t row) {
  uint32_t captured = columns->captured_length[row], wire = columns->wire_length[row], hint = columns->vlan_hint[row];
  hw_packet packet = {frame, wire > captured ? wire : captured, columns, row, columns->present[row]};
  hw_clear_rare(columns, row, 1); /* what hw_fast began to write, or a packet that was no row */
  hw_clear_network(columns, row);
  columns->source_mac[row] = columns->destination_mac[row] = 0;
  columns->ethertype[row] = 0;
  if (hint) HW_SET(&packet, vlan, HW_VLAN, hint & 0xfff);
  enum hw_reason reason = hw_link(&packet, columns->link_type[row]);
  columns->present[row] = packet.present;
  return reason;
}

uint64_t hw_headers(const uint8_t *buffer, uint64_t length, const hw_columns *columns, uint64_t first, uint64_t count,
                    uint64_t counted[HW_REASONS], hw_interface *interfaces) {
  hw_bytes bytes = {buffer, length};
  const hw_columns own = *columns; /* a copy that no write to a column can change, so that it stays in registers */
  uint64_t kept = first;
  hw_clear_rare(columns, first, count);
  for (uint64_t row = first; row < first + count; row++) {
    if (row != kept) move_row(columns, kept, row);
    hw_bytes frame = hw_part(bytes, own.record[kept], own.captured_length[kept]);
    enum hw_reason reason = hw_fast(frame, &own, kept) ? HW_ROW : read_layers(frame, columns, kept);
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
