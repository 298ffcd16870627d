/* trees.h - decision trees over rows of numbers: what their leaves add up to. */
#ifndef HEADWISE_TREES_H
#define HEADWISE_TREES_H

#include "headwise.h"

#define HW_TREE_LEAF 0x80000000u    /* in `column`: a leaf */
#define HW_TREE_MISSING 0x40000000u /* in `column`: a missing value (NaN) goes to `yes` */
#define HW_TREE_COLUMN 0x3fffffffu

/* A node: a value of the row not above `threshold` goes to the node `yes`. A
 * leaf adds the values yes..no-1. */
typedef struct hw_tree_node {
  float threshold;
  uint32_t column;
  uint32_t yes, no;
} hw_tree_node;

/* What a leaf adds to a class. */
typedef struct hw_tree_value {
  uint32_t kind;
  float weight;
} hw_tree_value;

/* Trees, each from its root on; rows have `columns` numbers, sums have `kinds`. */
typedef struct hw_trees {
  const hw_tree_node *nodes;
  const hw_tree_value *values;
  const uint32_t *roots;
  uint64_t node_count, value_count, root_count;
  uint64_t columns, kinds;
} hw_trees;

/* What hw_trees_check finds. */
#define HW_TREES_SOUND 0u
#define HW_TREES_BACK 1u   /* a branch does not lead ahead to another node */
#define HW_TREES_COLUMN 2u /* a branch looks at a column that is not there */
#define HW_TREES_VALUES 3u /* a leaf holds values that are not there */
#define HW_TREES_KIND 4u   /* a value is of no class */
#define HW_TREES_ROOT 5u   /* a tree has no root */

/* hw_trees_check: whether hw_trees_sum can follow the trees: every number that it takes for a place lies in bounds, and every branch
 * leads to nodes behind it, so that each way ends. Whatever the arrays hold, it reads nothing but them; returns the first fault found. */
uint32_t hw_trees_check(const hw_trees *trees);

/* hw_trees_sum: add to sums (count x kinds, row by row) what each tree's leaf
 * says of each row (count x columns), tree by tree in the order of `roots`.
 * The trees must be sound: it does not look again. */
void hw_trees_sum(const hw_trees *trees, const float *rows, uint64_t count, float *sums);

#endif
