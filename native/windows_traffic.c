/* windows_traffic.c - sizes, gaps, protocols, peers, ports, TTL: what every
 * packet adds. */
#include "windows_state.h"

static void count_size(hw_open *open, const hw_seen *packet) {
  int way = packet->direction;
  hw_window_direction *by = &open->window.by[way];
  if (by->packets == 0 || packet->size < by->size_least) by->size_least = packet->size;
  if (packet->size > by->size_most) by->size_most = packet->size;
  by->packets++;
  by->bytes += packet->size;
  by->size_squares += (uint64_t)packet->size * packet->size;
  hw_count_bin(open->size[way], &open->size_range[way], hw_size_bin(packet->size));
  if (packet->payload == 0) return;
  by->carriers++;
  if (packet->kind >= HW_KIND_DHCP && packet->kind <= HW_KIND_NTP) return;
  by->payload_packets++;
  by->payload_bytes += packet->payload;
  if (packet->payload > by->payload_most) by->payload_most = packet->payload;
  hw_count_bin(open->payload[way], &open->payload_range[way], hw_size_bin(packet->payload));
}

static void count_gap(hw_open *open, const hw_seen *packet) {
  int way = packet->direction;
  hw_window_direction *by = &open->window.by[way];
  if (by->packets > 1) { /* count_size came first */
    int64_t gap = packet->time - open->last[way];
    if (gap < 0) gap = 0;
    double seconds = (double)gap * 1e-9;
    by->gaps++;
    by->gap_sum += seconds;
    by->gap_squares += seconds * seconds;
    hw_count_bin(open->gap[way], &open->gap_range[way], hw_gap_bin(gap));
  }
  open->last[way] = packet->time;
}

static void add_number(uint16_t *table, uint64_t *count, uint16_t number) {
  if (number == 0) return;
  uint32_t slot = (number * 40503u >> 4) % HW_TABLE;
  while (table[slot] != 0 && table[slot] != number) slot = (slot + 1) % HW_TABLE;
  if (table[slot] == number || *count >= HW_TABLE_FULL) return;
  table[slot] = number;
  (*count)++;
}

static void count_ports(hw_open *open, const hw_seen *packet) {
  if (packet->direction != HW_SENT || !hw_has_ports(packet)) return;
  hw_window *window = &open->window;
  window->remote_class[packet->remote_class]++;
  if (packet->udp) window->own_class[packet->own_class]++;
  if (packet->remote_port != open->latest_remote_port) {
    add_number(open->remote_port, &window->remote_ports, packet->remote_port);
    open->latest_remote_port = packet->remote_port;
  }
  if (packet->own_port != open->latest_own_port) {
    add_number(open->own_port, &window->own_ports, packet->own_port);
    open->latest_own_port = packet->own_port;
  }
}

/* TTLs of packets to one receiver tell the system; to many, the protocol. */
static void count_ttl(hw_open *open, const hw_seen *packet) {
  if (packet->direction != HW_SENT || !(packet->present & HW_TTL)) return;
  hw_window *window = &open->window;
  uint64_t ttl = packet->columns->ttl[packet->row];
  if (packet->peer >= HW_PEER_MULTICAST) {
    if (window->group_ttl_known == 0 || ttl < window->group_ttl_least) window->group_ttl_least = ttl;
    if (ttl > window->group_ttl_most) window->group_ttl_most = ttl;
    window->group_ttl_known++;
    return;
  }
  if (window->ttl_known == 0 || ttl < window->ttl_least) window->ttl_least = ttl;
  if (ttl > window->ttl_most) window->ttl_most = ttl;
  window->ttl_known++;
  open->ttl[ttl]++;
  uint64_t best = open->ttl[window->ttl_mode];
  if (open->ttl[ttl] > best || (open->ttl[ttl] == best && ttl < window->ttl_mode)) window->ttl_mode = ttl;
}

static void count_network(hw_open *open, const hw_seen *packet) {
  const hw_columns *columns = packet->columns;
  hw_window *window = &open->window;
  hw_window_direction *by = &window->by[packet->direction];
  by->kind[packet->kind]++;
  by->tcp += packet->tcp;
  by->udp += packet->udp;
  if (packet->present & HW_IP_VERSION) {
    if (columns->ip_version[packet->row] == 6) by->ip6++;
    else by->ip4++;
  }
  uint16_t offset = packet->present & HW_FRAGMENT_OFFSET ? columns->fragment_offset[packet->row] : 0;
  uint8_t more = packet->present & HW_MORE_FRAGMENTS ? columns->more_fragments[packet->row] : 0;
  by->fragments += offset != 0 || more != 0;
  by->peer_packets[packet->peer]++;
  by->peer_bytes[packet->peer] += packet->size;
  if (packet->direction == HW_SENT && packet->present & HW_DSCP) {
    uint64_t dscp = columns->dscp[packet->row];
    window->dscp_marked += dscp != 0;
    if (dscp > window->dscp_most) window->dscp_most = dscp;
  }
}

static void count_control(hw_open *open, const hw_seen *packet) {
  const hw_columns *columns = packet->columns;
  hw_window *window = &open->window;
  if (packet->direction != HW_SENT) return;
  if (packet->present & HW_ARP_OPERATION) {
    uint16_t operation = columns->arp_operation[packet->row];
    window->arp_requests += operation == 1;
    window->arp_replies += operation == 2;
    const uint8_t *own = columns->source_ip + 16 * packet->row;
    const uint8_t *target = columns->destination_ip + 16 * packet->row;
    int same = 1;
    for (int i = 0; i < 16; i++) same &= own[i] == target[i];
    window->arp_own += same && packet->present & HW_SOURCE_IP && packet->present & HW_DESTINATION_IP;
  } else if (packet->present & HW_ICMP_TYPE) {
    uint8_t type = columns->icmp_type[packet->row];
    int six = packet->kind == HW_KIND_ICMPV6;
    window->echo_requests += type == (six ? 128 : 8);
    window->unreachables += type == (six ? 1 : 3);
  }
}

void hw_count_traffic(hw_open *open, const hw_seen *packet) {
  count_size(open, packet);
  count_gap(open, packet);
  count_network(open, packet);
  count_ports(open, packet);
  count_ttl(open, packet);
  if (packet->kind <= HW_KIND_ICMPV6) count_control(open, packet);
}
