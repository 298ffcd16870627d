/* survey.h - what readers ask of all rows of a batch at once. */
#ifndef HEADWISE_SURVEY_H
#define HEADWISE_SURVEY_H

#include "headwise.h"

typedef struct hw_survey {
  int64_t lowest, highest; /* times of rows that have one; lowest > highest where none has */
  uint32_t some, all;      /* enum hw_present: bits that any row has, and that every row has */
  uint32_t ordered;        /* no time is before the one of the row before, times that are repeated for want of one too */
} hw_survey;

/* hw_survey_rows: survey the first `count` rows. */
void hw_survey_rows(const hw_columns *columns, uint64_t count, hw_survey *out);

#endif
