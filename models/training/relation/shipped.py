"""Read an exported encoder back into PyTorch's names, so that training goes on from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

_TABLES = ("token_type_embeddings", "position_embeddings")


def state_of(file: Path) -> dict[str, torch.Tensor]:
    """Return the weights of an exported encoder in 32 bits, by their names in `network.Network`.

    Matrices are stored in 8 bits with a scale for each column or block, and are multiplied out here. The
    vocabulary's vectors were never trained and come from the backbone.
    """
    graph = onnx.load(str(file)).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    state = {name: value for name, value in values.items() if name.endswith((".bias", "LayerNorm.weight"))}
    state |= {name.removesuffix("_Transposed"): value.T for name, value in values.items()
              if name.endswith(".weight_Transposed")}
    for table in _TABLES:
        name = f"encoder.embeddings.{table}.weight"
        if f"{name}_quantized" in values:
            state[name] = _whole(values, name)
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            codes, scales = (values[name] for name in node.input[1:3])
            name = ".".join(node.name.removeprefix("/").split("/")[:-1])
            matrix = (codes.astype(np.float32) - 128) * scales[..., None]
            state[f"{name}.weight"] = matrix.reshape(len(codes), -1)
        if node.op_type == "MatMulInteger":
            name = ".".join(node.output[0].removeprefix("/").split("/")[:-1]).replace("logits_MatMul", "out")
            stored_name = node.input[1].removesuffix("_quantized")
            if name == "" or stored_name.endswith("_Transposed"):
                name = stored_name.removesuffix(".weight_Transposed")
            state[f"{name}.weight"] = _whole(values, stored_name).T
    return {name: torch.from_numpy(np.array(value, dtype=np.float32)) for name, value in state.items()}


def _whole(values: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return a matrix times its scales."""
    codes = values[f"{name}_quantized"].astype(np.float32) - values[f"{name}_zero_point"].astype(np.float32)
    return np.asarray(codes * values[f"{name}_scale"])
