"""Multiply the matrices of an encoder, stored in blocks of 8 bits, with few scales for a token's numbers.

ONNX Runtime multiplies a matrix in blocks (`MatMulNBits`) at half the speed of one with a scale for each
column (`MatMulInteger`). A whole model is rewritten from the first form to the second while it is loaded. A
few of a token's numbers are far larger than all others and would take most of a scale: each number is
divided, and the matrix multiplied, by a factor that lies between both (SmoothQuant: Xiao et al. 2023), and
more than `GROUP` numbers have several scales. The factors come from the greatest numbers that were seen in
texts (`models/training/peaks.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from models.onnx import session

Floats = NDArray[np.float32]

BLOCKS = "MatMulNBits"
ZERO = 128  # the code of zero, in a matrix and in what it is multiplied with
LARGEST = 127  # codes on either side of zero
# How much of what is uneven goes to the matrix: of 0.35, 0.5, 0.65 and 0.8 the nearest to 32 bits.
SMOOTHING = 0.65
GROUP = 768  # numbers of a token that share a scale
LEAST = 1e-6  # a number or weight that is smaller counts as this
OPSETS = {"": 17, "com.microsoft": 1}
IR_VERSION = 10


def by_token(file: Path, peaks: Path) -> bytes:
    """Return the model in `file` with its matrices in 8 bits with a scale for each column, and what they are
    multiplied with in 8 bits with a scale for each GROUP of a token's numbers.

    `peaks` is an `npy` file: for each input of matrices, in the order of their use, the greatest absolute
    value of each of its numbers, all in one row. Raises OSError or ValueError where a file is none of such a
    model.
    """
    model = onnx.load(str(file))
    graph = model.graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    blocks = [node for node in graph.node if node.op_type == BLOCKS]
    codes = {name for node in blocks for name in node.input[1:3]}
    widths = inputs(model)
    greatest = np.load(peaks).astype(np.float32)
    if greatest.shape != (sum(widths.values()),):
        raise ValueError(f"{peaks} tells of {greatest.size} numbers, {file} has {sum(widths.values())}")
    peaks_of = dict(zip(widths, np.split(greatest, np.cumsum(list(widths.values()))[:-1]), strict=True))
    weights = [tensor for tensor in graph.initializer if tensor.name not in codes]
    nodes: list[NodeProto] = []
    smoothing: dict[str, Floats] = {}
    for node in graph.node:
        if node.op_type != BLOCKS:
            nodes.append(node)
            continue
        source, product = node.input[0], node.output[0]
        starts = range(0, widths[source], GROUP)
        parts = [f"{source}.{start}" for start in starts] if len(starts) > 1 else [source]
        products = [f"{product}.{start}" for start in starts] if len(starts) > 1 else [product]
        if source not in smoothing:
            readers = [other for other in blocks if other.input[0] == source]
            smoothing[source] = _smoothing(peaks_of[source], [_matrix(other, stored) for other in readers])
            if len(parts) > 1:
                nodes.append(helper.make_node("Split", [source], parts, axis=-1))
            for part, factors in zip(parts, _in_groups(smoothing[source]), strict=True):
                nodes += _coded(part)
                weights.append(numpy_helper.from_array(1 / factors, f"{part}.smoothing"))
        matrices = _in_groups(_matrix(node, stored) * smoothing[source])
        for part, matrix, result in zip(parts, matrices, products, strict=True):
            scales = np.maximum(np.abs(matrix).max(axis=1), LEAST) / LARGEST
            columns = np.rint(matrix / scales[:, None]).astype(np.int8).T
            weights += [numpy_helper.from_array(np.ascontiguousarray(columns), f"{result}.columns"),
                        numpy_helper.from_array(scales, f"{result}.scales")]
            nodes += _product(part, result)
        if len(products) > 1:
            nodes.append(helper.make_node("Sum", products, [product]))
    weights += [numpy_helper.from_array(np.asarray(value), name) for name, value in _CONSTANTS.items()]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(weights)
    rewritten: bytes = model.SerializeToString()
    return rewritten


def inputs(model: ModelProto) -> dict[str, int]:
    """Return the widths of what the matrices of a model are multiplied with, by name, in the order of use."""
    return {node.input[0]: attribute.i for node in model.graph.node if node.op_type == BLOCKS
            for attribute in node.attribute if attribute.name == "K"}


@cache
def exact() -> bool:
    """Return whether this processor sums products of 8 bits without a loss.

    Without the instructions for it (VNNI and its like), sums of two products are cut to 16 bits, which
    ONNX Runtime does not mend where one side has a sign.
    """
    size = 64
    nodes = [helper.make_node("MatMulInteger", ["numbers", "matrix"], ["sums"])]
    matrix = numpy_helper.from_array(np.full((size, size), LARGEST, np.int8), "matrix")
    graph = helper.make_graph(
        nodes, "sums", [helper.make_tensor_value_info("numbers", TensorProto.UINT8, [size, size])],
        [helper.make_tensor_value_info("sums", TensorProto.INT32, [size, size])], [matrix])
    opsets = [helper.make_opsetid(*opset) for opset in OPSETS.items()]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    largest = np.iinfo(np.uint8).max
    (sums,) = session.session(model.SerializeToString(), 1).run(
        None, {"numbers": np.full((size, size), largest, np.uint8)})
    return bool((sums == size * int(largest) * LARGEST).all())


def _matrix(node: NodeProto, stored: dict[str, TensorProto]) -> Floats:
    """Return the matrix of a node in 32 bits, shape (outputs, inputs)."""
    codes, scales = (numpy_helper.to_array(stored[name]) for name in node.input[1:3])
    matrix: Floats = (codes.astype(np.float32) - ZERO) * scales[..., None]
    return matrix.reshape(len(codes), -1)


def _in_groups(numbers: Floats) -> list[Floats]:
    """Return an array cut into GROUPs along its last axis."""
    return np.split(numbers, range(GROUP, numbers.shape[-1], GROUP), axis=-1)


def _smoothing(peaks: Floats, matrices: Sequence[Floats]) -> Floats:
    """Return what each number of an input is divided by, and each column of its matrices multiplied by."""
    weights = np.max([np.abs(matrix).max(axis=0) for matrix in matrices], axis=0)
    factors: Floats = np.maximum(peaks, LEAST)**SMOOTHING / np.maximum(weights, LEAST)**(1 - SMOOTHING)
    return factors


_CONSTANTS = {
    "by_token.half": np.float32(ZERO + 0.5),  # a cast cuts off what is behind the point
    "by_token.zero": np.uint8(ZERO),
    "by_token.step": np.float32(1 / LARGEST),
    "by_token.least": np.float32(LEAST),
}


def _coded(source: str) -> list[NodeProto]:
    """Return the nodes that make `source` (texts, tokens, width) codes of 8 bits and a token's scale."""
    steps: list[tuple[str, list[str], str, dict[str, Any]]] = [
        ("Mul", [source, f"{source}.smoothing"], f"{source}.smooth", {}),
        ("Abs", [f"{source}.smooth"], f"{source}.sizes", {}),
        ("ReduceMax", [f"{source}.sizes"], f"{source}.greatest", {"axes": [-1], "keepdims": 1}),
        ("Max", [f"{source}.greatest", "by_token.least"], f"{source}.bounded", {}),
        ("Mul", [f"{source}.bounded", "by_token.step"], f"{source}.scale", {}),
        ("Div", [f"{source}.smooth", f"{source}.scale"], f"{source}.steps", {}),
        ("Add", [f"{source}.steps", "by_token.half"], f"{source}.shifted", {}),
        ("Cast", [f"{source}.shifted"], f"{source}.codes", {"to": TensorProto.UINT8}),
    ]
    return [helper.make_node(name, given, [result], **options) for name, given, result, options in steps]


def _product(source: str, name: str) -> list[NodeProto]:
    """Return the nodes that multiply the codes of `source` with the matrix of the product `name`."""
    return [
        helper.make_node("MatMulInteger", [f"{source}.codes", f"{name}.columns", "by_token.zero"],
                         [f"{name}.sums"]),
        helper.make_node("Cast", [f"{name}.sums"], [f"{name}.whole"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}.whole", f"{source}.scale"], [f"{name}.scaled"]),
        helper.make_node("Mul", [f"{name}.scaled", f"{name}.scales"], [name]),
    ]
