"""What runs a graph: the packet core, ONNX Runtime or LiteRT, on one thread. Which one is the user's choice; they give the same names."""

from __future__ import annotations

import contextlib
import ctypes
import os
from typing import Any, Protocol

import numpy as np

from headwise.errors import InputError, ModelFileError

ROWS_AT_ONCE = 64
"""More are no faster, and what lies between the operators grows with them."""
_MMAP_THRESHOLD, _LARGE_BYTES = -3, 1 << 16
RUNTIMES = ("core", "onnx", "litert", "litert-int8")
"""The packet core, for trees; ONNX Runtime, for every model file; LiteRT with the same numbers; LiteRT with weights in 8 bits."""
CHOICE = "HEADWISE_RUNTIME"
"""The environment variable that chooses a runtime where the command line does not."""


class Runtime(Protocol):
    """Something that a graph was loaded into."""

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return float32 probabilities (n x classes) of float32 rows (n x columns)."""


def choose_runtime(given: str | None) -> str | None:
    """Return the runtime that the command line names, else the one that the environment names, else None: what suits the model best.

    Raises
    ------
    InputError
        Where the environment names none.
    """
    chosen = given or os.environ.get(CHOICE) or None
    if chosen is not None and chosen not in RUNTIMES:
        raise InputError(f"'{chosen}' is no runtime", where=CHOICE, do=f"use one of {', '.join(RUNTIMES)}")
    return chosen


class OnnxRuntime:
    """A graph in ONNX Runtime.

    Parameters
    ----------
    graph : bytes
        Checked before by `headwise.models.operators`.
    where : str
        File to name in an error.

    Raises
    ------
    ModelFileError
        Where ONNX Runtime refuses the graph.
    """

    def __init__(self, graph: bytes, where: str) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        try:
            self._session: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors share no base
            raise ModelFileError("is refused by ONNX Runtime", where=where, do="get the model file again, or train it") from error
        self._input = self._session.get_inputs()[0].name
        self._output = self._session.get_outputs()[-1].name
        give_memory_back()

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return float32 probabilities (n x classes) of float32 rows (n x columns)."""
        parts = [
            self._session.run([self._output], {self._input: np.ascontiguousarray(rows[place : place + ROWS_AT_ONCE], np.float32)})[0]
            for place in range(0, max(len(rows), 1), ROWS_AT_ONCE)
        ]
        return np.concatenate(parts)


def stay_small() -> None:
    """Let the process give large arrays back to the system when they are freed: for a process that lives on a router.

    Otherwise glibc learns to keep them, and what is read and what is computed stand in memory side by side.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


def give_memory_back() -> None:
    """Let glibc return what is free inside its allocator: loading a forest leaves a third of its memory there."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
