"""Both kinds of encoder are cut, trained in part and exported: ONNX Runtime answers as PyTorch does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnxruntime import InferenceSession

SIZES = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 32,
         "vocab_size": 40, "max_position_embeddings": 40}


def backbone(kind: str, folder: Path) -> Path:
    """Write an untrained encoder of three layers."""
    from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

    model = BertModel(BertConfig(**SIZES)) if kind == "bert" else MPNetModel(MPNetConfig(**SIZES))
    model.save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what PyTorch's exporter says of itself
@pytest.mark.parametrize(("kind", "blocks"), [("bert", None), ("mpnet", None), ("mpnet", 16)])
def test_it_is_cut_frozen_and_exported(kind: str, blocks: int | None, tmp_path: Path) -> None:
    import torch  # here, since it takes long to load

    from models.training.relation.network import Network, export

    torch.manual_seed(1)
    model = Network(backbone(kind, tmp_path), frozen=1, layers=2)
    trainable = {name for name, value in model.encoder.named_parameters() if value.requires_grad}
    assert trainable and all("layer.1." in name for name in trainable), (
        "the last of the two layers that are left"
    )
    file = tmp_path / "small.onnx"
    export(model, file, blocks=blocks)
    assert (b"MatMulNBits" in file.read_bytes()) == bool(blocks)
    session = InferenceSession(str(file))
    assert [model_input.name for model_input in session.get_inputs()] == list(model.inputs)
    assert ("token_type_ids" in model.inputs) == (kind == "bert")
    for length in (5, 23):
        input_values = {name: np.ones((1, length), dtype=np.int64) for name in model.inputs}
        input_values["input_ids"] = np.arange(3, 3 + length, dtype=np.int64)[None]
        with torch.no_grad():
            want = model(*(torch.from_numpy(input_values[name]) for name in model.inputs)).numpy()
        (exported,) = session.run(None, input_values)
        assert np.abs(exported - want).max() < 0.03, "8 bits"


@pytest.mark.slow
def test_what_lies_behind_the_encoder_learns_at_its_own_rate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from models.training.relation import network
    from models.training.relation.data import Pair

    def encode(_: Any, pairs: Any, inputs: Any) -> list[Any]:
        return [torch.full((len(pairs), 6), 5 if name == "input_ids" else 1) for name in inputs]

    monkeypatch.setattr(network, "tokenizer_of", lambda _: None)
    monkeypatch.setattr(network, "encode", encode)
    model = network.Network(backbone("mpnet", tmp_path), frozen=1)
    start_values = {name: value.detach().clone() for name, value in model.named_parameters()}
    network.train(model, [Pair("c", "t", ("supports",), "label", "g")] * 64, tmp_path, rate=1e-5, head=1e-2)
    changes = {name: float((value - start_values[name]).abs().max().detach())
               for name, value in model.named_parameters()}
    assert changes["out.bias"] > 1e-3 and changes["encoder.embeddings.word_embeddings.weight"] == 0
    assert 0 < changes["encoder.encoder.layer.2.output.dense.weight"] < 1e-4
    assert model(*encode(None, [1], model.inputs))[0].argmax() == 0
