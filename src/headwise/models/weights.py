"""Weights of a network as bytes that hold no code: the safetensors format, float32 alone, written and read with NumPy.

Format: https://github.com/huggingface/safetensors. Eight bytes give the length of a JSON object (little-endian); that names
each tensor's type, shape and place; the tensors' bytes follow, with nothing between them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from headwise.errors import ModelFileError

Shapes = Mapping[str, tuple[int, ...]]

MOST_HEADER_BYTES = 1 << 20
_ALIGNED = 8
_TYPE = "F32"


def write_weights(weights: Mapping[str, np.ndarray]) -> bytes:
    """Return weights by name as safetensors, the same bytes for the same content."""
    place, header, parts = 0, {}, []
    for name, value in sorted(weights.items()):
        part = np.ascontiguousarray(value, "<f4").tobytes()
        header[name] = {"dtype": _TYPE, "shape": list(value.shape), "data_offsets": [place, place + len(part)]}
        parts.append(part)
        place += len(part)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNED)
    return len(text).to_bytes(_ALIGNED, "little") + text + b"".join(parts)


def shapes_of(weights: Mapping[str, np.ndarray]) -> dict[str, tuple[int, ...]]:
    """Return the shape of each weight, as a manifest records them."""
    return {name: tuple(value.shape) for name, value in sorted(weights.items())}


def read_weights(content: bytes, expected: Shapes, where: str) -> dict[str, np.ndarray]:
    """Read weights and check that they are those that a manifest names, and nothing more.

    Parameters
    ----------
    content : bytes
        Untrusted.
    expected : mapping of str to tuple of int
        Shape of each weight.
    where : str
        File to name in an error.

    Raises
    ------
    ModelFileError
        Where names, shapes or sizes are others, or a number is not finite.
    """
    header, data = _split(content, where)
    for name in sorted(set(header).symmetric_difference(expected)):
        raise _refusal(where, f"the weight {name!a} is not in both the file and its manifest")
    place, found = 0, {}
    for name, entry in sorted(header.items(), key=lambda item: _begin(item[1], where)):
        end = place + 4 * math.prod(expected[name])
        if entry != {"dtype": _TYPE, "shape": list(expected[name]), "data_offsets": [place, end]} or end > len(data):
            raise _refusal(where, f"the weight {name!a} is not of shape {expected[name]}, or not where it should be")
        found[name] = np.frombuffer(data[place:end], "<f4").astype(np.float32).reshape(expected[name])
        if not np.isfinite(found[name]).all():
            raise _refusal(where, f"the weight {name!a} holds what is no finite number")
        place = end
    if place != len(data):
        raise _refusal(where, f"{len(data) - place} bytes belong to no weight")
    return found


def _split(content: bytes, where: str) -> tuple[dict[str, Any], bytes]:
    length = int.from_bytes(content[:_ALIGNED], "little")
    if len(content) < _ALIGNED or length > min(MOST_HEADER_BYTES, len(content) - _ALIGNED):
        raise _refusal(where, "they are cut")
    try:
        header = json.loads(content[_ALIGNED : _ALIGNED + length].decode())
    except (ValueError, RecursionError) as error:
        raise _refusal(where, "their header is no JSON") from error
    if not isinstance(header, dict):
        raise _refusal(where, "their header is no JSON object")
    header.pop("__metadata__", None)
    return header, content[_ALIGNED + length :]


def _begin(entry: Any, where: str) -> int:
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(isinstance(value, int) for value in offsets):
        raise _refusal(where, "their header gives a weight no place")
    return int(offsets[0])


def _refusal(where: str, what: str) -> ModelFileError:
    return ModelFileError(f"holds weights that cannot be used: {what}", where=where, do="get the model file again, or train it")
