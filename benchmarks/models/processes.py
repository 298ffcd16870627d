"""The programs of this folder as processes of one thread each; those whose times are compared run by turns."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from benchmarks.models.turns import by_turns

CHECKOUT = Path(__file__).resolve().parents[2]
BATCHES = (1, 256)
Told = dict[str, Any]


def child(name: str, *arguments: str) -> Told:
    """Run a program to its end and return what it prints last."""
    done = subprocess.run(**_started(name, arguments), check=True)
    told: Told = json.loads(done.stdout.splitlines()[-1])
    return told


def infer(folder: Path, runtimes: Iterable[str], runs: int, seconds: float) -> dict[str, Told]:
    """Return what each runtime takes of a model: its processes are loaded one after the other, and take their times by turns."""
    with contextlib.ExitStack() as stack:
        held = {name: stack.enter_context(Holding(folder, name, seconds)) for name in runtimes}
        for batch in BATCHES:
            taken = by_turns({name: functools.partial(each.time, batch) for name, each in held.items()}, runs)
            for name, each in held.items():
                each.told.setdefault("infer_s", {})[str(batch)] = taken[name]
    return {name: each.told for name, each in held.items()}


class Holding:
    """A process that holds a model and takes times when it is asked."""

    def __init__(self, folder: Path, runtime: str, seconds: float) -> None:
        started = _started("inference", (str(folder), runtime, "--seconds", str(seconds)))
        self._process = subprocess.Popen(**started, stdin=subprocess.PIPE)
        self.told: Told = {}

    def __enter__(self) -> Self:
        self.told |= self._heard()
        return self

    def time(self, batch: int) -> float:
        """Return the processor seconds of all samples, so many rows at a time."""
        assert self._process.stdin
        self._process.stdin.write(f"{batch}\n")
        self._process.stdin.flush()
        return float(self._heard())

    def __exit__(self, kind: object, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        if kind is None:
            self.told |= self._heard()
        self._process.wait()

    def _heard(self) -> Any:
        assert self._process.stdout
        if not (line := self._process.stdout.readline()):
            raise SystemExit(f"{self._process.args} ended with {self._process.wait()}")
        return json.loads(line)


def _started(name: str, arguments: Iterable[str]) -> dict[str, Any]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", f"benchmarks.models.{name}", *arguments]
    return {"args": command, "stdout": subprocess.PIPE, "text": True, "cwd": CHECKOUT, "env": environment}
