"""After retraining on a router: the new weights into the LiteRT files that the model has, without a converter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from headwise.errors import HeadwiseError, ModelFileError
from headwise.models.litert.agreement import compare_runtimes, rows_to_compare
from headwise.models.litert.constants import ConstantMap
from headwise.models.litert.files import CONSTANTS, FLOAT, INT8, beside
from headwise.models.litert.graph import read_network
from headwise.models.litert.runtime import LiteRtRuntime
from headwise.models.litert.schema import FLOAT32
from headwise.models.litert.stored import read_map
from headwise.models.runtime import OnnxRuntime

Weights = Mapping[str, np.ndarray]


def refresh(
    files: Mapping[str, bytes], graphs: Mapping[str, bytes], weights: Sequence[Weights], rows: np.ndarray, where: str
) -> dict[str, bytes]:
    """Return the LiteRT files and maps of a retrained model, each verified against its new ONNX graph.

    Parameters
    ----------
    files : mapping of str to bytes
        Of the model before; untrusted.
    graphs : mapping of str to bytes
        The new ONNX graphs by name.
    weights : sequence of mappings
        The new weights of each graph's network, in the order of the graphs.
    rows : float32 array of n x columns
        Real rows to compare with, beside made-up ones.
    where : str
        The model file, to name in an error.

    Returns
    -------
    dict of str to bytes
        By name; nothing where the model had no LiteRT file.

    Raises
    ------
    ModelFileError
        Where the map is wrong, or belongs to a network of another shape.
    SystemFailure
        Where LiteRT is not installed, without which nothing can be verified.
    """
    maker = next((name for name in graphs if beside(name, FLOAT) in files), None)
    if maker is None:
        return {}
    # Networks of a group are of one shape, so that one file serves those that are new too.
    content, stored = files[beside(maker, FLOAT)], files.get(beside(maker, CONSTANTS), b"")
    constants = read_map(stored, len(content) // 4, f"{where}, {beside(maker, CONSTANTS)}")
    check_map(content, constants, f"{where}, {beside(maker, FLOAT)}")
    compared = rows_to_compare(rows.shape[1], rows)
    found = {}
    for (name, graph), values in zip(graphs.items(), weights, strict=True):
        found[beside(name, FLOAT)] = rewritten(content, constants, values, graph, compared, f"{where}, {beside(name, FLOAT)}")
        found[beside(name, CONSTANTS)] = stored
    return found


def refreshed(
    files: Mapping[str, bytes], graphs: Callable[[], Mapping[str, bytes]], weights: Sequence[Weights], rows: np.ndarray, where: str
) -> tuple[dict[str, bytes], list[str]]:
    """Return what `refresh` returns and what the user must know: LiteRT files that cannot be had are left out, with the reason.

    The graphs are asked for only where the model has LiteRT files.
    """
    if not any(name.endswith(FLOAT) for name in files):
        return {}, []
    notes = []
    if any(name.endswith(INT8) for name in files):
        notes.append("the LiteRT files of 8 bits are left out: export the model again")
    try:
        return refresh(files, graphs(), weights, rows, where), notes
    except HeadwiseError as error:
        return {}, [*notes, f"the LiteRT files are left out ({error.what}): export the model again"]


def rewritten(content: bytes, constants: ConstantMap, weights: Weights, graph: bytes, rows: np.ndarray, where: str) -> bytes:
    """Return a LiteRT file with other weights, verified against an ONNX graph.

    Raises
    ------
    ModelFileError
        Where the two do not agree: the map is wrong.
    """
    written = constants.write(content, dict(weights))
    read_network(written, where)
    agreement = compare_runtimes(LiteRtRuntime(written, where), OnnxRuntime(graph, where), rows)
    if not agreement.holds:
        what = f"differs from the ONNX graph by {agreement.difference:.2g} once the new weights are in it: its map of constants is wrong"
        raise ModelFileError(what, where=where, do="export the model again")
    return written


def check_map(content: bytes, constants: ConstantMap, where: str) -> None:
    """Refuse a map that points at anything but 32-bit constants of the file."""
    tensors = read_network(content, where)[1]
    held = np.zeros(len(content) // 4 + 1, bool)
    for tensor in tensors:
        if tensor.constant and tensor.type == FLOAT32:
            held[tensor.start // 4 : (tensor.start + tensor.size) // 4] = True
    offsets = constants.offsets
    if np.any(offsets % 4) or np.any((offsets < 0) | (offsets >= len(content))) or not held[offsets // 4].all():
        raise ModelFileError("has a map of constants that points elsewhere", where=where, do="export the model again")
