"""What the LiteRT files of a model are called inside its model file."""

from __future__ import annotations

FLOAT, INT8 = ".tflite", ".int8.tflite"
CONSTANTS = ".constants.json"


def beside(graph: str, ending: str) -> str:
    """Return the name of what belongs to an ONNX graph: ``model-003.onnx`` has ``model-003.tflite``."""
    return graph.removesuffix(".onnx") + ending


def runtime_of(name: str) -> str | None:
    """Return the runtime that a file is for; None where it is for no LiteRT."""
    if name.endswith(INT8):
        return "litert-int8"
    return "litert" if name.endswith(FLOAT) else None
