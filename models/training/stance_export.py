"""Write the trained cross-encoder as the int8 ONNX file that is shipped (dynamic quantisation, Jacob et al. 2018)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.training.stance_network import Network

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def export(model: Network, out: Path) -> None:
    """`model` with the weights of its matrices and of its vocabulary in 8 bits, one scale a column; writes `out`."""
    model.eval()
    one = torch.ones((1, 8), dtype=torch.long)
    axes = {name: {0: "pair", 1: "token"} for name in INPUTS} | {"logits": {0: "pair"}}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "stance.onnx"
        torch.onnx.export(
            model, (one, one, one * 0), str(whole), input_names=list(INPUTS), output_names=["logits"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )
        quantize_dynamic(
            str(whole), str(out), per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather", "Gemm"]
        )
