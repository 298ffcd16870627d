/* trees.c - sums of decision trees. */
#include <math.h>
#include <stdbool.h>

#include "trees.h"

static const hw_tree_node *leaf_of(const hw_tree_node *nodes, uint32_t root, const float *row) {
  const hw_tree_node *node = nodes + root;
  while (!(node->column & HW_TREE_LEAF)) {
    float value = row[node->column & HW_TREE_COLUMN];
    bool yes = isnan(value) ? node->column & HW_TREE_MISSING : value <= node->threshold;
    node = nodes + (yes ? node->yes : node->no);
  }
  return node;
}

/* A tree at a time over all rows, since a tree fits the cache and a forest does not. */
void hw_trees_sum(const hw_tree_node *nodes, const hw_tree_value *values, const uint32_t *roots, uint64_t trees,
                  const float *rows, uint64_t count, uint64_t columns, float *sums, uint64_t kinds) {
  for (uint64_t tree = 0; tree < trees; tree++) {
    for (uint64_t row = 0; row < count; row++) {
      const hw_tree_node *leaf = leaf_of(nodes, roots[tree], rows + row * columns);
      float *sum = sums + row * kinds;
      for (uint32_t value = leaf->yes; value < leaf->no; value++) sum[values[value].kind] += values[value].weight;
    }
  }
}
