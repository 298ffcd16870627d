"""The packet core under the address and undefined-behaviour sanitizers: over the corpus and trees, and fuzzed for a bounded time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from random import Random

import pytest

from tests.core import STATUS, run
from tests.corpus import corpus_files
from tests.generated.captures import capture, damage
from tests.native_tools import FUZZED, SANITIZED, build

SECONDS = int(os.environ.get("FUZZ_SECONDS", "20"))
SEED_BYTES = 4096


@pytest.fixture(scope="module")
def walk() -> Path:
    """Return the program that reads captures in several ways, sanitized."""
    return build("walk", ("clang", "gcc", "cc"), SANITIZED)


def walked(walk: Path, files: list[Path]) -> list[tuple[str, int, int]]:
    """Return status, packets and rows of each file; the sanitizers must have found nothing."""
    result = subprocess.run([walk, *files], capture_output=True, text=True, timeout=240)
    assert result.returncode == 0, result.stderr[-4000:]
    lines = [line.split(maxsplit=4) for line in result.stdout.splitlines()]
    return [(STATUS[int(status)], int(packets), int(rows)) for status, packets, rows, _, _ in lines]


def test_sanitizers_find_nothing_over_the_corpus(data: Path, walk: Path, tmp_path: Path) -> None:
    """Every file of the corpus, whole and in pieces, through core and kernels: no finding, and the counts of the library in use."""
    files, wanted = [], []
    for number, (_, content) in enumerate(corpus_files(data)):
        files.append(tmp_path / str(number))
        files[-1].write_bytes(content)
        result = run([content])
        wanted.append((result.status, result.packets, result.rows))
    assert walked(walk, files) == wanted


def test_sanitizers_find_nothing_over_generated_captures(walk: Path, tmp_path: Path) -> None:
    """All header stacks, whole and damaged, need no byte more than there is."""
    files = [tmp_path / str(seed) for seed in range(300)]
    for seed, file in enumerate(files):
        chance = Random(seed)
        content = capture(chance, 40)
        file.write_bytes(damage(chance, content) if seed % 2 else content)
    assert len(walked(walk, files)) == len(files)


def test_sanitizers_find_nothing_over_trees() -> None:
    """Sound forests add up, one wrong number anywhere is found, and what is found sound of bytes as they come is no danger."""
    trees = build("trees", ("clang", "gcc", "cc"), SANITIZED)
    result = subprocess.run([trees, "3000"], capture_output=True, text=True, timeout=240)
    assert result.returncode == 0, result.stderr[-4000:]
    forests, sound = map(int, result.stdout.split())
    assert 0 < sound < forests == 3000


def test_fuzzing_finds_nothing(data: Path, tmp_path: Path) -> None:
    """libFuzzer, led by coverage and seeded with the corpus, breaks neither core nor kernels in FUZZ_SECONDS (20)."""
    fuzz = build("fuzz", ("clang",), FUZZED)
    seeds, found = tmp_path / "seeds", tmp_path / "found"
    seeds.mkdir()
    found.mkdir()
    for number, (_, content) in enumerate(corpus_files(data)):
        (seeds / str(number)).write_bytes(content[:SEED_BYTES] + b"\0\0\0")
    for number in range(20):
        # The last byte is that of trees; the one before it, whether they are made sound.
        (seeds / f"trees-{number}").write_bytes(Random(number).randbytes(700) + bytes([0, number % 2, 3]))
    options = [
        f"-max_total_time={SECONDS}",
        f"-max_len={SEED_BYTES + 3}",
        "-timeout=10",
        "-rss_limit_mb=1500",
        f"-artifact_prefix={found}/",
    ]
    result = subprocess.run([fuzz, *options, seeds], capture_output=True, text=True, timeout=SECONDS + 200)
    assert result.returncode == 0, result.stderr[-6000:]
    assert list(found.iterdir()) == []
    assert "DONE" in result.stderr
