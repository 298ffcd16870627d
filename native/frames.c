/* frames.c - from bytes of a capture to framed packets: which format, and where the last call stopped. */
#include "walk.h"

#define FIRST_BYTES 4

/* Recognise the format; false where there is nothing to walk (yet). */
static bool open_capture(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  if (capture->format != HW_UNKNOWN) return true;
  if (!hw_holds(walk->data, walk->at, FIRST_BYTES)) {
    if (walk->final) capture->status = HW_NOT_A_CAPTURE;
    return false;
  }
  if (!hw_pcap_open(walk) && !hw_pcapng_open(walk)) capture->status = HW_NOT_A_CAPTURE;
  return capture->format != HW_UNKNOWN && capture->status == HW_OK;
}

/* Pass over what is left of a block that did not fit into the last buffer. */
static bool finish_skip(hw_walk *walk) {
  hw_capture *capture = walk->capture;
  if (capture->skip) hw_pass(walk, capture->skip);
  return capture->skip == 0;
}

uint64_t hw_frames(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final,
                   const hw_columns *columns, uint64_t first, uint64_t limit, uint64_t *consumed) {
  *consumed = 0;
  if (capture->status != HW_OK) return 0;
  hw_walk walk = {capture, {buffer, length}, 0, final != 0, columns, first, first + limit};
  if (open_capture(&walk) && finish_skip(&walk)) {
    if (capture->format == HW_PCAP) hw_pcap_walk(&walk);
    else hw_pcapng_walk(&walk);
  }
  *consumed = walk.at;
  capture->position += walk.at;
  return walk.row - first;
}

uint32_t hw_abi(void) { return HW_ABI; }
