"""What runs a LiteRT file: its interpreter, on one thread, a row at a time (converted networks take one)."""

from __future__ import annotations

from typing import Any

import numpy as np

from headwise.errors import ModelFileError, SystemFailure
from headwise.models.litert.quiet import quiet


class LiteRtRuntime:
    """A network in LiteRT.

    Parameters
    ----------
    content : bytes
        Checked before by `headwise.models.litert.graph`.
    where : str
        File to name in an error.

    Raises
    ------
    SystemFailure
        Where LiteRT is not installed.
    ModelFileError
        Where LiteRT refuses the file.
    """

    def __init__(self, content: bytes, where: str) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise SystemFailure("LiteRT is not installed", do="install headwise[litert-runtime], or use --runtime onnx") from error
        try:
            with quiet(2):
                self._interpreter: Any = Interpreter(model_content=content, num_threads=1)
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelFileError("is refused by LiteRT", where=where, do="get the model file again, or export it") from error
        self._where = where
        self._input = self._interpreter.get_input_details()[0]["index"]
        output = self._interpreter.get_output_details()[0]
        self._output, self._classes = output["index"], int(output["shape"][-1])

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return float32 probabilities (n x classes) of float32 rows (n x columns).

        Raises
        ------
        ModelFileError
            Where LiteRT finds a place to look up that is not there.
        """
        try:
            return self._of(rows)
        except RuntimeError as error:
            raise ModelFileError("fails in LiteRT", where=self._where, do="use --runtime onnx") from error

    def _of(self, rows: np.ndarray) -> np.ndarray:
        found = np.empty((len(rows), self._classes), np.float32)
        put, run, take = self._interpreter.set_tensor, self._interpreter.invoke, self._interpreter.get_tensor
        given, result = self._input, self._output
        # Each row as a matrix of one row, without a copy.
        for place, row in enumerate(np.ascontiguousarray(rows, np.float32)[:, None]):
            put(given, row)
            run()
            found[place] = take(result)
        return found
