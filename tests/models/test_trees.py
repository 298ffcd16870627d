"""Trees in the packet core."""

from __future__ import annotations

import ctypes
import re

import numpy as np
import pytest

from headwise.models.trees import FAULTS, LEAF, MISSING, NODE, VALUE, HwTrees, Trees
from tests.machine import CHECKOUT
from tests.reference.trees import fault, sums

COLUMNS, KINDS = 5, 4


def random_trees(random: np.random.Generator, count: int, inner: int) -> Trees:
    """Return trees of random splits, of which a third send missing values to `yes`, with up to three classes a leaf."""
    nodes, values, roots = [], [], []
    for _ in range(count):
        first = len(nodes)
        roots.append(first)
        for node in range(inner):
            column = int(random.integers(COLUMNS)) | (int(MISSING) if random.random() < 1 / 3 else 0)
            nodes.append((random.integers(-3, 4), column, first + 2 * node + 1, first + 2 * node + 2))
        for _ in range(inner + 1):
            held = int(random.integers(4))
            nodes.append((0, LEAF, len(values), len(values) + held))
            values += [(random.integers(KINDS), random.normal()) for _ in range(held)]
    return Trees(np.array(nodes, NODE), np.array(values, VALUE), np.array(roots, np.uint32), COLUMNS, KINDS)


def test_the_kernel_and_its_twin_agree_to_the_bit() -> None:
    """On values that are thresholds, between them, infinite and missing; on trees that are a leaf alone too."""
    random = np.random.default_rng(3)
    for inner in (0, 1, 7, 31):
        trees = random_trees(random, 9, inner)
        rows = random.integers(-4, 5, (40, COLUMNS)).astype(np.float32) + random.choice([0, 0.5], (40, COLUMNS)).astype(np.float32)
        rows[random.random(rows.shape) < 0.2] = np.nan
        rows[random.random(rows.shape) < 0.05] = np.inf
        expected = sums(trees.nodes, trees.values, trees.roots.tolist(), rows.tolist(), KINDS)
        assert trees.sums(rows).tolist() == np.array(expected, np.float32).tolist()
        assert trees.sums(rows[:0]).shape == (0, KINDS)


def test_rows_of_another_width_or_order_in_memory_are_no_danger() -> None:
    """The core is never shown fewer numbers than it reads."""
    trees = random_trees(np.random.default_rng(4), 3, 7)
    rows = np.random.default_rng(5).normal(size=(COLUMNS, 20)).astype(np.float32).T
    assert np.array_equal(trees.sums(rows), trees.sums(rows.copy()))
    for wrong in (rows[:, 1:], rows[0], rows[None]):
        with pytest.raises(ValueError, match="rows of 5 columns"):
            trees.sums(wrong)


@pytest.mark.parametrize(
    ("part", "field", "place", "value", "what"),
    [
        ("nodes", "yes", 0, 0, "lead ahead"),
        ("nodes", "no", 2, 1, "lead ahead"),
        ("nodes", "no", 2, 15, "lead ahead"),
        ("nodes", "column", 1, COLUMNS, "a column that is not there"),
        ("nodes", "no", 14, 10_000, "values that are not there"),
        ("nodes", "yes", 14, 10_000, "values that are not there"),
        ("values", "kind", 0, KINDS, "a class that is not there"),
        ("roots", None, 0, 15, "has no root"),
    ],
)
def test_trees_that_lead_out_of_bounds_are_refused(part: str, field: str | None, place: int, value: int, what: str) -> None:
    """Every number that the core takes for a place is looked at before."""
    trees = random_trees(np.random.default_rng(6), 1, 7)
    parts = {name: getattr(trees, name).copy() for name in ("nodes", "values", "roots")}
    (parts[part] if field is None else parts[part][field])[place] = value
    with pytest.raises(ValueError, match=what):
        Trees(**parts, columns=COLUMNS, kinds=KINDS)


def test_the_check_and_its_twin_find_the_same_fault() -> None:
    """Of trees with up to three numbers changed to ones that are near the bounds, far out, or bits of a leaf."""
    random = np.random.default_rng(12)
    seen = set()
    for _ in range(600):
        trees = random_trees(random, 2, 3)
        nodes, values, roots = trees.nodes.copy(), trees.values.copy(), trees.roots.copy()
        for _ in range(random.integers(4)):
            value = random.choice([0, 2, COLUMNS, KINDS, 7, 13, 14, len(values), len(values) + 1, 1 << 30, 1 << 31, (1 << 32) - 1])
            name = random.choice(["column", "yes", "no", "kind", "root"], p=[0.2, 0.3, 0.3, 0.1, 0.1])
            place = roots if name == "root" else values["kind"] if name == "kind" else nodes[name]
            if len(place):
                place[random.integers(len(place))] = value
        found = fault(nodes, values, roots.tolist(), COLUMNS, KINDS)
        seen.add(found)
        if found:
            with pytest.raises(ValueError, match=FAULTS[found]):
                Trees(nodes, values, roots, COLUMNS, KINDS)
        else:
            Trees(nodes, values, roots, COLUMNS, KINDS)
    assert seen == set(range(len(FAULTS)))


def test_the_core_is_shown_what_was_checked() -> None:
    """No trees and rows of no columns do no harm; parts that lie otherwise in memory are put straight, and other kinds are refused."""
    none = Trees(np.zeros(0, NODE), np.zeros(0, VALUE), np.zeros(0, np.uint32), 0, KINDS)
    assert none.sums(np.zeros((3, 0))).tolist() == [[0] * KINDS] * 3
    trees = random_trees(np.random.default_rng(13), 3, 7)
    rows = np.random.default_rng(5).normal(size=(20, COLUMNS))
    apart = (np.repeat(getattr(trees, name), 2)[::2] for name in ("nodes", "values", "roots"))
    assert np.array_equal(Trees(*apart, COLUMNS, KINDS).sums(rows), trees.sums(rows))
    for wrong in (trees.roots.astype(np.int64), trees.roots[None]):
        with pytest.raises(ValueError, match="a list of uint32 is needed"):
            Trees(trees.nodes, trees.values, wrong, COLUMNS, KINDS)


def test_structs_and_bits_are_those_of_the_header() -> None:
    """Python and the core mean the same by each member, bit and fault."""
    header = (CHECKOUT / "native/trees.h").read_text()
    for name, struct in (("hw_tree_node", NODE), ("hw_tree_value", VALUE)):
        body = re.search(rf"typedef struct {name} {{(.*?)}} {name};", header, re.DOTALL)
        assert body
        members = [(member, kind) for kind, names in re.findall(r"(float|uint32_t) ([\w, ]+);", body[1]) for member in names.split(", ")]
        kinds = {"float": "float32", "uint32_t": "uint32"}
        assert [(member, kinds[kind]) for member, kind in members] == [(each, str(struct[each])) for each in struct.names or ()]
    body = re.search(r"typedef struct hw_trees {(.*?)} hw_trees;", header, re.DOTALL)
    assert body
    members = [
        (name.lstrip("*"), kind) for kind, names in re.findall(r"(const \w+|uint64_t) ([*\w, ]+);", body[1]) for name in names.split(", ")
    ]
    pointer = {True: ctypes.c_void_p, False: ctypes.c_uint64}
    assert [(name, pointer[kind.startswith("const")]) for name, kind in members] == list(HwTrees._fields_)
    faults = re.findall(r"#define HW_TREES_(\w+) (\d)u", header)
    assert [int(number) for _, number in faults] == list(range(len(FAULTS)))
    bits = {name: int(value, 0) for name, value in re.findall(r"#define HW_TREE_(\w+) (\w+?)u ", header)}
    assert (bits["LEAF"], bits["MISSING"]) == (LEAF, MISSING)
