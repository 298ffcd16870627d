/* headers.c - framed rows to header rows, while others are framed. */
#include "headers.h"

#include "turns.h"
#include "wide.h"

/* Any packet, layer by layer. */
static enum hw_reason read_layers(hw_bytes frame, const hw_columns *columns, uint64_t row) {
  uint32_t captured = columns->captured_length[row], wire = columns->wire_length[row], hint = columns->vlan_hint[row];
  hw_packet packet = {frame, wire > captured ? wire : captured, columns, row, columns->present[row]};
  hw_clear_rare(columns, row, 1); /* what hw_fast began to write */
  hw_clear_tcp(columns, row, 1);
  hw_clear_network(columns, row);
  columns->source_mac[row] = columns->destination_mac[row] = 0;
  columns->ethertype[row] = 0;
  if (hint) HW_SET(&packet, vlan, HW_VLAN, hint & 0xfff);
  enum hw_reason reason = hw_link(&packet, columns->link_type[row]);
  columns->present[row] = packet.present;
  return reason;
}

enum hw_reason hw_read_row(hw_bytes bytes, const hw_columns *columns, uint64_t row) {
  hw_bytes frame = hw_part(bytes, columns->record[row], columns->captured_length[row]);
  return hw_fast(frame, columns, row) ? HW_ROW : read_layers(frame, columns, row);
}

uint64_t hw_headers(const uint8_t *buffer, uint64_t length, const hw_columns *columns, uint64_t first, uint64_t count,
                    uint64_t counted[HW_REASONS], hw_interface *interfaces) {
#ifdef HW_HAS_WIDE
  if (hw_use_lanes(0) == HW_WIDE_LANES) return hw_headers_wide(buffer, length, columns, first, count, counted, interfaces);
#endif
  return read_headers(buffer, length, columns, first, count, counted, interfaces);
}

#ifdef HW_HAS_LANES
bool hw_reads_framing(const hw_capture *capture) {
  uint32_t link = capture->interfaces[0].link_type;
  return capture->status == HW_OK && capture->format == HW_PCAP && hw_pcap_is_ordinary(capture) && (link == ETHERNET || link == COOKED);
}

uint64_t hw_read_framing(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final, const hw_columns *columns, uint64_t first,
                         uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]) {
#ifdef HW_HAS_WIDE
  if (hw_use_lanes(0) == HW_WIDE_LANES)
    return hw_read_framing_wide(capture, buffer, length, final, columns, first, limit, consumed, packets, counted);
#endif
  return read_framing(capture, buffer, length, final, columns, first, limit, consumed, packets, counted);
}
#else
bool hw_reads_framing(const hw_capture *capture) { return (void)capture, false; }

uint64_t hw_read_framing(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final, const hw_columns *columns, uint64_t first,
                         uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]) {
  (void)capture, (void)buffer, (void)length, (void)final, (void)columns, (void)first, (void)limit, (void)counted;
  return *consumed = *packets = 0;
}
#endif
