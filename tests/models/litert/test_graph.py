"""LiteRT files from elsewhere."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

from headwise.errors import ModelFileError
from headwise.models.litert.graph import read_litert, read_network
from headwise.models.litert.runtime import LiteRtRuntime
from headwise.models.litert.schema import INT32

RUN = """
import sys, pathlib
import numpy as np
from ai_edge_litert.interpreter import Interpreter
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        interpreter = Interpreter(model_content=path.read_bytes(), num_threads=1)
        interpreter.allocate_tensors()
        given = interpreter.get_input_details()[0]
        interpreter.set_tensor(given["index"], np.ones(given["shape"], np.float32))
        interpreter.invoke()
    except (ValueError, RuntimeError):
        pass
print("done")
"""


@pytest.fixture(params=["fc", "conv1d", "hybrid"])
def whole(request: pytest.FixtureRequest, case: Callable[[str, str], Any]) -> bytes:
    """Return a LiteRT file that is as it should be."""
    content: bytes = case(request.param, "product").converted.file
    return content


def structure(content: bytes) -> list[int]:
    """Return the places of all bytes that are no large constants."""
    free = np.ones(len(content), bool)
    for tensor in read_network(content, "test")[1]:
        if tensor.size > 64:
            free[tensor.start : tensor.start + tensor.size] = False
    return np.flatnonzero(free).tolist()


def altered(content: bytes, seed: int, count: int) -> list[bytes]:
    """Return files with a few bytes changed where they matter."""
    chance, places, found = random.Random(seed), structure(content), []
    for _ in range(count):
        changed = bytearray(content)
        for _ in range(chance.choice((1, 1, 2, 4))):
            place = chance.choice(places)
            changed[place] = chance.choice((0, 1, 127, 128, 255, changed[place] ^ 1 << chance.randrange(8)))
        found.append(bytes(changed))
    return found


def accepted(contents: list[bytes]) -> list[bytes]:
    """Return those that pass; any error but a refusal by name fails the test."""
    found, places = [], set[str]()
    for content in contents:
        try:
            read_litert(content, "test")
            found.append(content)
        except ModelFileError as error:
            places.add(error.where)
    assert places <= {"test"}
    return found


def test_tells_what_it_runs(whole: bytes) -> None:
    """Operators, input and output are named."""
    graph = read_litert(whole, "test")
    assert ("litert", "FULLY_CONNECTED") in graph.operators
    assert [len(graph.inputs), len(graph.outputs)] == [1, 1]


def test_a_file_that_is_cut_is_refused(whole: bytes) -> None:
    """Cut anywhere, it is refused by name."""
    assert accepted([whole[:size] for size in range(0, len(whole) - 64, len(whole) // 150)]) == []


def test_bytes_that_matter_are_looked_at(whole: bytes) -> None:
    """Of files with a few changed bytes most are refused, and none raises anything else."""
    assert len(accepted(altered(whole, 1, 400))) < 300


@pytest.mark.slow
def test_what_passes_does_not_harm_the_interpreter(whole: bytes, tmp_path: Path) -> None:
    """LiteRT runs, or refuses, every altered file that passes the check: its process lives on."""
    passed = accepted(altered(whole, 2, 3000))
    assert len(passed) > 100
    for number, content in enumerate(passed):
        (tmp_path / f"{number:05d}").write_bytes(content)
    ran = subprocess.run([sys.executable, "-c", RUN, str(tmp_path)], capture_output=True, text=True, timeout=280, check=False)
    assert ran.stdout.endswith("done\n"), ran.returncode


def test_an_operator_of_others_is_refused(whole: bytes) -> None:
    """A code that no network of ours has (here IF, which runs other graphs) is refused by its number."""
    softmax = struct.pack("<bxxx", 25)
    places = [place for place in range(0, len(whole) - 4) if whole[place : place + 4] == softmax]
    found = []
    for place in places:
        changed = whole[:place] + struct.pack("<bxxx", 118) + whole[place + 4 :]
        try:
            read_litert(changed, "test")
        except ModelFileError as error:
            found.append(error.what)
    assert any("operator 118" in what for what in found)


def test_places_of_known_values_lie_in_the_row(case: Callable[[str, str], Any]) -> None:
    """A constant list of places is looked at number by number."""
    content = case("hybrid", "product").converted.file
    places = next(each for each in read_network(content, "test")[1] if each.constant and each.type == INT32 and each.shape[1:] == (1,))
    for wrong in (-1, 20, 1 << 30):
        changed = content[: places.start] + struct.pack("<i", wrong) + content[places.start + 4 :]
        with pytest.raises(ModelFileError, match="GATHER_ND"):
            read_litert(changed, "test")


def test_a_place_that_is_reckoned_out_of_bounds_is_an_error(case: Callable[[str, str], Any]) -> None:
    """Without the bound on a packet's size, a larger one than any that is embedded is refused as the network runs."""
    made = case("hybrid", "product")
    bound = struct.pack("<f", 1535)
    assert made.converted.file.count(bound) == 1
    runtime = LiteRtRuntime(made.converted.file.replace(bound, struct.pack("<f", 1e9)), "a.headwise")
    row = np.zeros((1, made.rows.shape[1]), np.float32)
    row[0, 20] = 1535
    runtime.probabilities(row)
    for size in (1536, 1e6, 1e30):
        row[0, 20] = size
        with pytest.raises(ModelFileError, match="fails in LiteRT"):
            runtime.probabilities(row)


def test_what_is_no_litert_file_is_refused() -> None:
    """Nothing, text, and an ONNX header are refused."""
    for content in (b"", b"TFL3", b"\x00" * 64, b"\x08\x08\x12\x07pytorch", b"\xff" * 64):
        with pytest.raises(ModelFileError, match="LiteRT"):
            read_litert(content, "test")
