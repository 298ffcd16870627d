/* repeats.h - copies of a packet that one capture took on several interfaces. */
#ifndef HEADWISE_REPEATS_H
#define HEADWISE_REPEATS_H

#include "headwise.h"

#define HW_REPEAT_SETS 1024u /* a power of two */
#define HW_REPEAT_WAYS 8u

/* A packet that was kept, by a hash of what a copy of it shares. */
typedef struct hw_repeat_entry {
  uint64_t key; /* 0: free */
  int64_t time; /* ns */
  uint16_t interface;
  uint8_t ttl;
  uint8_t spare[5];
} hw_repeat_entry;

/* The packets kept last. Zeroed by the caller before the first call of a capture. */
typedef struct hw_repeat_table {
  uint64_t kept, copied; /* of packets with an IP identification, the newer ones weighing more */
  hw_repeat_entry entries[HW_REPEAT_SETS][HW_REPEAT_WAYS];
} hw_repeat_table;

/* Where a row may be a repeat. */
enum hw_repeat_rule {
  HW_REPEATS_COOKED = 0, /* rows of cooked link types only */
  HW_REPEATS_SEVERAL,    /* and rows of other link types, where the copy is of another interface */
  HW_REPEATS_ALL,        /* all rows as if they were cooked; to measure the rule */
};

/* hw_repeats: find the repeats among rows 0..count-1, which are in order of
 * time, and close up the rows that are none. `kept` is scratch of `count`
 * numbers; afterwards it holds which rows were kept. Returns how many. */
uint64_t hw_repeats(hw_repeat_table *table, const hw_columns *columns, uint64_t count, uint32_t rule, uint32_t *kept);

uint64_t hw_repeat_table_size(void);

#endif
