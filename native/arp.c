/* arp.c - ARP and reverse ARP: operation, and who claims and asks for which IPv4 address (RFC 826). */
#include "ip.h"

void hw_arp(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 8)) return;
  hw_bytes frame = packet->frame;
  HW_SET(packet, arp_operation, HW_ARP_OPERATION, hw_be16(frame, at + 6));
  uint64_t hardware = hw_u8(frame, at + 4);
  if (hw_be16(frame, at + 2) != 0x0800 || hw_u8(frame, at + 5) != 4) return;
  uint64_t sender = at + 8 + hardware, target = sender + 4 + hardware;
  if (hw_reach(packet, sender, 4)) {
    hw_map_address(frame, sender, packet->columns->source_ip + 16 * packet->row);
    packet->present |= HW_SOURCE_IP;
  }
  if (hw_reach(packet, target, 4)) {
    hw_map_address(frame, target, packet->columns->destination_ip + 16 * packet->row);
    packet->present |= HW_DESTINATION_IP;
  }
}
