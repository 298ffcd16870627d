/* trees.c - sums of decision trees, and whether they can be followed. */
#include <math.h>
#include <stdbool.h>

#include "trees.h"

static uint32_t fault_of_node(const hw_trees *trees, uint64_t own) {
  const hw_tree_node *node = trees->nodes + own;
  if (node->column & HW_TREE_LEAF) return node->yes <= node->no && node->no <= trees->value_count ? HW_TREES_SOUND : HW_TREES_VALUES;
  if (node->yes <= own || node->no <= own || node->yes >= trees->node_count || node->no >= trees->node_count) return HW_TREES_BACK;
  return (node->column & HW_TREE_COLUMN) < trees->columns ? HW_TREES_SOUND : HW_TREES_COLUMN;
}

uint32_t hw_trees_check(const hw_trees *trees) {
  for (uint64_t node = 0; node < trees->node_count; node++) {
    uint32_t fault = fault_of_node(trees, node);
    if (fault != HW_TREES_SOUND) return fault;
  }
  for (uint64_t value = 0; value < trees->value_count; value++)
    if (trees->values[value].kind >= trees->kinds) return HW_TREES_KIND;
  for (uint64_t tree = 0; tree < trees->root_count; tree++)
    if (trees->roots[tree] >= trees->node_count) return HW_TREES_ROOT;
  return HW_TREES_SOUND;
}

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
void hw_trees_sum(const hw_trees *trees, const float *rows, uint64_t count, float *sums) {
  const hw_tree_value *values = trees->values;
  for (uint64_t tree = 0; tree < trees->root_count; tree++) {
    for (uint64_t row = 0; row < count; row++) {
      const hw_tree_node *leaf = leaf_of(trees->nodes, trees->roots[tree], rows + row * trees->columns);
      float *sum = sums + row * trees->kinds;
      for (uint32_t value = leaf->yes; value < leaf->no; value++) sum[values[value].kind] += values[value].weight;
    }
  }
}
