/* kernels.c - what follows the columns: repeats, attribution and windows, in tables that overflow soon. */
#include <stdlib.h>

#include "../devices.h"
#include "../repeats.h"
#include "../windows.h"
#include "feed.h"

enum { DEVICES = 6, ADDRESSES = 10, BITS = 3, SLOTS = 3, SEQUENCE = 4, ROOM = 2 };

struct kernels {
  hw_repeat_table *repeats;
  uint32_t *kept;
  hw_attribution attribution;
  hw_attributed_rows attributed;
  hw_windows windows;
  hw_window *out;
  float *out_sequences;
  uint64_t taken;
};

static void *zeroed(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  feed_must(memory != NULL, "memory");
  return memory;
}

static void open_attribution(kernels *of, uint64_t rows) {
  of->attribution = (hw_attribution){
      .devices = zeroed(DEVICES, sizeof(hw_device)),
      .addresses = zeroed(ADDRESSES, sizeof(hw_address)),
      .device_buckets = zeroed(1 << BITS, sizeof(uint32_t)),
      .address_buckets = zeroed(1 << BITS, sizeof(uint32_t)),
      .device_room = DEVICES,
      .address_room = ADDRESSES,
      .device_bucket_bits = BITS,
      .address_bucket_bits = BITS,
      .seed = 0x9e3779b97f4a7c15ull,
  };
  of->attributed = (hw_attributed_rows){
      .row = zeroed(2 * rows, sizeof(uint32_t)),
      .device = zeroed(2 * rows, sizeof(uint64_t)),
      .device_index = zeroed(2 * rows, sizeof(uint32_t)),
      .direction = zeroed(2 * rows, 1),
      .peer = zeroed(2 * rows, 1),
  };
}

static void open_windows(kernels *of) {
  uint8_t *classes = zeroed(65536, 1);
  int64_t *watermark = zeroed(DEVICES, sizeof(int64_t));
  for (int port = 0; port < 65536; port++) classes[port] = (uint8_t)(port % HW_PORT_CLASSES);
  for (int device = 0; device < DEVICES; device++) watermark[device] = INT64_MIN;
  of->windows = (hw_windows){
      .length = 10000000000,
      .slots = SLOTS,
      .sequence = SEQUENCE,
      .devices = DEVICES,
      .port_class = classes,
      .slot_of = zeroed(DEVICES, sizeof(uint32_t)),
      .states = zeroed(SLOTS, hw_windows_state_size()),
      .sequences = zeroed(SLOTS * SEQUENCE * 4, sizeof(float)),
      .watermark = watermark,
  };
  of->out = zeroed(ROOM, sizeof(hw_window));
  of->out_sequences = zeroed(ROOM * SEQUENCE * 4, sizeof(float));
}

kernels *kernels_new(uint64_t rows) {
  kernels *of = zeroed(1, sizeof *of);
  of->repeats = zeroed(1, hw_repeat_table_size());
  of->kept = zeroed(rows, sizeof(uint32_t));
  open_attribution(of, rows);
  open_windows(of);
  return of;
}

void kernels_take(kernels *of, const hw_columns *columns, uint64_t rows) {
  uint64_t kept = hw_repeats(of->repeats, columns, rows, (uint32_t)(of->taken % 3), of->kept);
  feed_must(kept <= rows, "no more rows are kept than there are");
  of->taken += kept;
  uint64_t count = hw_attribute(&of->attribution, columns, kept, &of->attributed);
  feed_must(count <= 2 * kept, "a packet is at most two devices'");
  for (uint64_t i = 0; i < count; i++) {
    feed_must(of->attributed.row[i] < kept && of->attributed.device_index[i] < DEVICES, "indices lie in their tables");
    feed_must(of->attributed.direction[i] < 2 && of->attributed.peer[i] < HW_PEERS, "directions and peers are known ones");
  }
  hw_attributed packets = {of->attributed.row, of->attributed.device_index, of->attributed.direction, of->attributed.peer};
  for (uint64_t from = 0, closed = 0, next; from < count; from = next) {
    next = hw_windows_update(&of->windows, columns, &packets, from, count, of->out, of->out_sequences, ROOM, &closed);
    feed_must(closed <= ROOM && next <= count && (next > from || closed), "windows go on");
  }
}

static void close_windows(kernels *of) {
  for (uint64_t slot = 0, before = 0, rounds = 0; slot < of->windows.used; before = slot) {
    uint64_t written = hw_windows_close(&of->windows, INT64_MAX, of->out, of->out_sequences, ROOM, &slot);
    feed_must(written <= ROOM && (slot > before || written) && rounds++ <= SLOTS, "closing ends");
  }
}

void kernels_free(kernels *of) {
  close_windows(of);
  free(of->repeats), free(of->kept);
  free(of->attribution.devices), free(of->attribution.addresses);
  free(of->attribution.device_buckets), free(of->attribution.address_buckets);
  free(of->attributed.row), free(of->attributed.device), free(of->attributed.device_index);
  free(of->attributed.direction), free(of->attributed.peer);
  free((void *)of->windows.port_class), free(of->windows.slot_of), free(of->windows.states);
  free(of->windows.sequences), free(of->windows.watermark);
  free(of->out), free(of->out_sequences);
  free(of);
}
