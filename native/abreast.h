/* abreast.h - the commonest header stacks, several packets at once.
 *
 * Ethernet with or without one tag, or a cooked header; IPv4 without options or
 * fragments; TCP or UDP: what fast.h says of such packets, but field by field for
 * HW_LANES rows instead of row by row. One store for many rows of a column is what
 * makes it quick: row by row, stores are what a processor is busy with.
 */
#ifndef HEADWISE_ABREAST_H
#define HEADWISE_ABREAST_H

#include "fast.h"
#include "lanes.h"

#ifdef HW_HAS_LANES

/* For what is told by constants which way to go: compilers that count instructions would make one function of all ways. */
#define HW_INLINE static inline __attribute__((always_inline))

/* Eight words of each row, from `offset` on, and 4 bytes further where there is a tag: word by word. */
static inline void hw_turned(const uint8_t *const *heads, uint64_t offset, const uint8_t *tags, hw_words words[8]) {
  for (uint64_t i = 0; i < 8; i++) words[i] = hw_get_head(heads, i, offset, tags);
  hw_turn(words);
}

/* Frames: their first 16 bytes word by word, as they lie in memory; `tag` is 4 in each that has a VLAN tag. */
typedef struct hw_frames_abreast {
  const uint8_t *heads[HW_LANES];
  hw_words link[8];
  hw_words tagged;
  uint8_t tag[HW_LANES];
} hw_frames_abreast;

static inline bool hw_find_frames(hw_frames_abreast *frames, hw_bytes bytes, const uint64_t *record, bool cooked) {
  const uint16_t tag = 0x0081;
  if (!hw_find_heads(bytes, record, frames->heads, HW_LANES)) return false;
  hw_turned(frames->heads, 0, 0, frames->link);
  frames->tagged = cooked ? (hw_words){0} : (hw_words)(frames->link[6] == tag);
  hw_put_octets(frames->tag, frames->tagged & 4);
  return true;
}

/* Lengths of frames less their link layers, up to 65,535. */
static inline hw_words hw_lengths(const uint32_t *column, hw_words link) {
  const hw_words none = {0};
  const hw_signed most = (hw_signed){0} + 0xffff;
  hw_words lengths[2];
  hw_signed links[2] = {(hw_signed)hw_zip_low(link, none), (hw_signed)hw_zip_high(link, none)};
  hw_get_rows(column, lengths);
  for (int i = 0; i < 2; i++) {
    hw_signed left = (hw_signed)lengths[i] - links[i];
    hw_signed above = left > most;
    links[i] = ((left & ~above) | (most & above)) & (left > 0);
  }
  return hw_narrow(links[0], links[1]);
}

static inline void hw_put_link(const hw_columns *columns, uint64_t row, const hw_frames_abreast *frames, bool cooked, hw_words *plain) {
  hw_words mac[6];
  for (int i = 0; i < 6; i++) mac[i] = hw_swap(frames->link[i]);
  hw_put_quads(columns->source_mac + row, mac[5], mac[4], mac[3]);
  if (cooked) { /* of an Ethernet sender */
    *plain &= (hw_words)(mac[1] == 0x0001) & (hw_words)(mac[2] == 0x0006);
    memset(columns->destination_mac + row, 0, HW_LANES * sizeof *columns->destination_mac);
  } else {
    hw_put_quads(columns->destination_mac + row, mac[2], mac[1], mac[0]);
    hw_put_words(columns->vlan + row, hw_swap(frames->link[7]) & 0xfff & *plain & frames->tagged);
  }
}

/* Where the EtherType stands; 4 bytes further where `tags` say so, if there are any. */
typedef struct hw_place {
  uint64_t type;
  const uint8_t *tags;
} hw_place;

/* What the rows are found to be, as masks, and what of the IP header is asked for later. */
typedef struct hw_kinds {
  hw_words plain; /* IPv4 without options or fragments, as long as it says */
  hw_words tcp, udp;
  hw_words total, source;
} hw_kinds;

HW_INLINE hw_kinds hw_put_network(const hw_columns *columns, uint64_t row, const hw_frames_abreast *frames, hw_place place,
                                      hw_words wire) {
  const hw_words none = {0};
  hw_words start[8];
  hw_turned(frames->heads, place.type, place.tags, start);
  hw_words total = hw_swap(start[2]), protocol = start[5] >> 8;
  hw_put_words(columns->ethertype + row, hw_swap(start[0]));
  hw_put_octets(columns->ip_version + row, none + 4);
  hw_put_octets(columns->dscp + row, start[1] >> 10);
  hw_put_doubles(columns->ip_length + row, total, none);
  hw_put_words(columns->ip_id + row, hw_swap(start[3]));
  hw_put_octets(columns->ttl + row, start[5] & 0xff);
  hw_put_octets(columns->protocol + row, protocol);
  /* EtherType 0x0800; version 4 and 20 bytes; no offset and no more fragments: as they lie in memory */
  hw_words plain = (hw_words)(start[0] == 0x0008) & (hw_words)((start[1] & 0xff) == 0x45) & (hw_words)((start[4] & 0xff3f) == 0) &
                   (hw_words)(total <= wire);
  return (hw_kinds){plain, (hw_words)(protocol == 6), (hw_words)(protocol == 17), total, start[7]};
}

/* Options of TCP, as masks: a timestamp behind two that do nothing, or others. */
typedef struct hw_option_kinds {
  hw_words timestamp, others;
} hw_option_kinds;

HW_INLINE hw_option_kinds hw_put_transport(const hw_columns *columns, uint64_t row, const hw_frames_abreast *frames, hw_place place,
                                               hw_kinds *kinds, hw_words captured) {
  const hw_words none = {0};
  hw_words rest[8], middle[8];
  hw_turned(frames->heads, place.type + 32, place.tags, rest);
  hw_turned(frames->heads, place.type + 16, place.tags, middle);
  hw_words total = kinds->total, header = (rest[1] & 0xf0) >> 2, least = header + 20, datagram = hw_swap(middle[5]);
  hw_words tcp = kinds->tcp & kinds->plain & (hw_words)(header >= 20) & (hw_words)(total >= least) & (hw_words)(captured >= least);
  hw_words udp = kinds->udp & kinds->plain & (hw_words)(total >= 28) & (hw_words)(captured >= 28) & (hw_words)(datagram >= 8);
  hw_words timestamp = tcp & (hw_words)(header == 32) & (hw_words)(rest[5] == 0x0101) & (hw_words)(rest[6] == 0x0a08);
  hw_put_mapped(columns->source_ip + 16 * row, kinds->source, middle[0]);
  hw_put_mapped(columns->destination_ip + 16 * row, middle[1], middle[2]);
  hw_put_words(columns->source_port + row, hw_swap(middle[3]));
  hw_put_words(columns->destination_port + row, hw_swap(middle[4]));
  hw_put_words(columns->checksum + row, hw_swap((rest[3] & tcp) | (middle[6] & ~tcp)));
  hw_put_doubles(columns->payload_length + row, ((total - least) & tcp) | ((datagram - 8) & udp), none);
  hw_put_doubles(columns->tcp_sequence + row, hw_swap(middle[6]) & tcp, datagram & tcp);
  hw_put_doubles(columns->tcp_acknowledgment + row, hw_swap(rest[0]) & tcp, hw_swap(middle[7]) & tcp);
  hw_put_words(columns->tcp_flags + row, hw_swap(rest[1]) & 0xfff & tcp);
  hw_put_words(columns->tcp_window + row, hw_swap(rest[2]) & tcp);
  hw_put_quads(columns->tcp_options + row, timestamp & 0x811, none, none);
  kinds->tcp = tcp;
  kinds->udp = udp;
  return (hw_option_kinds){timestamp, tcp & ~timestamp & (hw_words)(header != 20)};
}

/* The lower and the upper half of bits where a mask is set. */
static inline void hw_add_bits(hw_words present[2], hw_words mask, uint32_t bits) {
  present[0] |= mask & (uint16_t)bits;
  present[1] |= mask & (uint16_t)(bits >> 16);
}

static inline void hw_put_present(uint32_t *at, const hw_words bits[2]) {
  hw_words present[2];
  hw_get_rows(at, present);
  present[0] |= hw_zip_low(bits[0], bits[1]);
  present[1] |= hw_zip_high(bits[0], bits[1]);
  hw_put_rows(at, present, 2);
}

/* Read TCP options of one row that was found to have others than a timestamp. */
static inline void hw_put_options(hw_bytes bytes, const hw_columns *columns, uint64_t row, bool cooked) {
  uint64_t link = (cooked ? 16u : 14u) + (columns->present[row] & HW_VLAN ? 4u : 0u);
  hw_bytes segment = hw_part(bytes, columns->record[row] + link + 20, columns->captured_length[row] - link - 20);
  uint64_t size = ((uint64_t)hw_u8(segment, 12) >> 4 << 2) - 20;
  hw_options options = hw_usual_options(hw_part(segment, 20, size), size);
  columns->tcp_options[row] = options.kinds;
  columns->tcp_mss[row] = options.mss;
  columns->tcp_window_scale[row] = options.window_scale;
  columns->present[row] |= options.present;
}

/* Rows as bits: those that were read, and of them those whose TCP options are left to hw_put_options. */
typedef struct hw_rows_read {
  uint64_t read, options;
} hw_rows_read;

/* Rows whose frames were found, with or without tags among them. */
HW_INLINE hw_rows_read hw_read_found(const hw_frames_abreast *frames, const hw_columns *columns, uint64_t row, bool cooked, bool tags) {
  hw_place place = {cooked ? 14 : 12, tags ? frames->tag : 0};
  hw_words link = (hw_words){0} + (uint16_t)(cooked ? 16 : 14) + (frames->tagged & 4), present[2] = {{0}, {0}};
  hw_kinds kinds = hw_put_network(columns, row, frames, place, hw_lengths(columns->wire_length + row, link));
  hw_words plain = kinds.plain;
  hw_put_link(columns, row, frames, cooked, &plain);
  kinds.plain = plain;
  hw_option_kinds options = hw_put_transport(columns, row, frames, place, &kinds, hw_lengths(columns->captured_length + row, link));
  hw_words known = kinds.tcp | kinds.udp;
  hw_add_bits(present, known, HW_SOURCE_MAC | (cooked ? 0 : HW_DESTINATION_MAC) | HW_FAST_IPV4 | HW_FAST_PORTS);
  hw_add_bits(present, kinds.tcp, HW_FAST_TCP);
  hw_add_bits(present, options.timestamp, HW_TCP_OPTIONS);
  if (tags) hw_add_bits(present, known & frames->tagged, HW_VLAN);
  hw_put_present(columns->present + row, present);
  return (hw_rows_read){hw_rows(known), hw_rows(options.others)};
}

/* Read HW_LANES rows from `row` on. Of those that could not be read nothing is kept, but columns that most packets leave alone
 * are zero. */
HW_INLINE hw_rows_read hw_read_abreast(hw_bytes bytes, const hw_columns *columns, uint64_t row, bool cooked) {
  hw_frames_abreast frames;
  if (!hw_find_frames(&frames, bytes, columns->record + row, cooked)) {
    hw_clear_tcp(columns, row, HW_LANES);
    return (hw_rows_read){0, 0};
  }
  if (hw_rows(frames.tagged)) return hw_read_found(&frames, columns, row, cooked, true);
  return hw_read_found(&frames, columns, row, cooked, false);
}

#endif
#endif
