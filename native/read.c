/* read.c - framing and headers by turns, or together. */
#include "headers.h"

#define TURN 128u /* packets: their rows stay in the first-level cache */

uint64_t hw_read(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final, const hw_columns *columns,
                 uint64_t first, uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]) {
  uint64_t kept = 0, opened = 0;
  *consumed = *packets = 0;
  if (capture->format == HW_UNKNOWN) hw_frames(capture, buffer, length, final, columns, first, 0, &opened);
  if (hw_reads_framing(capture)) {
    kept = hw_read_framing(capture, buffer + opened, length - opened, final, columns, first, limit, consumed, packets, counted);
    *consumed += opened;
    return kept;
  }
  *consumed = opened;
  while (*packets < limit) {
    uint64_t used, turn = limit - *packets < TURN ? limit - *packets : TURN;
    uint64_t at = *consumed, walked = hw_frames(capture, buffer + at, length - at, final, columns, first + kept, turn, &used);
    kept += hw_headers(buffer + at, length - at, columns, first + kept, walked, counted, capture->interfaces);
    *consumed += used;
    *packets += walked;
    if (walked < turn) break;
  }
  return kept;
}
