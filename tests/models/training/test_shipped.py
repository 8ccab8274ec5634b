"""The shipped weights are read back so that PyTorch computes what ONNX Runtime does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def test_matrices_are_multiplied_out_under_their_names(tmp_path: Path) -> None:
    from models.training.relation.shipped import state_of  # here, since it loads PyTorch

    codes = np.array([[2, 4], [6, 8], [10, 12]], dtype=np.int8)  # inputs x outputs
    scale, zero = np.array([0.5, 0.25], dtype=np.float32), np.array([2, 0], dtype=np.int8)
    node = helper.make_node(
        "MatMulInteger", ["x", "onnx::MatMul_1_quantized", "x_zero", "onnx::MatMul_1_zero_point"],
        ["/encoder/encoder/layer.0/attention/self/query/MatMul_output_0_output_quantized"])
    output_node = helper.make_node("MatMulInteger", ["x", "out.weight_Transposed_quantized", "x_zero", "z"],
                                   ["logits_MatMul_output_quantized"])
    tables = ("token_type_embeddings", "position_embeddings")
    values = {"encoder.encoder.layer.0.attention.self.query.bias": np.ones(2, dtype=np.float32)}
    for name in ("onnx::MatMul_1", "out.weight_Transposed",
                 *(f"encoder.embeddings.{table}.weight" for table in tables)):
        values |= {f"{name}_quantized": codes, f"{name}_scale": scale, f"{name}_zero_point": zero}
    graph = helper.make_graph(
        [node, output_node], "small", [helper.make_tensor_value_info("x", TensorProto.INT8, [1, 3])], [],
        [numpy_helper.from_array(value, name) for name, value in values.items()])
    file = tmp_path / "small.onnx"
    onnx.save(helper.make_model(graph), str(file))

    state = state_of(file)
    weights = np.array([[0.0, 1.0], [2.0, 2.0], [4.0, 3.0]])
    assert set(state) == {
        "encoder.encoder.layer.0.attention.self.query.bias", "out.weight",
        "encoder.encoder.layer.0.attention.self.query.weight",
        *(f"encoder.embeddings.{table}.weight" for table in tables)}
    assert (state["encoder.encoder.layer.0.attention.self.query.weight"].numpy() == weights.T).all()
    assert (state["out.weight"].numpy() == weights.T).all()
    assert (state["encoder.embeddings.position_embeddings.weight"].numpy() == weights).all()
