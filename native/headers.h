/* headers.h - reading the headers of the commonest captures while their records are framed. */
#ifndef HEADWISE_HEADERS_H
#define HEADWISE_HEADERS_H

#include "bytes.h"
#include "headwise.h"

/* hw_read_row: read a framed row that is alone, whatever it is. */
enum hw_reason hw_read_row(hw_bytes bytes, const hw_columns *columns, uint64_t row);

/* hw_read_framing: hw_read of an ordinary pcap file of one of the commonest link types, as hw_reads_framing says. Between rows
 * whose headers are read, 8 or 16 at a time, as many more records are framed: bytes are on their way from memory while others are
 * computed with. */
bool hw_reads_framing(const hw_capture *capture);
uint64_t hw_read_framing(hw_capture *capture, const uint8_t *buffer, uint64_t length, int final, const hw_columns *columns, uint64_t first,
                         uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]);

#endif
