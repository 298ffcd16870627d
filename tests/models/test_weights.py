"""Weights as safetensors."""

from __future__ import annotations

import json

import numpy as np
import pytest

from headwise.errors import ModelFileError
from headwise.models.weights import read_weights, shapes_of, write_weights

WEIGHTS = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b.bias": np.array([-1.5], np.float32)}
EXPECTED = {"a": (2, 3), "b.bias": (1,)}


def small() -> dict[str, np.ndarray]:
    """Return two weights."""
    return {name: WEIGHTS[name] for name in EXPECTED}


def with_header(header: object, data: bytes = b"") -> bytes:
    """Return a file of a header and its data."""
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(**changed: object) -> dict[str, object]:
    """Return the header's entry of the weight `a`, changed."""
    return {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24], **changed}


def test_the_format_is_that_of_safetensors() -> None:
    """Length of the header, header and little-endian numbers lie as the format says, byte by byte."""
    header = b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  '
    expected = len(header).to_bytes(8, "little") + header + b"\x00\x00\x80\x3f\x00\x00\x00\xc0"
    assert write_weights({"w": np.array([1, -2], np.float32)}) == expected


def test_weights_come_back() -> None:
    """What is written is read, the same bytes for the same content in any order."""
    found = read_weights(write_weights(small()), EXPECTED, "w")
    assert {name: value.tolist() for name, value in found.items()} == {name: value.tolist() for name, value in small().items()}
    assert write_weights(dict(reversed(small().items()))) == write_weights(small())
    assert shapes_of(small()) == EXPECTED


def test_other_programs_metadata_is_passed_over() -> None:
    """A header may say more of the file as a whole."""
    content = with_header({"__metadata__": {"format": "pt"}, "a": entry()}, WEIGHTS["a"].tobytes())
    assert read_weights(content, {"a": (2, 3)}, "w")["a"].tolist() == WEIGHTS["a"].tolist()


def test_a_file_cut_anywhere_is_refused() -> None:
    """Weights that lack their end are never read as whole."""
    whole = write_weights(small())
    for length in range(len(whole)):
        with pytest.raises(ModelFileError):
            read_weights(whole[:length], EXPECTED, "w")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (with_header({"a": entry()}, bytes(28)), "4 bytes belong to no weight"),
        (with_header({"a": entry(), "b": entry()}, bytes(24)), "'b' is not in both"),
        (with_header({}), "'a' is not in both"),
        (with_header({"a": entry(dtype="F16")}, bytes(24)), "not of shape"),
        (with_header({"a": entry(shape=[3, 2])}, bytes(24)), "not of shape"),
        (with_header({"a": entry(data_offsets=[4, 28])}, bytes(28)), "not where it should be"),
        (with_header({"a": entry(data_offsets=[0, 1 << 60])}, bytes(24)), "not where it should be"),
        (with_header({"a": entry(data_offsets="0")}, bytes(24)), "no place"),
        (with_header({"a": [1]}, bytes(24)), "no place"),
        (with_header([1]), "no JSON object"),
        (b"\x02" + bytes(7) + b"{{", "no JSON"),
        ((1 << 62).to_bytes(8, "little") + b"{}", "they are cut"),
        (with_header({"a": entry()}, np.full(6, np.nan, np.float32).tobytes()), "no finite number"),
    ],
)
def test_what_is_not_as_the_manifest_says_is_refused(content: bytes, what: str) -> None:
    """Other names, types, shapes, places and sizes, and numbers that are none, are refused with the file's name."""
    with pytest.raises(ModelFileError, match=what) as caught:
        read_weights(content, {"a": (2, 3)}, "model")
    assert caught.value.where == "model"
