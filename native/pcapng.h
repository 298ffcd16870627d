/* pcapng.h - single blocks of a pcapng file, for the walk over them. */
#ifndef HEADWISE_PCAPNG_H
#define HEADWISE_PCAPNG_H

#include "walk.h"

/* The clock of an interface in ns, cut to whole ones; false outside the range of an int64. */
bool hw_interface_time(const hw_interface *interface, uint64_t units, int64_t *time);

/* Remember the interface that an interface description block of `length` bytes describes. */
void hw_describe(hw_capture *capture, hw_bytes block, uint32_t length);

/* Read a packet block of `length` bytes; record->at is the frame's place in the block. False where its lengths cannot be. */
bool hw_timed_packet(const hw_capture *capture, hw_bytes block, uint32_t length, bool old, hw_record *record);
bool hw_simple_packet(const hw_capture *capture, hw_bytes block, uint32_t length, hw_record *record);

#endif
