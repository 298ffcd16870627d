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

/* hw_trees_sum: add to sums (count x kinds, row by row) what each tree's leaf
 * says of each row (count x columns), tree by tree in the order of `roots`.
 * The caller has checked that columns, kinds, roots, nodes and values lie in
 * bounds and that every node's successors come behind it. */
void hw_trees_sum(const hw_tree_node *nodes, const hw_tree_value *values, const uint32_t *roots, uint64_t trees,
                  const float *rows, uint64_t count, uint64_t columns, float *sums, uint64_t kinds);

#endif
