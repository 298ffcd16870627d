"""Hypothesis strategies of captures. What a capture holds follows from its seed; packets and damage shrink by number."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from tests.generated.captures import capture, damage

SEEDS = st.integers(0, (1 << 32) - 1)


def captures(most: int = 60) -> st.SearchStrategy[bytes]:
    """Return captures of up to `most` packets: both formats, all link types and header stacks, cut and lying packets."""
    return st.builds(lambda seed, packets: capture(Random(seed), packets), SEEDS, st.integers(0, most))


def damaged(most: int = 12) -> st.SearchStrategy[bytes]:
    """Return captures with up to three places of damage."""

    def change(data: bytes, seeds: list[int]) -> bytes:
        for seed in seeds:
            data = damage(Random(seed), data)
        return data

    return st.builds(change, captures(most), st.lists(SEEDS, min_size=1, max_size=3))


def splits(most: int = 6) -> st.SearchStrategy[list[float]]:
    """Return sorted places between 0 and 1 at which to split the bytes of a capture."""
    return st.lists(st.floats(0, 1), max_size=most).map(sorted)
