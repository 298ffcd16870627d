"""A network as a LiteRT file with a map of its constants; x86-64 only, in a process that ends."""

from __future__ import annotations

import contextlib
import copy
import io
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from headwise.errors import SystemFailure
from headwise.models.litert.constants import ConstantMap, find
from headwise.models.litert.quiet import quiet

# Steps between marker values; 20 bits of them and the eighths below are exact in float32.
STEP = np.float32(2.0**-18)
FLOAT32 = 0


@dataclass(frozen=True)
class Converted:
    """A LiteRT file for one row at a time, and where its weights lie."""

    file: bytes
    constants: ConstantMap


def convert(network: Any, columns: int, seed: int = 0, stays: tuple[str, ...] = ()) -> Converted:
    """Convert a fitted network (a `torch.nn.Module` of rows ``[1, columns]`` to probabilities).

    The file that is given is one converted with marker weights into which the network's own were written through the
    map, so that the way a router takes after retraining is the only way there is.

    Parameters
    ----------
    network : torch.nn.Module
        In inference mode or not.
    columns : int
        Width of a row.
    seed : int
        Of the marker weights.
    stays : tuple of str
        Beginnings of the names of weights that never change: they are in the file as they are, and not in the map.

    Raises
    ------
    SystemFailure
        Where the converter is not installed.
    ModelFileError
        Where the converter folded weights in a way that cannot be mapped.
    """
    weights = {name: value.detach().cpu().numpy() for name, value in network.state_dict().items()}
    kept = {name: value for name, value in weights.items() if name.startswith(stays)}
    markers = marker_weights({name: value for name, value in weights.items() if name not in kept}, seed)
    marked = _file(network, markers | kept, columns)
    opposite = _file(network, {name: -value for name, value in markers.items()} | kept, columns)
    constants = find(float_buffers(marked), markers, [buffer for _, buffer in float_buffers(opposite)])
    return Converted(constants.write(marked, weights), constants)


def quantize(file: bytes) -> bytes:
    """Return the file with weights in 8 bits (symmetric, by channel) and float inputs, outputs and activations."""
    try:
        with _undisturbed():
            from ai_edge_quantizer import quantizer, recipe
    except ImportError as error:
        raise _missing("ai-edge-quantizer") from error
    with tempfile.TemporaryDirectory() as folder, _undisturbed():
        path = Path(folder, "float.tflite")
        path.write_bytes(file)
        maker = quantizer.Quantizer(str(path))
        maker.load_quantization_recipe(recipe.dynamic_wi8_afp32())
        return bytes(maker.quantize().quantized_model)


def marker_weights(weights: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """Return positive weights of the same shapes whose values, and sums of equally long vectors, are all different."""
    random = np.random.default_rng(seed)
    for _ in range(100):
        markers = _draw(weights, random)
        vectors = [value for value in markers.values() if value.ndim == 1]
        sums = [a + b for a, b in combinations(vectors, 2) if a.shape == b.shape]
        every = np.concatenate([value.ravel() for value in markers.values()] + sums)
        if len(np.unique(every)) == len(every):
            return markers
    raise SystemFailure("no distinct marker weights were found; the network is too large for the map of constants")


def _draw(weights: dict[str, np.ndarray], random: np.random.Generator) -> dict[str, np.ndarray]:
    total = sum(value.size for value in weights.values())
    values = (random.permutation(max(total, 1 << 20))[:total] + 1).astype(np.float32) * STEP
    markers, start = {}, 0
    for name, value in weights.items():
        part = values[start : start + value.size].reshape(value.shape)
        # An eighth of a step sets vectors apart, so that no sum of two is a weight.
        markers[name] = part + STEP / 8 if value.ndim == 1 else part
        start += value.size
    return markers


def float_buffers(file: bytes) -> list[tuple[int, np.ndarray]]:
    """Return offset and values of every float32 constant of a LiteRT file, in the file's order of tensors."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.Model.GetRootAs(bytearray(file), 0)
    found: dict[int, np.ndarray] = {}
    for graph in (model.Subgraphs(i) for i in range(model.SubgraphsLength())):
        for tensor in (graph.Tensors(i) for i in range(graph.TensorsLength())):
            buffer = model.Buffers(tensor.Buffer())
            if tensor.Type() == FLOAT32 and buffer.DataLength():
                start = buffer._tab.Vector(buffer._tab.Offset(4))
                found[start] = np.frombuffer(file, np.float32, buffer.DataLength() // 4, start)
    return list(found.items())


def _file(network: Any, weights: dict[str, np.ndarray], columns: int) -> bytes:
    import torch

    try:
        with _undisturbed():
            import litert_torch
    except ImportError as error:
        raise _missing("litert-torch") from error
    marked = copy.deepcopy(network).eval()
    marked.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in weights.items()})
    with tempfile.TemporaryDirectory() as folder, _undisturbed():
        path = Path(folder, "network.tflite")
        litert_torch.convert(marked, (torch.zeros(1, columns),)).export(str(path))
        return path.read_bytes()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the converter's many lines and warnings, which are for its developers, from the user."""
    with quiet(1, 2), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _missing(package: str) -> SystemFailure:
    return SystemFailure(f"{package} is not installed", do="install headwise[litert] on x86-64 Linux")
