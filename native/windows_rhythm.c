/* windows_rhythm.c - bursts, contacts with each remote, and what comes first:
 * a period lasts longer than a rate. */
#include "windows_state.h"

static void end_burst(hw_open *open) {
  hw_window *window = &open->window;
  double seconds = (double)(open->burst_last - open->burst_start) * 1e-9;
  window->burst_seconds += seconds;
  if (seconds > window->burst_seconds_most) window->burst_seconds_most = seconds;
  if (open->burst_packets > window->burst_packets_most) window->burst_packets_most = open->burst_packets;
  if (open->burst_bytes > window->burst_bytes_most) window->burst_bytes_most = open->burst_bytes;
}

/* A burst is packets, either way, with at most a second of silence between. */
static void count_burst(hw_open *open, const hw_seen *packet) {
  hw_window *window = &open->window;
  if (window->bursts == 0 || packet->time - open->burst_last > HW_BURST_SILENCE) {
    if (window->bursts++ > 0) {
      end_burst(open);
      window->burst.gaps++;
      hw_count_bin(open->burst, &open->burst_range, hw_gap_bin(packet->time - open->burst_start));
    }
    open->burst_start = open->burst_last = packet->time;
    open->burst_packets = open->burst_bytes = 0;
  }
  open->burst_packets++;
  open->burst_bytes += packet->size;
  if (packet->time > open->burst_last) open->burst_last = packet->time;
}

void hw_close_bursts(hw_open *open) {
  if (open->window.bursts) end_burst(open);
}

/* A contact is a packet to a remote that was sent none for over a second. */
static void count_remote(hw_open *open, const hw_seen *packet) {
  if (packet->direction != HW_SENT || packet->peer >= HW_PEER_MULTICAST) return;
  if (!(packet->present & HW_IP_VERSION) || !(packet->present & HW_DESTINATION_IP)) return;
  hw_window *window = &open->window;
  uint64_t key = hw_remote_key(packet);
  uint64_t slot = key % HW_TABLE;
  while (open->remote[slot].key != 0 && open->remote[slot].key != key) slot = (slot + 1) % HW_TABLE;
  hw_remote *remote = &open->remote[slot];
  if (remote->key == 0) {
    if (window->remotes >= HW_TABLE_FULL) return;
    window->remotes++;
    window->internet_remotes += packet->peer == HW_PEER_INTERNET;
    remote->key = key;
    remote->contact = remote->last = packet->time;
    return;
  }
  if (packet->time - remote->last > HW_BURST_SILENCE) {
    window->contact.gaps++;
    hw_count_bin(open->contact, &open->contact_range, hw_gap_bin(packet->time - remote->contact));
    remote->contact = packet->time;
  }
  if (packet->time > remote->last) remote->last = packet->time;
}

static int event_of(const hw_seen *packet) {
  switch (packet->kind) {
    case HW_KIND_ARP: return HW_EVENT_ARP;
    case HW_KIND_DHCP: return HW_EVENT_DHCP;
    case HW_KIND_DNS: return HW_EVENT_DNS;
    case HW_KIND_MDNS: return HW_EVENT_MDNS;
    case HW_KIND_SSDP: return HW_EVENT_SSDP;
    case HW_KIND_NTP: return HW_EVENT_NTP;
    case HW_KIND_IGMP: return HW_EVENT_IGMP;
    case HW_KIND_EAPOL: return HW_EVENT_EAPOL;
    case HW_KIND_ICMPV6:
      return packet->present & HW_ICMP_TYPE && packet->columns->icmp_type[packet->row] == 133 ? HW_EVENT_ROUTER_SOLICITATION : -1;
    default:
      return packet->tcp && (packet->flags & 18) == 2 ? HW_EVENT_CONNECTION : -1;
  }
}

static void count_events(hw_open *open, const hw_seen *packet) {
  if (packet->direction != HW_SENT) return;
  hw_window *window = &open->window;
  if (window->first_kind == HW_KIND_NONE) window->first_kind = packet->kind;
  int event = event_of(packet);
  if (event >= 0 && window->event[event] == 0) window->event[event] = ++open->events;
  if (packet->kind != HW_KIND_NTP || packet->remote_class != HW_PORT_NTP) return;
  if (open->ntp_seen++ > 0) {
    window->ntp.gaps++;
    hw_count_bin(open->ntp, &open->ntp_range, hw_gap_bin(packet->time - open->ntp_last));
  }
  open->ntp_last = packet->time;
}

void hw_count_rhythm(hw_open *open, const hw_seen *packet) {
  count_burst(open, packet);
  count_remote(open, packet);
  count_events(open, packet);
}
