/* rows.h - moving whole rows of the header columns. */
#ifndef HEADWISE_ROWS_H
#define HEADWISE_ROWS_H

#include "headwise.h"

/* hw_move_rows: row to[i] becomes what row from[i] was, for i below `count`.
 * `scratch` has room for 16 bytes a row that is moved. */
void hw_move_rows(const hw_columns *columns, uint64_t count, const uint32_t *to, const uint32_t *from, uint8_t *scratch);

/* hw_close_rows: rows kept[0] < kept[1] < ... become rows first, first + 1, ...; kept[0] is `first` or later. */
void hw_close_rows(const hw_columns *columns, uint64_t first, uint64_t count, const uint32_t *kept);

#endif
