/* pcapng_blocks.c - interface description and packet blocks of pcapng, and interface clocks. */
#include "pcapng.h"

#define PACKET_BYTES 28u /* of an enhanced or old packet block before the frame */
#define SIMPLE_BYTES 12u
#define TRAILER 4u
#define NS 1000000000

enum option { END = 0, TIME_RESOLUTION = 9, TIME_OFFSET = 14 };

static uint64_t power_of_ten(uint32_t exponent) {
  uint64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

/* if_tsresol: units of 10^-n s, or with the highest bit 2^-n s. */
static void set_resolution(hw_interface *interface, uint8_t value) {
  uint32_t exponent = value & 0x7f;
  interface->ts_multiply = interface->ts_divide = interface->ts_shift = 0;
  if (value & 0x80) interface->ts_shift = exponent;
  else if (exponent <= 9) interface->ts_multiply = power_of_ten(9 - exponent);
  else interface->ts_divide = exponent <= 28 ? power_of_ten(exponent - 9) : UINT64_MAX; /* else all times are within a ns */
}

/* floor(units * 10^9 / 2^shift) of the part below a second. */
static uint64_t binary_fraction(uint64_t units, uint32_t shift) {
  if (shift <= 32) return units * NS >> shift;
  uint64_t high = (units >> 32) * NS + ((units & 0xffffffff) * NS >> 32); /* units * 10^9 / 2^32: below 2^62 */
  return high >> (shift - 32);
}

/* Seconds and the ns beyond them of a clock that counts in units. */
static void split_time(const hw_interface *interface, uint64_t units, uint64_t *seconds, uint64_t *ns) {
  if (interface->ts_multiply) {
    uint64_t per_second = NS / interface->ts_multiply;
    *seconds = units / per_second;
    *ns = units % per_second * interface->ts_multiply;
  } else if (interface->ts_divide) {
    uint64_t all = units / interface->ts_divide;
    *seconds = all / NS;
    *ns = all % NS;
  } else if (interface->ts_shift >= 64) {
    *seconds = 0;
    *ns = binary_fraction(units, 64) >> (interface->ts_shift - 64 < 63 ? interface->ts_shift - 64 : 63);
  } else {
    *seconds = units >> interface->ts_shift;
    *ns = binary_fraction(units & ((1ull << interface->ts_shift) - 1), interface->ts_shift);
  }
}

/* seconds + offset, where that is within the years that int64 ns can hold. */
static bool add_offset(uint64_t seconds, int64_t offset, int64_t *sum) {
  const int64_t limit = INT64_MAX / NS + 1;
  uint64_t back = offset < 0 ? 0 - (uint64_t)offset : 0;
  if (offset > limit || seconds > (uint64_t)limit + back) return false;
  *sum = (int64_t)(seconds + (uint64_t)offset);
  return *sum >= -limit && *sum <= limit;
}

bool hw_interface_time(const hw_interface *interface, uint64_t units, int64_t *time) {
  uint64_t whole, part;
  int64_t seconds;
  if (units < interface->ts_limit) {
    *time = (int64_t)(units * interface->ts_multiply);
    return true;
  }
  split_time(interface, units, &whole, &part);
  if (!add_offset(whole, interface->ts_offset, &seconds)) return false;
  int64_t ns = (int64_t)part;
  if (seconds < 0) { /* towards zero, so that neither factor nor sum overflows */
    seconds += 1;
    ns -= NS;
  }
  const int64_t last = INT64_MAX / NS, below = INT64_MAX % NS;
  if (seconds > last || (seconds == last && ns > below)) return false;
  if (seconds < -last || (seconds == -last && ns < -below - 1)) return false;
  *time = seconds * NS + ns;
  return true;
}

static void read_options(hw_interface *interface, hw_bytes block, uint64_t end, bool big_endian) {
  for (uint64_t at = 16; at + 4 <= end && hw_holds(block, at, 4);) {
    uint32_t code = hw_file16(block, at, big_endian), length = hw_file16(block, at + 2, big_endian);
    if (code == END || at + 4 + length > end) return;
    if (code == TIME_RESOLUTION && length == 1 && hw_holds(block, at + 4, 1)) set_resolution(interface, hw_u8(block, at + 4));
    if (code == TIME_OFFSET && length == 8) interface->ts_offset = (int64_t)hw_file64(block, at + 4, big_endian);
    at += 4 + ((uint64_t)length + 3) / 4 * 4;
  }
}

void hw_describe(hw_capture *capture, hw_bytes block, uint32_t length) {
  uint32_t index = capture->interface_count;
  if (index < UINT32_MAX) capture->interface_count++;
  if (index >= HW_INTERFACES) return;
  hw_interface *interface = &capture->interfaces[index];
  interface->link_type = hw_file16(block, 8, capture->big_endian);
  interface->snap_length = hw_file32(block, 12, capture->big_endian);
  interface->ts_multiply = 1000;
  interface->described = 1;
  read_options(interface, block, length - TRAILER, capture->big_endian);
  interface->ts_limit = interface->ts_multiply && !interface->ts_offset ? INT64_MAX / interface->ts_multiply : 0;
}

/* The index in the whole capture of a section's interface, or more than there can be. */
static uint32_t find_interface(const hw_capture *capture, uint32_t number) {
  uint32_t of_section = capture->interface_count - capture->interface_base;
  if (number >= of_section || capture->interface_base >= HW_INTERFACES) return UINT32_MAX;
  return capture->interface_base + number;
}

bool hw_timed_packet(const hw_capture *capture, hw_bytes block, uint32_t length, bool old, hw_record *record) {
  bool big_endian = capture->big_endian;
  uint32_t number = old ? hw_file16(block, 8, big_endian) : hw_file32(block, 8, big_endian);
  uint64_t units = (uint64_t)hw_file32(block, 12, big_endian) << 32 | hw_file32(block, 16, big_endian);
  record->interface = find_interface(capture, number);
  record->captured_length = hw_file32(block, 20, big_endian);
  record->wire_length = hw_file32(block, 24, big_endian);
  record->at = PACKET_BYTES;
  record->timed = record->interface < HW_INTERFACES && hw_interface_time(&capture->interfaces[record->interface], units, &record->time);
  return record->captured_length <= HW_LARGEST_PACKET && record->captured_length <= length - PACKET_BYTES - TRAILER;
}

bool hw_simple_packet(const hw_capture *capture, hw_bytes block, uint32_t length, hw_record *record) {
  record->interface = find_interface(capture, 0);
  record->wire_length = record->captured_length = hw_file32(block, 8, capture->big_endian);
  record->at = SIMPLE_BYTES;
  bool described = record->interface < HW_INTERFACES;
  uint32_t most = described ? capture->interfaces[record->interface].snap_length : length - SIMPLE_BYTES - TRAILER;
  if (record->captured_length > most && (most || !described)) record->captured_length = most;
  return record->captured_length <= HW_LARGEST_PACKET && record->captured_length <= length - SIMPLE_BYTES - TRAILER;
}
