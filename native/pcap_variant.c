/* pcap_variant.c - which variant of the classic format a file is.
 *
 * Patched capture programs wrote longer record headers, some before they had a
 * magic number of their own; and versions before 2.4 differ. What is known of
 * them is known from files, and from how tcpdump and Wireshark read those.
 */
#include "pcap.h"

#define MILLION 1000000u

static const hw_pcap_magic MAGICS[] = {
  {0xa1b2c3d4, 1000, 0, {HW_RECORD_HEADER, HW_RECORD_HEADER + 8, HW_RECORD_HEADER + 4}}, /* or Kuznetzov's of 1999-04, or Nokia's */
  {0xa1b23c4d, 1, 0, {HW_RECORD_HEADER}},
  {0xa1b2cd34, 1000, 0, {HW_RECORD_HEADER + 8, HW_RECORD_HEADER + 12}}, /* Kuznetzov's of 1999-10, or of 1999-09 */
  {0x1c0001ac, 1000, 4, {HW_RECORD_HEADER}},                            /* IXIA's, from hardware and from software */
  {0x1c0001ab, 1000, 4, {HW_RECORD_HEADER}},
};

const hw_pcap_magic *hw_find_magic(uint32_t number) {
  for (uint64_t i = 0; i < sizeof MAGICS / sizeof *MAGICS; i++)
    if (MAGICS[i].number == number) return &MAGICS[i];
  return 0;
}

/* Before version 2.3 the wire length came first; files of 2.3 were written both ways. */
enum hw_length_order hw_length_order(const hw_pcap_header *header) {
  if (header->major == 543 && header->minor == 0) return HW_WIRE_FIRST; /* DG/UX */
  if (header->major == 2 && header->minor == 3) return HW_SMALLER_IS_CAPTURED;
  return header->major == 2 && header->minor < 3 ? HW_WIRE_FIRST : HW_CAPTURED_FIRST;
}

/* AIX wrote version 2.2 with interface types of RFC 1573 for link types, and nanoseconds. */
static const uint32_t AIX_LINK_TYPES[][2] = {{6, 1}, {9, 6}, {15, 10}, {24, 0}};

static const uint32_t *find_aix(const hw_pcap_header *header) {
  if (header->major != 2 || header->minor != 2) return 0;
  for (uint64_t i = 0; i < sizeof AIX_LINK_TYPES / sizeof *AIX_LINK_TYPES; i++)
    if (AIX_LINK_TYPES[i][0] == header->link_type) return AIX_LINK_TYPES[i];
  return 0;
}

uint32_t hw_fraction_unit(const hw_pcap_magic *magic, const hw_pcap_header *header) {
  return find_aix(header) ? 1 : magic->unit;
}

uint32_t hw_pcap_link_type(const hw_pcap_header *header) {
  const uint32_t *aix = find_aix(header);
  return aix ? aix[1] : header->link_type;
}

/* What is odd about a record header. */
static bool is_odd(const hw_pcap_record *record, uint32_t unit) {
  const uint32_t longest = 128u << 20;
  return record->captured_length > HW_LARGEST_PACKET || record->wire_length > longest ||
         record->captured_length > record->wire_length || record->fraction >= MILLION * (unit == 1 ? 1000u : 1u);
}

/* A record that could well follow `first`, within a year of it. */
static bool could_follow(const hw_pcap_record *first, const hw_pcap_record *second, uint32_t unit) {
  const uint64_t year = 366 * 86400;
  uint64_t apart = first->seconds > second->seconds ? first->seconds - second->seconds : second->seconds - first->seconds;
  return !is_odd(second, unit) && apart < year;
}

uint32_t hw_choose_layout(const hw_walk *walk, const hw_pcap_magic *magic, const hw_pcap_header *header, uint64_t at) {
  if (!magic->record_headers[1]) return magic->record_headers[0];
  enum hw_length_order order = hw_length_order(header);
  uint32_t unit = hw_fraction_unit(magic, header);
  if (!walk->final && !hw_holds(walk->data, at, HW_RECORD_HEADER)) return 0;
  hw_pcap_record first = hw_read_record(walk->data, at, header->big_endian, order);
  if (is_odd(&first, unit)) return magic->record_headers[0];
  for (int i = 0; i < 3 && magic->record_headers[i]; i++) {
    uint64_t next = at + magic->record_headers[i] + first.captured_length;
    bool there = hw_holds(walk->data, next, HW_RECORD_HEADER);
    if (!there && !walk->final) return 0;
    if (!there && i == 0) break; /* the only record, as far as the magic's own layout goes */
    hw_pcap_record second = hw_read_record(walk->data, next, header->big_endian, order);
    if (there && (i == 0 ? !is_odd(&second, unit) : could_follow(&first, &second, unit))) return magic->record_headers[i];
  }
  return magic->record_headers[0];
}
