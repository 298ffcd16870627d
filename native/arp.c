/* arp.c - ARP and reverse ARP: operation, and who claims and asks for which IPv4 address (RFC 826). */
#include "ip.h"

void hw_arp(hw_packet *packet, uint64_t at) {
  if (!hw_reach(packet, at, 8)) return;
  hw_bytes frame = packet->frame;
  uint64_t hardware = hw_u8(frame, at + 4);
  HW_SET(packet, arp_operation, HW_ARP_OPERATION, hw_be16(frame, at + 6));
  bool internet = hw_be16(frame, at + 2) == 0x0800 && hw_u8(frame, at + 5) == 4;
  if (internet) hw_addresses(packet, at + 8 + hardware, at + 12 + 2 * hardware, 4);
}
