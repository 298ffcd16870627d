/* walk.c - run the packet core over capture files in several ways, which must all give the same.
 *
 * For each file it prints status, packets, rows and a hash of all columns. Built with sanitizers by the tests.
 */
#include <stdio.h>
#include <stdlib.h>

#include "feed.h"

static uint8_t *load(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  feed_must(file && fseek(file, 0, SEEK_END) == 0, "the file can be read");
  *size = (size_t)ftell(file);
  uint8_t *data = malloc(*size ? *size : 1);
  rewind(file);
  feed_must(data && fread(data, 1, *size, file) == *size, "the file can be read");
  fclose(file);
  return data;
}

static void compare(const char *path, const feed_result *one, const feed_result *other) {
  if (one->hash == other->hash && one->packets == other->packets && one->status == other->status) return;
  fprintf(stderr, "broken: %s reads otherwise in other pieces\n", path);
  abort();
}

int main(int count, char **paths) {
  static const struct { size_t chunk; uint64_t limit; size_t largest; } WAYS[] = {
      {0, 1, 1 << 16}, {70001, 300, SIZE_MAX}, {4093, 1000, 1 << 20}, {61, 7, 1 << 14}, {1, 3, 1 << 10},
  };
  for (int i = 1; i < count; i++) {
    size_t size;
    uint8_t *data = load(paths[i], &size);
    feed_result whole = feed_capture(data, size, 0, 4096, 1);
    hw_use_lanes(8);
    feed_result narrow = feed_capture(data, size, 0, 4096, 1);
    compare(paths[i], &whole, &narrow);
    hw_use_lanes(16);
    for (size_t way = 0; way < sizeof WAYS / sizeof *WAYS; way++) {
      if (size > WAYS[way].largest) continue;
      feed_result other = feed_capture(data, size, WAYS[way].chunk, WAYS[way].limit, 1);
      compare(paths[i], &whole, &other);
    }
    for (size_t halves = 0; size && halves <= 2; halves++) { /* cut to nothing, cut to half, not cut */
      feed_result mapped = feed_mapped(data, size, 100, size * halves / 2);
      compare(paths[i], &whole, &mapped);
    }
    printf("%u %llu %llu %016llx %s\n", whole.status, (unsigned long long)whole.packets, (unsigned long long)whole.rows,
           (unsigned long long)whole.hash, paths[i]);
    free(data);
  }
  return 0;
}
