/* fuzz.c - libFuzzer's entry. The last three bytes choose how the others are read; a plain capture is a good seed. */
#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "forests.h"

static const uint16_t LINK_TYPES[] = {1, 113, 276, 0, 108, 9, 50, 51, 101, 12, 228, 229, 0xffff, 147};

static void as_capture(const uint8_t *data, size_t size, uint8_t way) {
  static const size_t CHUNKS[] = {1, 7, 61, 509};
  feed_result whole = feed_capture(data, size, 0, 64, way >> 6 == 1);
  feed_result other = feed_capture(data, size, CHUNKS[way & 3], 1 + (way >> 2) % 9, way >> 6 == 2);
  feed_must(whole.hash == other.hash && whole.packets == other.packets && whole.status == other.status, "pieces change nothing");
  hw_use_lanes(8);
  other = feed_capture(data, size, 0, 64, 0);
  hw_use_lanes(16);
  feed_must(whole.hash == other.hash && whole.packets == other.packets && whole.status == other.status, "lanes change nothing");
  if (size == 0 || way >> 6 != 3) return;
  other = feed_mapped(data, size, 1 + (way >> 2) % 9, size * (way & 3) / 3);
  feed_must(whole.hash == other.hash && whole.packets == other.packets && whole.status == other.status, "mapping changes nothing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3) return 0;
  uint8_t form = data[size - 1], way = data[size - 2], more = data[size - 3];
  uint8_t *exact = malloc(size);
  size -= 3;
  exact = realloc(exact, size ? size : 1);
  memcpy(exact, data, size);
  if (form % 4 == 1) feed_frame(exact, size, LINK_TYPES[way % 14], (uint32_t)(size + more % 32), more > 250 ? 0x10000 | more : 0);
  else if (form % 16 == 2) feed_ring(exact, size, 1 + way % 32);
  else if (form % 16 == 3) way % 2 ? feed_sound_forest(exact, size) : (void)feed_any_forest(exact, size);
  else as_capture(exact, size, way);
  free(exact);
  return 0;
}
