/* windows_tcp.c - flags, windows, handshakes and connections. */
#include "windows_state.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, ECE = 64, CWR = 128 };
enum { ANSWERED = 1, SENT_PAYLOAD = 2, RECEIVED_PAYLOAD = 4, REFUSED = 8 };

static void count_flags(hw_window_direction *by, const hw_seen *packet) {
  if (!(packet->present & HW_TCP_FLAGS)) return;
  by->flagged++;
  uint16_t flags = packet->flags;
  by->flag_syn += (flags & (SYN | ACK)) == SYN;
  by->flag_syn_ack += (flags & (SYN | ACK)) == (SYN | ACK);
  by->flag_fin += (flags & FIN) != 0;
  by->flag_rst += (flags & RST) != 0;
  by->flag_psh += (flags & PSH) != 0;
  by->bare_ack += (flags & (FIN | SYN | RST | ACK)) == ACK && packet->payload == 0;
  if (flags & (SYN | RST) || !(packet->present & HW_TCP_WINDOW)) return;
  uint64_t window = packet->columns->tcp_window[packet->row];
  if (by->tcp_windows == 0 || window < by->tcp_window_least) by->tcp_window_least = window;
  if (window > by->tcp_window_most) by->tcp_window_most = window;
  by->tcp_windows++;
  by->tcp_window_sum += window;
  by->zero_window += window == 0;
}

/* Options of a packet are known where none was cut off by the snap length. */
static int options_known(const hw_seen *packet) { return !(packet->present & (HW_CUT | HW_MALFORMED)); }

static void introduce(hw_window_handshake *shake, const hw_seen *packet, uint64_t window) {
  const hw_columns *columns = packet->columns;
  uint64_t row = packet->row;
  shake->size = packet->size;
  shake->window = window;
  shake->mss_known = (packet->present & HW_TCP_MSS) != 0;
  if (shake->mss_known) shake->mss = columns->tcp_mss[row];
  shake->options_known = options_known(packet);
  if (!shake->options_known) return;
  shake->options = packet->present & HW_TCP_OPTIONS ? columns->tcp_options[row] : 0;
  shake->scale_known = (packet->present & HW_TCP_WINDOW_SCALE) != 0;
  if (shake->scale_known) shake->scale = columns->tcp_window_scale[row];
}

static void count_handshake(hw_window_handshake *shake, const hw_seen *packet) {
  uint64_t window = packet->present & HW_TCP_WINDOW ? packet->columns->tcp_window[packet->row] : 0;
  if (shake->count++ == 0) introduce(shake, packet, window);
  shake->window_sum += window;
  if (window > shake->window_most) shake->window_most = window;
  shake->congestion += (packet->flags & (ECE | CWR)) != 0;
}

static void count_options(hw_window *window, const hw_seen *packet) {
  if (!options_known(packet)) {
    window->options_cut++;
    return;
  }
  if (!(packet->present & HW_TCP_OPTIONS)) return;
  for (uint64_t kinds = packet->columns->tcp_options[packet->row]; kinds; kinds >>= 4) {
    if ((kinds & 15) == 8) {
      window->timestamps++;
      return;
    }
  }
}

static uint64_t connection_key(const hw_seen *packet) {
  uint64_t key = hw_remote_key(packet) ^ ((uint64_t)packet->remote_port << 16 | packet->own_port);
  key *= 0x9E3779B97F4A7C15u;
  key ^= key >> 29;
  return key ? key : 1;
}

static hw_connection *find_connection(hw_open *open, uint64_t key) {
  uint64_t slot = key % HW_TABLE;
  while (open->connection_table[slot].key != 0 && open->connection_table[slot].key != key) slot = (slot + 1) % HW_TABLE;
  return &open->connection_table[slot];
}

/* A connection is one that the device opens: its first SYN with these
 * addresses and ports in the window. */
static void open_connection(hw_open *open, const hw_seen *packet) {
  hw_window *window = &open->window;
  uint64_t key = connection_key(packet);
  hw_connection *connection = find_connection(open, key);
  if (connection->key == key || window->connections >= HW_TABLE_FULL) return;
  connection->key = key;
  connection->seen = 0;
  if (window->connections++ > 0) {
    window->connection.gaps++;
    hw_count_bin(open->connection, &open->connection_range, hw_gap_bin(packet->time - open->connection_last));
  }
  open->connection_last = packet->time;
  window->connect_class[packet->remote_class]++;
}

static void follow_connection(hw_open *open, const hw_seen *packet) {
  if (open->window.connections == 0 || !(packet->present & HW_SOURCE_IP)) return;
  int received = packet->direction == HW_RECEIVED;
  uint64_t news = 0;
  if (received && (packet->flags & (SYN | ACK)) == (SYN | ACK)) news = ANSWERED;
  else if (received && packet->flags & RST) news = REFUSED;
  else if (packet->payload) news = received ? RECEIVED_PAYLOAD : SENT_PAYLOAD;
  if (news == 0) return;
  hw_connection *connection = find_connection(open, connection_key(packet));
  if (connection->key == 0 || connection->seen & news) return;
  if (news == ANSWERED) open->window.answered++;
  if (news == REFUSED && !(connection->seen & ANSWERED)) open->window.refused++;
  if (news == SENT_PAYLOAD) hw_count_length(open, HW_MESSAGE_HELLO_SENT, packet->payload);
  if (news == RECEIVED_PAYLOAD) hw_count_length(open, HW_MESSAGE_HELLO_RECEIVED, packet->payload);
  connection->seen |= news;
}

void hw_count_tcp(hw_open *open, const hw_seen *packet) {
  hw_window *window = &open->window;
  count_flags(&window->by[packet->direction], packet);
  int opening = (packet->flags & (SYN | ACK)) == SYN;
  if (packet->direction == HW_SENT) {
    count_options(window, packet);
    if (opening) count_handshake(&window->syn, packet);
    else if (packet->flags & SYN) {
      count_handshake(&window->syn_ack, packet);
      window->accept_class[packet->own_class]++;
    }
    if (opening && packet->present & HW_DESTINATION_IP) {
      open_connection(open, packet);
      return;
    }
  }
  follow_connection(open, packet);
}
