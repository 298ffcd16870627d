"""What a LiteRT file of ours is made of: tables, types of numbers, operators.

Numbers are those of TensorFlow Lite's schema (version 3). Only what networks convert to is here; a file with anything else
(operators of others, control flow, variables, sparse or external constants) is refused.
"""

from __future__ import annotations

from typing import NamedTuple

from headwise.models.litert.flatbuffer import Schema

IDENTIFIER = b"TFL3"

TABLES: Schema = {
    "Model": {0: "I", 1: "*@OperatorCode", 2: "*@SubGraph", 3: "text", 4: "*@Buffer", 6: "*@Metadata", 7: "*@Signature"},
    "OperatorCode": {0: "b", 2: "i", 3: "i"},
    "SubGraph": {0: "*@Tensor", 1: "*i", 2: "*i", 3: "*@Operator", 4: "text"},
    "Tensor": {0: "*i", 1: "b", 2: "I", 3: "text", 4: "@Quantization", 8: "b"},
    "Quantization": {2: "*f", 3: "*q", 6: "i"},
    "Operator": {0: "I", 1: "*i", 2: "*i", 3: "B", 4: "union"},
    "Buffer": {0: "bytes", 1: "Q", 2: "Q"},
    "Metadata": {0: "text", 1: "I"},
    "Signature": {0: "*@TensorName", 1: "*@TensorName", 2: "text", 4: "I"},
    "TensorName": {0: "text", 1: "I"},
    "Nothing": {},
    "Conv2DOptions": {0: "b", 1: "i", 2: "i", 3: "b", 4: "i", 5: "i"},
    "DepthwiseConv2DOptions": {0: "b", 1: "i", 2: "i", 3: "i", 4: "b", 5: "i", 6: "i"},
    "Pool2DOptions": {0: "b", 1: "i", 2: "i", 3: "i", 4: "i", 5: "b"},
    "FullyConnectedOptions": {0: "b", 2: "b"},
    "SoftmaxOptions": {0: "f"},
    "ConcatenationOptions": {0: "i", 1: "b"},
    "ActivationOptions": {0: "b"},
    "ReducerOptions": {0: "b"},
}

FLOAT32, INT32, BOOL, INT8 = 0, 2, 6, 9
SIZES = {FLOAT32: 4, INT32: 4, BOOL: 1, INT8: 1}
"""Bytes of a number of each type."""


class Form(NamedTuple):
    """How an operator may be used.

    Attributes
    ----------
    name : str
        As LiteRT calls it.
    inputs : range
        How many.
    options : str
        Kind of its options' table.
    option_type : int
        Number of that kind, which stands in the file.
    constant : tuple of int
        Inputs that must be constants: weights, and lists of places that an operator trusts.
    """

    name: str
    inputs: range
    options: str = "Nothing"
    option_type: int = 0
    constant: tuple[int, ...] = ()


_ONE, _TWO, _THREE = range(1, 2), range(2, 3), range(3, 4)

OPERATORS: dict[int, Form] = {
    0: Form("ADD", _TWO, "ActivationOptions", 11),
    2: Form("CONCATENATION", range(1, 1025), "ConcatenationOptions", 10),
    3: Form("CONV_2D", _THREE, "Conv2DOptions", 1, (1, 2)),
    4: Form("DEPTHWISE_CONV_2D", _THREE, "DepthwiseConv2DOptions", 2, (1, 2)),
    7: Form("EMBEDDING_LOOKUP", _TWO, constant=(1,)),
    9: Form("FULLY_CONNECTED", _THREE, "FullyConnectedOptions", 8),
    14: Form("LOGISTIC", _ONE),
    17: Form("MAX_POOL_2D", _ONE, "Pool2DOptions", 5),
    18: Form("MUL", _TWO, "ActivationOptions", 21),
    19: Form("RELU", _ONE),
    20: Form("RELU_N1_TO_1", _ONE),
    22: Form("RESHAPE", _TWO, constant=(1,)),
    25: Form("SOFTMAX", _ONE, "SoftmaxOptions", 9),
    28: Form("TANH", _ONE),
    39: Form("TRANSPOSE", _TWO, constant=(1,)),
    41: Form("SUB", _TWO, "ActivationOptions", 28),
    42: Form("DIV", _TWO, "ActivationOptions", 29),
    47: Form("EXP", _ONE, "Nothing", 33),
    53: Form("CAST", _ONE),
    55: Form("MAXIMUM", _TWO),
    57: Form("MINIMUM", _TWO),
    64: Form("SELECT", _THREE, "Nothing", 47),
    65: Form("SLICE", _THREE, constant=(1, 2)),
    71: Form("EQUAL", _TWO),
    72: Form("NOT_EQUAL", _TWO),
    73: Form("LOG", _ONE),
    74: Form("SUM", _TWO, "ReducerOptions", 27, (1,)),
    82: Form("REDUCE_MAX", _TWO, "ReducerOptions", 27, (1,)),
    101: Form("ABS", _ONE),
    107: Form("GATHER_ND", _TWO, constant=(1,)),
    123: Form("SELECT_V2", _THREE, "Nothing", 98),
    152: Form("RELU_0_TO_1", _ONE),
    158: Form("SIGN", _ONE),
}
