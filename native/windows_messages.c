/* windows_messages.c - lengths of the messages of a few protocols, told by
 * port alone: a query's length tells the length of the name it asks for. */
#include <string.h>

#include "windows_state.h"

static uint16_t *histogram(hw_open *open, enum hw_message message, uint32_t *bins) {
  *bins = message == HW_MESSAGE_DNS_SENT ? 512 : HW_LENGTH_BINS;
  if (message == HW_MESSAGE_DNS_SENT) return open->query_lengths;
  return message == HW_MESSAGE_HELLO_SENT ? open->hello_lengths : 0;
}

void hw_count_length(hw_open *open, enum hw_message message, uint32_t length) {
  hw_window_lengths *lengths = &open->window.message[message];
  if (lengths->count == 0) lengths->first = lengths->least = length;
  if (length < lengths->least) lengths->least = length;
  if (length > lengths->most) lengths->most = length;
  if (message == HW_MESSAGE_DNS_SENT && lengths->count < HW_FIRST_LENGTHS)
    open->window.first_queries[lengths->count] = length;
  lengths->count++;
  lengths->sum += length;
  uint32_t bin = length < HW_LENGTH_BINS ? length : HW_LENGTH_BINS - 1;
  uint64_t bit = (uint64_t)1 << (bin % 64);
  lengths->distinct += (open->lengths[message][bin / 64] & bit) == 0;
  open->lengths[message][bin / 64] |= bit;
  uint32_t bins;
  uint16_t *counts = histogram(open, message, &bins);
  if (counts == 0) return;
  if (bin >= bins) bin = bins - 1;
  if (counts[bin] < UINT16_MAX) counts[bin]++;
}

void hw_count_messages(hw_open *open, const hw_seen *packet) {
  uint32_t length = packet->payload;
  int received = packet->direction == HW_RECEIVED;
  switch (packet->kind) {
    case HW_KIND_DNS:
      if (packet->remote_class == HW_PORT_DNS) hw_count_length(open, received ? HW_MESSAGE_DNS_RECEIVED : HW_MESSAGE_DNS_SENT, length);
      break;
    case HW_KIND_NTP:
      if (packet->remote_class == HW_PORT_NTP) hw_count_length(open, received ? HW_MESSAGE_NTP_RECEIVED : HW_MESSAGE_NTP_SENT, length);
      break;
    case HW_KIND_DHCP:
      if (!received) hw_count_length(open, HW_MESSAGE_DHCP_SENT, length);
      break;
    case HW_KIND_MDNS:
      if (!received) hw_count_length(open, HW_MESSAGE_MDNS_SENT, length);
      break;
    case HW_KIND_SSDP:
      if (!received) hw_count_length(open, HW_MESSAGE_SSDP_SENT, length);
      break;
    default:
      if (!received && packet->peer == HW_PEER_BROADCAST) hw_count_length(open, HW_MESSAGE_BROADCAST_SENT, length);
  }
}

static void summarise(hw_window_lengths *lengths, const uint16_t *counts, uint32_t bins) {
  uint64_t total = 0, below = 0;
  for (uint32_t bin = 0; bin < bins; bin++) total += counts[bin];
  for (uint32_t bin = 0; bin < bins; bin++) {
    uint64_t count = counts[bin];
    if (count == 0) continue;
    if (2 * below < total && 2 * (below + count) >= total) lengths->median = bin;
    below += count;
    if (count > lengths->mode_count) {
      lengths->second = lengths->mode;
      lengths->second_count = lengths->mode_count;
      lengths->mode = bin;
      lengths->mode_count = count;
    } else if (count > lengths->second_count) {
      lengths->second = bin;
      lengths->second_count = count;
    }
  }
}

void hw_close_messages(hw_open *open) {
  static const enum hw_message kept[2] = {HW_MESSAGE_DNS_SENT, HW_MESSAGE_HELLO_SENT};
  for (int i = 0; i < 2; i++) {
    hw_window_lengths *lengths = &open->window.message[kept[i]];
    if (lengths->count == 0) continue;
    uint32_t bins;
    uint16_t *counts = histogram(open, kept[i], &bins);
    summarise(lengths, counts, bins);
    memset(counts, 0, bins * sizeof *counts);
  }
  for (int message = 0; message < HW_MESSAGES; message++)
    if (open->window.message[message].count) memset(open->lengths[message], 0, sizeof open->lengths[message]);
}
