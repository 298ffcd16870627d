"""What runs a graph: ONNX Runtime, on one thread."""

from __future__ import annotations

import contextlib
import ctypes
from typing import Any, Protocol

import numpy as np

from headwise.errors import ModelFileError

ROWS_AT_ONCE = 4096


class Runtime(Protocol):
    """Something that a graph was loaded into."""

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return float32 probabilities (n x classes) of float32 rows (n x columns)."""


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
        _give_memory_back()

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return float32 probabilities (n x classes) of float32 rows (n x columns)."""
        parts = [
            self._session.run([self._output], {self._input: np.ascontiguousarray(rows[place : place + ROWS_AT_ONCE], np.float32)})[0]
            for place in range(0, max(len(rows), 1), ROWS_AT_ONCE)
        ]
        return np.concatenate(parts)


def _give_memory_back() -> None:
    # Loading a forest leaves a third of its memory free inside the allocator; glibc returns it when asked.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
