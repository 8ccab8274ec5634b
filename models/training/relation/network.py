"""Train the cross-encoder with PyTorch, and export it as the int8 ONNX file that is shipped.

The quantisation is dynamic (Jacob et al. 2018). The large encoder needs more than one scale for the input of
a matrix: with one, 24 of 80 answers changed; with a scale for each 128 numbers, none did.
"""

from __future__ import annotations

import json
import math
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from transformers import AutoModel, PreTrainedTokenizerFast

from models.embedding import minilm
from models.protocols.stance import STANCE_LABELS
from models.stance.model import LENGTH
from models.training.relation.data import Pair

SEED = 20260301
BATCH = 32
BFLOAT16 = torch.cpu._is_avx512_bf16_supported()  # twice as fast where the processor knows it, else slower


INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class Network(nn.Module):
    """A BERT or MPNet encoder over claim and text; first token and mean go through one layer to a logit for
    each of `labels`.

    The vocabulary's vectors stay fixed, so that rare words and a language with fewer labels keep their place
    among the others. The first `frozen` layers stay fixed, too. Layers after the first `layers` are dropped,
    which costs a task little (Sajjad et al. 2023).
    """

    def __init__(self, folder: Path, frozen: int, layers: int = 12, labels: Sequence[str] = STANCE_LABELS
                 ) -> None:
        super().__init__()
        self.labels = tuple(labels)
        # Without dropout in the encoder a step takes a third of the time on a processor.
        self.encoder = AutoModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False, hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.encoder.encoder.layer = self.encoder.encoder.layer[:layers]
        self.encoder.requires_grad_(False)
        for layer in self.encoder.encoder.layer[frozen:]:
            layer.requires_grad_(True)
        self.inputs = INPUTS if self.encoder.config.model_type == "bert" else INPUTS[:2]
        size = self.encoder.config.hidden_size
        self.dense = nn.Linear(2 * size, size)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(size, len(labels))

    def forward(self, *given: Any) -> Any:
        """Return the logits, shape (pairs, labels), of what `encode` gives, in the order of `inputs`."""
        inputs = dict(zip(self.inputs, given, strict=True))
        states = self.encoder(**inputs).last_hidden_state
        attention_mask = inputs["attention_mask"]
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        pooled = torch.cat((states[:, 0], mean), dim=-1)
        return self.out(self.drop(torch.tanh(self.dense(self.drop(pooled)))))


def draw(pairs: Sequence[Pair], samples: int, shares: dict[str, float], seed: int = SEED) -> list[Pair]:
    """Return `samples` pairs by the sources' shares; in a source a label weighs the square root of its count.
    """
    chance = random.Random(seed)
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_source[pair.source].append(pair)
    drawn: list[Pair] = []
    for source, share in shares.items():
        counts = Counter(pair.labels for pair in by_source[source])
        chances = [counts[pair.labels] ** -0.5 for pair in by_source[source]]
        drawn += chance.choices(by_source[source], chances, k=round(samples * share))
    chance.shuffle(drawn)
    return drawn


def batches(pairs: Sequence[Pair], tokenizer: Any, model: Network, seed: int = SEED
            ) -> Iterator[tuple[list[Any], Any]]:
    """Yield batches of pairs of similar length in random order: model inputs, labels (pairs, labels)."""
    chance = random.Random(seed)
    window = BATCH * 60
    for start in range(0, len(pairs), window):
        ordered = sorted(pairs[start : start + window], key=lambda pair: len(pair.claim) + len(pair.text))
        groups = [ordered[offset : offset + BATCH] for offset in range(0, len(ordered), BATCH)]
        chance.shuffle(groups)
        for group in groups:
            yield encode(tokenizer, group, model.inputs), allowed(group, model.labels)


def tokenizer_of(folder: Path) -> Any:
    """Return the tokenizer of a backbone."""
    special = json.loads((folder / "special_tokens_map.json").read_text("utf-8"))
    tokens = {name: token if isinstance(token, str) else token["content"] for name, token in special.items()}
    return PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), **tokens)


def encode(tokenizer: Any, pairs: Sequence[Pair], inputs: Sequence[str]) -> list[Any]:
    """Return the named model inputs of pairs, each of shape (pairs, tokens)."""
    encoded = tokenizer(
        [pair.claim for pair in pairs], [pair.text for pair in pairs], truncation="longest_first",
        max_length=LENGTH, padding=True, return_tensors="pt", return_token_type_ids=True,
    )
    return [encoded[name] for name in inputs]


def allowed(pairs: Sequence[Pair], labels: Sequence[str]) -> Any:
    """Return which of the labels each pair allows, shape (pairs, labels)."""
    return torch.tensor([[label in pair.labels for label in labels] for pair in pairs])


def rates(optimiser: torch.optim.Optimizer, steps: int) -> torch.optim.lr_scheduler.LambdaLR:
    """Return the rates of `steps` steps: they rise for a fifteenth of them, then fall to a fiftieth."""
    warm_steps = max(1, steps // 15)
    return torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / warm_steps) * max(0.02, 1 - step / steps))


def train(model: Network, pairs: Sequence[Pair], folder: Path, rate: float, head: float) -> None:
    """Fit on the pairs in one pass: minus the log of the probability that the allowed labels get together.

    `rate` is the encoder's learning rate, `head` that of the layers behind it.
    """
    torch.manual_seed(SEED)
    tokenizer = tokenizer_of(folder)
    parts = ((model.encoder, rate), (model.dense, head), (model.out, head))
    groups = []
    for module, step_size in parts:
        trainable = [weight for weight in module.parameters() if weight.requires_grad]
        for matrix, decay in ((True, 0.01), (False, 0.0)):
            groups.append({"params": [weight for weight in trainable if (weight.dim() > 1) == matrix],
                           "lr": step_size, "weight_decay": decay})
    optimiser = torch.optim.AdamW(groups)
    steps = math.ceil(len(pairs) / BATCH)
    schedule = rates(optimiser, steps)
    model.train()
    began, total = time.monotonic(), 0.0
    for step, (inputs, labels) in enumerate(batches(pairs, tokenizer, model), 1):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
            logits = model(*inputs)
        log_probabilities = torch.log_softmax(logits.float(), dim=-1)
        loss = -torch.logsumexp(log_probabilities.masked_fill(~labels, -1e4), dim=-1).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        total += loss.item()
        if step % 50 == 0:
            print(
                f"step {step} of {steps}, loss {total / 50:.3f}, {(time.monotonic() - began) / step:.2f} s a "
                f"step",
                flush=True,
            )
            total = 0.0


def quantised_onnx(
    model: nn.Module, out: Path, inputs: Sequence[str], output: str, *, blocks: int | None = None
) -> None:
    """Write a model of `inputs` (token numbers, shape (texts, tokens)) to `out` with its matrices and its
    vocabulary in 8 bits, one scale a column; with `blocks`, one scale for so many numbers of a matrix, and
    one for as many of what it is multiplied with.
    """
    model.eval()
    token_ids = torch.ones((1, 8), dtype=torch.long)
    axes = {name: {0: "text", 1: "token"} for name in inputs} | {output: {0: "text"}}
    ops = ["MatMul", "Gather", "Gemm"]
    with tempfile.TemporaryDirectory() as folder:
        full_model = Path(folder) / "whole.onnx"
        torch.onnx.export(
            model, tuple(token_ids * (name != "token_type_ids") for name in inputs), str(full_model),
            input_names=list(inputs), output_names=[output], dynamic_axes=axes, opset_version=17,
            dynamo=False,
        )
        if blocks:
            _in_blocks(full_model, blocks)
            ops.remove("MatMul")
        quantize_dynamic(
            str(full_model), str(out), per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=ops
        )


def _in_blocks(file: Path, block: int) -> None:
    """Write each matrix of an ONNX model in 8 bits with a scale for each `block` numbers of a column."""
    model = onnx.load(str(file))
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            initializer = weights[node.input[1]]
            weight = np.ascontiguousarray(numpy_helper.to_array(initializer).T)
            codes, scales = minilm.quantised(weight, block)
            names = [f"{node.name}.codes", f"{node.name}.scales"]
            graph.initializer.extend([numpy_helper.from_array(codes, names[0]),
                                      numpy_helper.from_array(scales, names[1])])
            graph.initializer.remove(initializer)
            sizes: dict[str, Any] = {**minilm.sizes(weight, block)}
            node.CopyFrom(helper.make_node("MatMulNBits", [node.input[0], *names], node.output, node.name,
                                           domain="com.microsoft", **sizes))
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, str(file))


def export(model: Network, out: Path, *, blocks: int | None = None) -> None:
    """Write the model to `out`, as `quantised_onnx` does."""
    quantised_onnx(model, out, model.inputs, "logits", blocks=blocks)
