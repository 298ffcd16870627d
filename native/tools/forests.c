/* forests.c - trees and rows of given bytes, in arrays of their exact size, through check and sum. */
#include "forests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../trees.h"
#include "feed.h"

enum { MOST_NODES = 60, MOST_VALUES = 40, MOST_ROOTS = 8, MOST_ROWS = 5, MOST_COLUMNS = 6, MOST_KINDS = 5 };

/* Bytes one after the other; zeros where they have ended. */
typedef struct source {
  const uint8_t *data;
  size_t size;
} source;

typedef struct forest {
  hw_tree_node *nodes;
  hw_tree_value *values;
  uint32_t *roots;
  float *rows, *sums;
  uint64_t count; /* of rows */
  hw_trees trees;
} forest;

static void take(source *from, void *to, size_t size) {
  size_t held = size < from->size ? size : from->size;
  memset(to, 0, size);
  if (held) memcpy(to, from->data, held);
  from->data += held;
  from->size -= held;
}

static uint32_t below(source *from, uint32_t bound) {
  uint32_t value;
  take(from, &value, sizeof value);
  return bound ? value % bound : 0;
}

/* The values that ways of rows turn at: equal ones, none, and without end. */
static float number(source *from) {
  static const float NUMBERS[] = {-1, -0.0f, 0, 0.5f, 1, NAN, INFINITY, -INFINITY};
  uint8_t which;
  float any;
  take(from, &which, 1);
  if (which < 224) return NUMBERS[which % 8];
  take(from, &any, sizeof any);
  return any;
}

/* An array of no elements is one too: nobody may touch it. */
static void *exact(uint64_t count, size_t size) {
  void *memory = malloc(count * size);
  feed_must(memory != NULL, "memory");
  return memory;
}

static forest forest_of(source *from) {
  forest made = {.count = below(from, MOST_ROWS + 1)};
  uint64_t nodes = below(from, MOST_NODES + 1), values = below(from, MOST_VALUES + 1), roots = below(from, MOST_ROOTS + 1);
  uint64_t columns = below(from, MOST_COLUMNS + 1), kinds = below(from, MOST_KINDS + 1);
  made.rows = exact(made.count * columns, sizeof *made.rows);
  made.sums = exact(made.count * kinds, sizeof *made.sums);
  made.nodes = exact(nodes, sizeof *made.nodes);
  made.values = exact(values, sizeof *made.values);
  made.roots = exact(roots, sizeof *made.roots);
  for (uint64_t i = 0; i < made.count * columns; i++) made.rows[i] = number(from);
  memset(made.sums, 0, made.count * kinds * sizeof *made.sums);
  take(from, made.nodes, nodes * sizeof *made.nodes);
  take(from, made.values, values * sizeof *made.values);
  take(from, made.roots, roots * sizeof *made.roots);
  made.trees = (hw_trees){made.nodes, made.values, made.roots, nodes, values, roots, columns, kinds};
  return made;
}

static void free_forest(forest *of) {
  free(of->nodes), free(of->values), free(of->roots);
  free(of->rows), free(of->sums);
}

/* A node of a sound tree: the last one, and any where rows have no columns, is a leaf. */
static void mend_node(hw_trees *of, hw_tree_node *node, uint32_t own) {
  uint32_t behind = (uint32_t)of->node_count - own - 1, held = (uint32_t)of->value_count + 1;
  if (behind == 0 || of->columns == 0 || node->column & HW_TREE_LEAF) {
    node->column |= HW_TREE_LEAF;
    node->yes %= held;
    node->no = node->yes + node->no % (held - node->yes);
    return;
  }
  uint32_t column = (uint32_t)((node->column & HW_TREE_COLUMN) % of->columns);
  node->column = (node->column & HW_TREE_MISSING) | column;
  node->yes = own + 1 + node->yes % behind;
  node->no = own + 1 + node->no % behind;
}

static void mend(forest *of, source *from) {
  hw_trees *trees = &of->trees;
  if (trees->kinds == 0) trees->value_count = 0;
  if (trees->node_count == 0) trees->root_count = 0;
  for (uint32_t own = 0; own < trees->node_count; own++) {
    of->nodes[own].threshold = number(from);
    mend_node(trees, of->nodes + own, own);
  }
  for (uint64_t value = 0; value < trees->value_count; value++) of->values[value].kind %= (uint32_t)trees->kinds;
  for (uint64_t root = 0; root < trees->root_count; root++) of->roots[root] %= (uint32_t)trees->node_count;
}

/* What one tree adds to one class of one row, followed by calling itself. */
static void add(const hw_trees *trees, uint32_t own, const float *row, uint32_t kind, float *sum) {
  const hw_tree_node *node = trees->nodes + own;
  if (node->column & HW_TREE_LEAF) {
    for (uint32_t value = node->yes; value < node->no; value++)
      if (trees->values[value].kind == kind) *sum += trees->values[value].weight;
    return;
  }
  float asked = row[node->column % HW_TREE_MISSING];
  int yes = asked <= node->threshold || (asked != asked && node->column & HW_TREE_MISSING);
  add(trees, yes ? node->yes : node->no, row, kind, sum);
}

static void compare(forest *of) {
  const hw_trees *trees = &of->trees;
  hw_trees_sum(trees, of->rows, of->count, of->sums);
  for (uint64_t row = 0; row < of->count; row++) {
    for (uint32_t kind = 0; kind < trees->kinds; kind++) {
      float sum = 0, found = of->sums[row * trees->kinds + kind];
      for (uint64_t root = 0; root < trees->root_count; root++) add(trees, trees->roots[root], of->rows + row * trees->columns, kind, &sum);
      feed_must(sum == found || (sum != sum && found != found), "two ways of following trees add up to the same");
    }
  }
}

/* Set one number to what is out of bounds by the least, by the most, or leads round; what is found must be just that. */
static void spoil(const forest *of, uint32_t *place, uint32_t value, uint32_t fault) {
  uint32_t before = *place;
  *place = value;
  feed_must(hw_trees_check(&of->trees) == fault, "the one fault of trees is found");
  *place = before;
}

static void spoil_node(const forest *of, uint32_t own) {
  const hw_trees *trees = &of->trees;
  hw_tree_node *node = of->nodes + own;
  if (node->column & HW_TREE_LEAF) {
    spoil(of, &node->no, (uint32_t)trees->value_count + 1, HW_TREES_VALUES);
    spoil(of, &node->no, UINT32_MAX, HW_TREES_VALUES);
    spoil(of, &node->yes, node->no + 1, HW_TREES_VALUES);
    spoil(of, &node->yes, UINT32_MAX, HW_TREES_VALUES);
    return;
  }
  for (int side = 0; side < 2; side++) {
    uint32_t *next = side ? &node->yes : &node->no;
    spoil(of, next, own, HW_TREES_BACK);
    spoil(of, next, own / 2, HW_TREES_BACK);
    spoil(of, next, (uint32_t)trees->node_count, HW_TREES_BACK);
    spoil(of, next, UINT32_MAX, HW_TREES_BACK);
  }
  spoil(of, &node->column, (uint32_t)trees->columns, HW_TREES_COLUMN);
  spoil(of, &node->column, HW_TREE_COLUMN | HW_TREE_MISSING, HW_TREES_COLUMN);
}

void feed_sound_forest(const uint8_t *data, size_t size) {
  source from = {data, size};
  forest made = forest_of(&from);
  hw_trees *trees = &made.trees;
  mend(&made, &from);
  feed_must(hw_trees_check(trees) == HW_TREES_SOUND, "sound trees are found sound");
  compare(&made);
  for (uint32_t own = 0; own < trees->node_count; own++) spoil_node(&made, own);
  for (uint64_t value = 0; value < trees->value_count; value++) {
    spoil(&made, &made.values[value].kind, (uint32_t)trees->kinds, HW_TREES_KIND);
    spoil(&made, &made.values[value].kind, UINT32_MAX, HW_TREES_KIND);
  }
  for (uint64_t root = 0; root < trees->root_count; root++) {
    spoil(&made, made.roots + root, (uint32_t)trees->node_count, HW_TREES_ROOT);
    spoil(&made, made.roots + root, UINT32_MAX, HW_TREES_ROOT);
  }
  free_forest(&made);
}

int feed_any_forest(const uint8_t *data, size_t size) {
  source from = {data, size};
  forest made = forest_of(&from);
  int sound = hw_trees_check(&made.trees) == HW_TREES_SOUND;
  if (sound) compare(&made);
  free_forest(&made);
  return sound;
}
