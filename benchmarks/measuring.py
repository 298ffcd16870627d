"""Running a program and taking its time and memory.

This module and who imports it stay small: the kernel counts the memory of whoever starts a program as that program's peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """What one run took.

    Attributes
    ----------
    cpu, wall : float
        Seconds of the processor (user and system, of all processes) and of the clock.
    peak : int
        Largest resident memory of one process, bytes.
    work : float
        Processor seconds of the work alone where the program says so (without starting and importing), else `cpu`.
    packets : int
        Packets that it says it read, else 0.
    """

    cpu: float
    wall: float
    peak: int
    work: float
    packets: int


def run(command: list[str]) -> Run:
    """Run a command to its end.

    Raises
    ------
    SystemExit
        Where it fails, with its last words.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = out.read(1 << 20).decode(errors="replace").strip().rpartition("\n")[2]
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {err.read().decode(errors='replace')[-2000:]}")
    told = json.loads(said) if said.startswith('{"packets"') else {}
    cpu = usage.ru_utime + usage.ru_stime
    return Run(cpu, wall, usage.ru_maxrss * 1024, told.get("cpu", cpu), told.get("packets", 0))


def best(command: list[str], runs: int) -> Run:
    """Run a command several times; return the run that took the least work, with the shortest time and the largest peak of all."""
    return best_by_turns([(command, runs)])[0]


def best_by_turns(contenders: Sequence[tuple[list[str], int]]) -> list[Run]:
    """Run commands in rounds, each once a round, so that a machine that slows down does so for all of them.

    Parameters
    ----------
    contenders : sequence of (list of str, int)
        Commands, and in how many rounds each takes part: in the first ones.

    Returns
    -------
    list of Run
        One a command, as of `best`.
    """
    done: list[list[Run]] = [[] for _ in contenders]
    for turn in range(max(runs for _, runs in contenders)):
        for (command, runs), mine in zip(contenders, done, strict=True):
            if turn < runs:
                mine.append(run(command))
    return list(map(_best, done))


def read_anew(path: Path) -> None:
    """Let a file lie in the page cache as reading it from the disk brings it there: in larger pieces than writing it does."""
    with path.open("rb", buffering=0) as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while file.read(1 << 20):
            pass


def _best(done: list[Run]) -> Run:
    quickest = min(done, key=lambda one: one.work)
    return Run(quickest.cpu, min(one.wall for one in done), max(one.peak for one in done), quickest.work, quickest.packets)
