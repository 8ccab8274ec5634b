"""Sentence embeddings (Reimers & Gurevych 2019), behind `models.protocols.vectors.Embedder`.

The default model runs in ONNX Runtime (`models/embedding/minilm.py`), any other one in sentence-transformers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from models.onnx import session, weights

Vectors = NDArray[np.float32]

BATCH = 32
_LINK = re.compile(r"(?:https?://|www\.)\S+|\bt\.co/\S+", re.I)
_REPOST = re.compile(r"^\s*RT\s+@\w+:?\s*", re.I)
_FIRST_HANDLES = re.compile(r"^\s*(?:@\w+[\s,:]+)+")
_LAST_HANDLES = re.compile(r"(?:\s+@\w+)+\s*$")
_AT = re.compile(r"@(?=\w)")
_HASHTAG = re.compile(r"#(\w+)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_SPACE = re.compile(r"\s+")


class Encoder(Protocol):
    """A loaded model."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of texts that are distinct and in order of length: shape (len(texts),
        dimension).
        """


class SentenceEmbedder:
    """The embedder called `name`; it calls `load` when there is something to encode."""

    def __init__(self, name: str, load: Callable[[], Encoder]) -> None:
        self._name = name
        self._load = load
        self._model: Encoder | None = None

    @property
    def name(self) -> str:
        """Return the model's name, the beginning of its weights' SHA-256, and "int8" where they are
        quantised.
        """
        return self._name

    @property
    def dimension(self) -> int:
        """Load the model and return the length of a vector."""
        return self._loaded().dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, one row a text, of the texts as `clean` leaves them.

        A text's vector does not depend on its batch (with sentence-transformers, by rounding alone: 1e-6).
        Raises WeightsError where the folder holds no usable model.
        """
        if not texts:
            return np.zeros((0, self.dimension if self._model else 0), dtype=np.float32)
        cleaned = [clean(text) for text in texts]
        distinct = sorted(set(cleaned), key=lambda text: (len(text), text))
        row_of = {text: row for row, text in enumerate(distinct)}
        return self._loaded().encode(distinct)[[row_of[text] for text in cleaned]]

    def _loaded(self) -> Encoder:
        if self._model is None:
            self._model = self._load()
        return self._model


class SentenceTransformersModel:
    """A loaded sentence-transformers model from a local folder. Raises WeightsError where there is no usable
    one.
    """

    def __init__(self, folder: Path) -> None:
        # Set before the import: the libraries read them once.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        torch.set_num_threads(session.threads())
        try:
            self._model: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval()
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise weights.WeightsError(
                f"{folder} holds no usable sentence-transformers model: {error}"
            ) from error

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (len(texts), dimension)."""
        vectors = self._model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def load(name: str = weights.DEFAULT) -> SentenceEmbedder:
    """Return the embedder called `name`: the packaged default, or a sentence-transformers model in a local
    folder.

    Quick: the weights are verified here and loaded at the first `encode`. Raises WeightsError, also for
    another model where PyTorch is not installed.
    """
    folder = weights.find(name)
    files = sorted(folder.glob("*.safetensors"))
    digest = weights.sha256(files[0])[:12]
    if name == weights.DEFAULT:
        return SentenceEmbedder(f"{name}+{digest}+int8", lambda: _default(folder))
    if find_spec("torch") is None or find_spec("sentence_transformers") is None:
        raise weights.WeightsError(
            f"[models] embedding = {name!r} runs in PyTorch, which is not installed: run "
            f"`pip install '.[pytorch]'` in the folder of Rumortrail, or take {weights.DEFAULT!r}")
    return SentenceEmbedder(f"{folder.name}+{digest}", lambda: SentenceTransformersModel(folder))


def _default(folder: Path) -> Encoder:
    from models.embedding.minilm import MiniLM  # half a second that a run without new mentions does not spend

    return MiniLM(folder, session.threads())


def clean(text: str) -> str:
    """Return a post without links, reposting marks and handles that address; `#SomeTag` becomes `Some Tag`.

    A handle inside a sentence that it belongs to keeps its letters: "trained by @lab_x" -> "trained by
    lab_x".
    """
    cleaned = _LINK.sub(" ", text)
    cleaned = _REPOST.sub("", cleaned)
    cleaned = _LAST_HANDLES.sub("", cleaned)
    cleaned = _FIRST_HANDLES.sub("", cleaned)
    cleaned = _AT.sub("", cleaned)
    cleaned = _HASHTAG.sub(lambda tag: _HUMP.sub(" ", tag[1]).replace("_", " "), cleaned)
    return _SPACE.sub(" ", cleaned).strip() or text.strip()
