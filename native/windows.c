/* windows.c - one open window per device: cutting the stream of attributed
 * packets, and handing out what ended. */
#include "windows.h"

#include <string.h>

#include "windows_state.h"

/* Beyond 146 years from 1970 a time is no time, and arithmetic on it could overflow. */
#define HW_LAST_TIME ((int64_t)1 << 62)

static hw_open *state(const hw_windows *windows, uint64_t slot) {
  return (hw_open *)(void *)(windows->states + slot * sizeof(hw_open));
}

static float *sequence_of(const hw_windows *windows, uint64_t slot) {
  return windows->sequences + slot * windows->sequence * 4;
}

static int64_t start_of(const hw_windows *windows, int64_t time) {
  if (windows->length == 0) return time;
  int64_t rest = time % windows->length;
  return time - (rest < 0 ? rest + windows->length : rest);
}

/* Everything but the tables' contents is small or already cleared by its
 * reader; the tables are cleared where something was put in. */
static void clear(hw_open *open) {
  hw_window *window = &open->window;
  if (window->ttl_known) memset(open->ttl, 0, sizeof open->ttl);
  if (window->remotes) memset(open->remote, 0, sizeof open->remote);
  if (window->connections) memset(open->connection_table, 0, sizeof open->connection_table);
  if (window->remote_ports) memset(open->remote_port, 0, sizeof open->remote_port);
  if (window->own_ports) memset(open->own_port, 0, sizeof open->own_port);
  uint64_t device = window->device_index;
  memset(window, 0, sizeof *window);
  window->device_index = device;
  open->open = open->events = open->ntp_seen = 0;
  open->latest_own_port = open->latest_remote_port = 0;
}

/* Ends the slot's window; returns whether it was written to `out`. */
static uint64_t finish(hw_windows *windows, uint64_t slot, hw_window *out, float *out_sequence) {
  hw_open *open = state(windows, slot);
  hw_window *window = &open->window;
  windows->watermark[window->device_index] = open->end;
  hw_close_sizes(open);
  hw_close_gaps(open);
  hw_close_messages(open);
  hw_close_bursts(open);
  hw_close_rhythm(&window->burst, open->burst, &open->burst_range);
  hw_close_rhythm(&window->contact, open->contact, &open->contact_range);
  hw_close_rhythm(&window->connection, open->connection, &open->connection_range);
  hw_close_rhythm(&window->ntp, open->ntp, &open->ntp_range);
  uint64_t written = window->by[HW_SENT].packets > 0;
  if (written) {
    uint64_t values = windows->sequence * 4, filled = window->sequence * 4;
    *out = *window;
    memcpy(out_sequence, sequence_of(windows, slot), filled * sizeof(float));
    memset(out_sequence + filled, 0, (values - filled) * sizeof(float));
  }
  clear(open);
  return written;
}

static uint8_t service_kind(uint8_t class) {
  static const uint8_t kinds[] = {HW_KIND_DNS, HW_KIND_MDNS, HW_KIND_SSDP, HW_KIND_DHCP, HW_KIND_NTP};
  return class >= HW_PORT_DNS && class <= HW_PORT_NTP ? kinds[class - HW_PORT_DNS] : HW_KIND_UDP;
}

static uint8_t kind_of(const hw_seen *packet, uint8_t protocol, uint16_t ethertype) {
  if (!(packet->present & HW_IP_VERSION)) {
    if (packet->present & HW_ARP_OPERATION || ethertype == 0x0806) return HW_KIND_ARP;
    return ethertype == 0x888E ? HW_KIND_EAPOL : HW_KIND_OTHER;
  }
  if (packet->tcp) {
    if (packet->remote_class == HW_PORT_HTTPS) return HW_KIND_HTTPS;
    return packet->remote_class == HW_PORT_HTTP ? HW_KIND_HTTP : HW_KIND_TCP;
  }
  /* A device that serves a protocol is asked from any port. */
  if (packet->udp) return service_kind(packet->remote_class < HW_PORT_DNS ? packet->own_class : packet->remote_class);
  if (protocol == 1) return HW_KIND_ICMP;
  if (protocol == 58) return HW_KIND_ICMPV6;
  return protocol == 2 ? HW_KIND_IGMP : HW_KIND_OTHER;
}

/* Bytes of the network packet, so that link type, tags and padding do not
 * matter. ARP over Ethernet is 28 bytes whatever pads it. */
static uint32_t size_of(const hw_columns *columns, uint64_t row, uint32_t present, uint16_t ethertype) {
  if (present & HW_IP_LENGTH && columns->ip_length[row]) return columns->ip_length[row];
  if (present & HW_ARP_OPERATION || ethertype == 0x0806) return 28;
  uint32_t link = 0; /* told by its addresses, as a stored header table has no link type */
  if (present & HW_DESTINATION_MAC) link = 14;
  else if (present & HW_SOURCE_MAC) link = columns->link_type[row] == 276 ? 20 : 16;
  if (present & HW_VLAN) link += 4;
  uint32_t length = columns->wire_length[row];
  return length > link ? length - link : 0;
}

static void see(hw_seen *packet, uint64_t row, const uint8_t *port_class, uint8_t direction, uint8_t peer) {
  const hw_columns *columns = packet->columns;
  uint32_t present = columns->present[row];
  uint16_t ethertype = present & HW_ETHERTYPE ? columns->ethertype[row] : 0;
  uint8_t protocol = present & HW_PROTOCOL ? columns->protocol[row] : 0;
  packet->row = row;
  packet->time = columns->time[row];
  packet->present = present;
  packet->size = size_of(columns, row, present, ethertype);
  packet->direction = direction != HW_SENT;
  packet->peer = peer < HW_PEERS ? peer : HW_PEER_LOCAL;
  packet->payload = packet->own_port = packet->remote_port = packet->flags = 0;
  packet->tcp = packet->udp = packet->own_class = packet->remote_class = 0;
  if (hw_has_ports(packet)) {
    packet->tcp = protocol == 6;
    packet->udp = protocol == 17;
    packet->own_port = packet->direction ? columns->destination_port[row] : columns->source_port[row];
    packet->remote_port = packet->direction ? columns->source_port[row] : columns->destination_port[row];
    packet->own_class = port_class[packet->own_port];
    packet->remote_class = port_class[packet->remote_port];
    if (present & HW_PAYLOAD_LENGTH) packet->payload = columns->payload_length[row];
    if (present & HW_TCP_FLAGS) packet->flags = columns->tcp_flags[row];
  }
  packet->kind = kind_of(packet, protocol, ethertype);
}

static void keep_in_sequence(const hw_windows *windows, uint64_t slot, hw_open *open, const hw_seen *packet) {
  hw_window *window = &open->window;
  if (window->sequence >= windows->sequence) return;
  float *values = sequence_of(windows, slot) + 4 * window->sequence;
  int64_t gap = window->sequence ? packet->time - window->last : 0;
  values[0] = (float)packet->size;
  values[1] = packet->direction == HW_SENT ? 1.0f : -1.0f;
  values[2] = (float)(gap > 0 ? gap : 0);
  values[3] = (float)packet->kind;
  window->sequence++;
}

static void count_tenth(const hw_windows *windows, hw_open *open, int64_t time) {
  if (time >= open->tenth_start && time < open->tenth_end) return;
  int64_t tenth = (time - open->window.start) * 10 / windows->length;
  open->window.tenths |= (uint64_t)1 << tenth;
  open->tenth_start = open->window.start + (tenth * windows->length + 9) / 10;
  open->tenth_end = open->window.start + ((tenth + 1) * windows->length + 9) / 10;
}

static void count(hw_windows *windows, uint64_t slot, const hw_seen *packet) {
  hw_open *open = state(windows, slot);
  hw_window *window = &open->window;
  keep_in_sequence(windows, slot, open, packet);
  window->last = packet->time > window->last ? packet->time : window->last;
  if (windows->length) count_tenth(windows, open, packet->time);
  hw_count_traffic(open, packet);
  if (packet->tcp) hw_count_tcp(open, packet);
  else if (packet->udp) hw_count_messages(open, packet);
  hw_count_rhythm(open, packet);
}

static void open_window(const hw_windows *windows, uint64_t slot, uint64_t device, int64_t time) {
  hw_open *open = state(windows, slot);
  open->open = 1;
  open->window.device_index = device;
  open->window.start = start_of(windows, time);
  open->window.first = open->window.last = time;
  open->tenth_start = open->tenth_end = 0;
  open->end = windows->length ? open->window.start + windows->length : INT64_MAX;
}

/* A slot for a device that has none: a new one, or one whose window is over
 * at `time` (which is then written). windows->slots where there is none. */
static uint64_t take_slot(hw_windows *windows, int64_t time, hw_window *out, float *out_sequence, uint64_t *closed) {
  if (windows->used < windows->slots) return windows->used++;
  if (time < windows->crowded_until) return windows->slots;
  int64_t soonest = INT64_MAX;
  for (uint64_t slot = 0; slot < windows->used; slot++) {
    hw_open *open = state(windows, slot);
    if (!open->open || open->end <= time) {
      if (open->open) *closed += finish(windows, slot, out, out_sequence);
      windows->slot_of[open->window.device_index] = 0;
      return slot;
    }
    if (open->end < soonest) soonest = open->end;
  }
  windows->crowded_until = soonest;
  return windows->slots;
}

uint64_t hw_windows_update(hw_windows *windows, const hw_columns *columns, const hw_attributed *packets, uint64_t from,
                           uint64_t total, hw_window *out, float *out_sequences, uint64_t room, uint64_t *closed) {
  hw_seen packet = {.columns = columns};
  *closed = 0;
  for (uint64_t i = from; i < total; i++) {
    uint64_t row = packets->row[i], device = packets->device_index[i];
    int64_t time = columns->time[row];
    if (!(columns->present[row] & HW_TIME) || time >= HW_LAST_TIME || time <= -HW_LAST_TIME || device >= windows->devices) {
      windows->timeless++;
      continue;
    }
    float *out_sequence = out_sequences + *closed * windows->sequence * 4;
    uint64_t slot = windows->slot_of[device];
    hw_open *open = slot ? state(windows, slot - 1) : 0;
    if (open && open->open && time >= open->end) {
      if (*closed == room) return i;
      *closed += finish(windows, slot - 1, out + *closed, out_sequence);
    }
    if (!open || !open->open) {
      if (windows->length && time < windows->watermark[device]) {
        windows->late++;
        continue;
      }
      if (!open) {
        if (*closed == room) return i;
        slot = take_slot(windows, time, out + *closed, out_sequences + *closed * windows->sequence * 4, closed) + 1;
        if (slot > windows->slots) {
          windows->crowded++;
          continue;
        }
        windows->slot_of[device] = (uint32_t)slot;
        open = state(windows, slot - 1);
      }
      open_window(windows, slot - 1, device, time);
    } else if (time < open->window.start && windows->length) {
      windows->late++;
      continue;
    }
    see(&packet, row, windows->port_class, packets->direction[i], packets->peer[i]);
    count(windows, slot - 1, &packet);
  }
  return total;
}

uint64_t hw_windows_close(hw_windows *windows, int64_t now, hw_window *out, float *out_sequences, uint64_t room, uint64_t *slot) {
  uint64_t written = 0;
  while (*slot < windows->used && written < room) {
    hw_open *open = state(windows, *slot);
    if (open->open && open->end <= now)
      written += finish(windows, *slot, out + written, out_sequences + written * windows->sequence * 4);
    (*slot)++;
  }
  return written;
}

uint64_t hw_windows_state_size(void) { return sizeof(hw_open); }

uint64_t hw_windows_window_size(void) { return sizeof(hw_window); }
