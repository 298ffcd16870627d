/* trees.c - run the trees kernel over as many forests as asked, of chance that each number begins. Built with sanitizers by the tests.
 *
 * Each seed gives a forest that is made sound, then spoilt in every place, and one of bytes as they come; it prints how many of the latter
 * there were, and how many of them were sound.
 */
#include <stdio.h>
#include <stdlib.h>

#include "feed.h"
#include "forests.h"

enum { SIZE = 2000 };

/* Bytes of chance; with `small`, whole numbers of four bytes below that many, as places in arrays are. */
static void fill(uint8_t *data, uint64_t seed, uint32_t small) {
  uint64_t state = seed;
  for (size_t i = 0; i < SIZE; i += 4) {
    uint64_t mixed = state += 0x9e3779b97f4a7c15ull; /* splitmix64 */
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9ull;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebull;
    uint32_t word = (uint32_t)(mixed >> 32);
    if (small) word = word % small | (word & 0x80000000u);
    for (size_t byte = 0; byte < 4; byte++) data[i + byte] = (uint8_t)(word >> 8 * byte);
  }
}

int main(int count, char **arguments) {
  static const uint32_t SMALL[] = {0, 2, 6, 60};
  unsigned long forests = count == 2 ? strtoul(arguments[1], NULL, 10) : 0;
  unsigned long sound = 0;
  uint8_t data[SIZE];
  feed_must(forests > 0, "how many forests is told");
  for (unsigned long seed = 0; seed < forests; seed++) {
    fill(data, seed, SMALL[seed % 4]);
    /* Some end early, and are zeros from there on. */
    size_t size = seed % 3 ? SIZE : seed % SIZE;
    feed_sound_forest(data, size);
    sound += (unsigned long)feed_any_forest(data, size);
  }
  printf("%lu %lu\n", forests, sound);
  return 0;
}
