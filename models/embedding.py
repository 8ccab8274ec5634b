"""Sentence embeddings with sentence-transformers (Reimers & Gurevych 2019), behind `models.protocols.Embedder`."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import weights

BATCH = 32
THREADS = 4  # more gain nothing for a model of this size
_LINK = re.compile(r"(?:https?://|www\.)\S+|\bt\.co/\S+", re.I)
_REPOST = re.compile(r"^\s*RT\s+@\w+:?\s*", re.I)
_FIRST_HANDLES = re.compile(r"^\s*(?:@\w+[\s,:]+)+")
_LAST_HANDLES = re.compile(r"(?:\s+@\w+)+\s*$")
_AT = re.compile(r"@(?=\w)")
_HASHTAG = re.compile(r"#(\w+)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_SPACE = re.compile(r"\s+")


class SentenceEmbedder:
    """A sentence-transformers model in a local folder; it is loaded when there is something to encode."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder
        self._model: Any = None

    @property
    def name(self) -> str:
        """The model's name and the beginning of its weights' SHA-256."""
        return self._name

    @property
    def dimension(self) -> int:
        """The length of a vector; loads the model."""
        return int(self._loaded().get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one row a text, each cleaned of what only a platform means.

        A text's vector depends on its company by rounding alone (1e-6). Raises WeightsError where the folder holds no usable model.
        """
        if not texts:
            return np.zeros((0, self.dimension if self._model else 0), dtype=np.float32)
        cleaned = [clean(text) for text in texts]
        distinct = sorted(set(cleaned), key=lambda text: (len(text), text))
        place = {text: row for row, text in enumerate(distinct)}
        made = self._loaded().encode(
            distinct, batch_size=BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        vectors: NDArray[np.float32] = np.asarray(made, dtype=np.float32)[[place[text] for text in cleaned]]
        return vectors

    def _loaded(self) -> Any:
        if self._model is None:
            # Set before the import: the libraries read them once.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            import torch
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            torch.set_num_threads(max(1, min(THREADS, os.cpu_count() or 1)))
            try:
                model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
            except (OSError, ValueError, RuntimeError, KeyError) as error:
                raise weights.WeightsError(f"{self._folder} holds no usable sentence-transformers model: {error}") from error
            self._model = model.eval()
        return self._model


def load(name: str = weights.DEFAULT) -> SentenceEmbedder:
    """The embedder called `name`: the packaged default, or a sentence-transformers model in a local folder.

    Quick: the weights are verified here and loaded at the first `encode`. Raises WeightsError.
    """
    folder = weights.find(name)
    files = sorted(folder.glob("*.safetensors"))
    return SentenceEmbedder(f"{folder.name if name != weights.DEFAULT else name}+{weights.sha256(files[0])[:12]}", folder)


def clean(text: str) -> str:
    """A post's words without links, reposting marks and handles that address; `#SomeTag` becomes `Some Tag`.

    A handle inside a sentence that it belongs to keeps its letters: "trained by @lab_x" -> "trained by lab_x".
    """
    without = _LINK.sub(" ", text)
    without = _REPOST.sub("", without)
    without = _LAST_HANDLES.sub("", without)
    without = _FIRST_HANDLES.sub("", without)
    without = _AT.sub("", without)
    without = _HASHTAG.sub(lambda tag: _HUMP.sub(" ", tag[1]).replace("_", " "), without)
    return _SPACE.sub(" ", without).strip() or text.strip()
