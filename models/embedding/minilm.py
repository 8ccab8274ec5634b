"""all-MiniLM-L6-v2 (Wang et al. 2020; Reimers & Gurevych 2019) in ONNX Runtime, its matrices in 8 bits.

The graph is built in memory from the packaged weights, in under a second: no file that could be stale,
damaged or half done, and no PyTorch. The matrices are quantised in blocks of a row; `MatMulNBits` quantises
the activations of each token in the same blocks as it goes. So a text's vector does not depend on its batch,
which the usual dynamic quantisation, with one scale for a whole batch, would make it
(docs/adr/0004-embeddings-in-8-bits.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from models.chinese.gloss import gloss
from models.onnx import session

Floats = NDArray[np.float32]

# weights that share a scale: cosines to 32 bits of 0.9997 on posts; with 128, 0.9992 for an eighth less time
BLOCK = 32
LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12
LONGEST = 256  # tokens of a text that are read
BATCH = 2048  # tokens at once
OPSETS = {"": 17, "com.microsoft": 1}
IR_VERSION = 10
_MIXED = 4  # MatMulNBits' accuracy level: activations in 8 bits, sums in 32


class MiniLM:
    """The model in `folder`, loaded. Raises OSError, KeyError or RuntimeError where the folder does not hold
    it.
    """

    dimension = WIDTH

    def __init__(self, folder: Path, threads: int) -> None:
        tensors = load_file(folder / "model.safetensors")
        self._words = tensors["embeddings.word_embeddings.weight"]
        self._places = tensors["embeddings.position_embeddings.weight"] + tensors[
            "embeddings.token_type_embeddings.weight"
        ][0]
        self._session = session.session(encoder(tensors), threads)
        self._tokenizer = session.tokenizer(folder / "tokenizer.json")
        self._tokenizer.enable_truncation(LONGEST)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape (len(texts), dimension): the mean of a text's token states, as the model
        was trained. It knows English alone, so that Chinese is read by its gloss.
        """
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch([gloss(text) for text in texts])]
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for rows in _batches([len(ids) for ids in tokens]):
            ids = np.asarray([tokens[row] for row in rows])
            (states,) = self._session.run(None, {"embedded": self._words[ids] + self._places[: ids.shape[1]]})
            vectors[rows] = states.mean(axis=1)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the rows of each batch: texts of one length, so that none is padded, shortest first."""
    for length, rows in groupby(
        sorted(range(len(lengths)), key=lengths.__getitem__), key=lengths.__getitem__
    ):
        same_length = list(rows)
        batch_size = max(1, BATCH // length)
        for start in range(0, len(same_length), batch_size):
            yield same_length[start : start + batch_size]


def quantised(weight: Floats, block: int = BLOCK) -> tuple[NDArray[np.uint8], Floats]:
    """Return codes, shape (outputs, blocks, block), and scales, shape (outputs, blocks): weight = (code -
    128) * scale.
    """
    blocks = weight.reshape(len(weight), -1, block)
    scales = np.maximum(np.abs(blocks).max(axis=-1) / 127, np.finfo(np.float32).tiny).astype(np.float32)
    return (np.rint(blocks / scales[..., None]) + 128).astype(np.uint8), scales


def sizes(weight: Floats, block: int = BLOCK) -> dict[str, int]:
    """Return what a node `MatMulNBits` is told of a weight, shape (outputs, inputs), in blocks."""
    outputs, inputs = weight.shape
    return {"K": inputs, "N": outputs, "bits": 8, "block_size": block, "accuracy_level": _MIXED}


def encoder(tensors: dict[str, Floats]) -> bytes:
    """Build the ONNX model from `embedded`, the sums of word and place, to `states`: both float (texts,
    tokens, WIDTH).

    `tensors` are the model's, by BERT's names. Raises KeyError for one that is missing.
    """
    graph = _Graph(tensors)
    scale, shift = graph.copy("embeddings.LayerNorm.weight"), graph.copy("embeddings.LayerNorm.bias")
    graph.nodes.append(
        helper.make_node(
            "LayerNormalization", ["embedded", scale, shift], ["begin"], axis=-1, epsilon=EPSILON
        )
    )
    states = "begin"
    for number in range(LAYERS):
        states = graph.layer(f"encoder.layer.{number}", states)

    value_infos = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", "tokens", WIDTH])
        for name in ("embedded", states)
    ]
    proto = helper.make_graph(graph.nodes, "minilm", value_infos[:1], value_infos[1:], graph.constants)
    opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
    return bytes(helper.make_model(proto, opset_imports=opsets, ir_version=IR_VERSION).SerializeToString())


class _Graph:
    """Nodes and constants in the making. Methods return the name of what they add."""

    def __init__(self, tensors: dict[str, Floats]) -> None:
        self.tensors = tensors
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def layer(self, name: str, states: str) -> str:
        """Add one layer of BERT (Devlin et al. 2019): attention, then two linear maps, each added to what
        went in.
        """
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        biases = self.put(f"{name}.biases", np.concatenate([self.tensors[f"{part}.bias"] for part in parts]))
        inputs = [*(self.linear(part, states) for part in parts), biases]
        context = self.add("MultiHeadAttention", inputs, f"{name}.context", num_heads=HEADS)
        attended = self.normed(
            f"{name}.attention.output", self.linear(f"{name}.attention.output.dense", context), states
        )
        wide = self.linear(f"{name}.intermediate.dense", attended)
        active = self.add("BiasGelu", [wide, self.copy(f"{name}.intermediate.dense.bias")], f"{name}.active")
        return self.normed(f"{name}.output", self.linear(f"{name}.output.dense", active), attended)

    def linear(self, name: str, values: str) -> str:
        """Add the product of `values` and the weight of `name`, in 8 bits, without the bias."""
        weight = self.tensors[f"{name}.weight"]
        codes, scales = quantised(weight)
        constants = [self.put(f"{name}.codes", codes), self.put(f"{name}.scales", scales)]
        return self.add("MatMulNBits", [values, *constants], f"{name}.product", **sizes(weight))

    def normed(self, name: str, values: str, before: str) -> str:
        """Add the layer normalisation (Ba, Kiros & Hinton 2016) of values, their bias and what went in."""
        constants = [
            self.copy(f"{name}.{part}") for part in ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")
        ]
        return self.add(
            "SkipLayerNormalization", [values, before, *constants], f"{name}.normed", epsilon=EPSILON
        )

    def add(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add a node of ONNX Runtime's own operators."""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain="com.microsoft", **attributes))
        return output

    def copy(self, name: str) -> str:
        """Add a tensor of the model as it is."""
        return self.put(name, self.tensors[name])

    def put(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
