"""Say whether a sentence may found a claim: written by somebody, standing alone, warranted, checkable.

The author of the sentence (the rules of `models.language`) is not its judge. What the rules put together
themselves is turned down. Of the rest two models decide together. A logistic one knows plain features of the
sentence and of the words around it and two embeddings of it: by the model that compares sentences, and by the
retriever, which learnt from claims what may speak to one. An encoder reads the sentence beside the words that
it was taken from and what these stand in, and sees what no list of signs does: a subject that is missing, a
condition that was left away. Both were fitted on sentences that readers judged (benchmarks/labels/GUIDE.md).
The model card is `models/weights/founding.md`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.chinese.gloss import gloss
from models.chinese.han import has_han
from models.founding.features import POINTING, features
from models.founding.kinds import IDENTITY, KindModel
from models.founding.kinds import load as load_kinds
from models.language.wording import Stretch, stretch
from models.onnx import weights
from models.onnx.encoder import Encoder
from models.probabilities import logistic
from models.protocols.founding import Candidate, Founding
from models.protocols.vectors import Embedder
from models.stance.model import LENGTH

REWORDED = Founding(0.0, "reworded")
UNSOUND = "unsound"
BY_FORM = 0.9
"""How likely a sentence of the kind identity founds a claim, at least: its form makes it one checkable thing.
The sentences that the model was fitted on hold none, so it does not know them. Of 25,434 sentences of public
posts that name a model, `models.identities` took one for an identity, and none does any more.
"""
VERDICTS = ("good", "not_well_formed", "not_warranted", "uncheckable")
_BATCH = 512
# "#ChatGPT", "@OpenAI", but not "#1", "C#", an address of mail, or a part of a link.
_SIGN = re.compile(r"(?<![\w&/.])[#@](?=[^\W\d_])")

Floats = NDArray[np.float64]
Placed = tuple[Candidate, Stretch]


class TrainedFounder:
    """The trained models over the embedder of sentences and that of passages, the retriever's.

    `card` is the content of `founding.json`; `reader` answers with a logit for each of `VERDICTS`; `kinds`
    says what the sentences are about.
    """

    def __init__(self, card: bytes, embedder: Embedder, passages: Embedder, reader: Encoder, kinds: KindModel
                 ) -> None:
        table = json.loads(card)
        self._embedders = embedder, passages
        self._reader, self._kinds = reader, kinds
        self._mean, self._scale = np.asarray(table["mean"]), np.asarray(table["scale"])
        self._weights, self._bias = np.asarray(table["weights"]), float(table["bias"])
        self._both, self._least = np.asarray(table["both"]), float(table["least"])
        self._both_chinese = np.asarray(table["both_chinese"])
        self._version = f"{table['name']}-{hashlib.sha256(card).hexdigest()[:8]}"

    @property
    def name(self) -> str:
        """Return name and version of everything that decides the outcome."""
        return "+".join((self._version, self._kinds.name, *(embedder.name for embedder in self._embedders)))

    def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
        """Return how likely each sentence may found a claim, and what speaks against it, in order."""
        return [founding for start in range(0, len(candidates), _BATCH)
                for founding in self._judged(candidates[start : start + _BATCH])]

    def kind(self, sentence: str, by_rule: str) -> str:
        """Return what a sentence that an editor wrote is about, by the rules where it has Chinese characters.
        """
        # The model learnt from sentences without their full stop.
        words = sentence.rstrip(".")
        return self._kinds_of([by_rule], embeddings([words], self._embedders), [has_han(words)])[0] or by_rule

    def _judged(self, candidates: Sequence[Candidate]) -> list[Founding]:
        chinese = [has_han(candidate.claim) for candidate in candidates]
        kinds_by_rule = [candidate.kind for candidate in candidates]
        candidates = [as_read(candidate) for candidate in candidates]
        sentences = [candidate.claim for candidate in candidates]
        vectors = embeddings(sentences, self._embedders)
        kinds = self._kinds_of(kinds_by_rule, vectors, chinese)
        foundings = [replace(REWORDED, kind=kind) for kind in kinds]
        placed = {row: (candidate, place) for row, candidate in enumerate(candidates)
                  if (place := stretch(candidate.claim, candidate.quote)) is not None}
        if placed:
            shares = self._shares(list(placed.values()), vectors[list(placed)],
                                  np.array([chinese[row] for row in placed]))
            for (row, (candidate, _)), probability in zip(placed.items(), shares.tolist(), strict=True):
                reason = _reason(candidate)
                by_form = BY_FORM if candidate.kind == IDENTITY and reason == UNSOUND else 0.0
                foundings[row] = Founding(max(probability, by_form), reason, kinds[row])
        return foundings

    def _kinds_of(self, by_rule: Sequence[str], vectors: Floats, chinese: Sequence[bool]
                  ) -> list[str | None]:
        """Return the kind of each sentence by the model; None for a `chinese` one, since the model learnt
        from English alone.
        """
        kinds = self._kinds.kinds(vectors, by_rule)
        return [None if foreign else kind for foreign, kind in zip(chinese, kinds, strict=True)]

    def _shares(self, placed: Sequence[Placed], vectors: Floats, chinese: NDArray[np.bool_]) -> Floats:
        scaled = (inputs(placed, vectors) - self._mean) / self._scale
        plain = (scaled * self._weights).sum(axis=1) + self._bias

        def read(rows: Sequence[int]) -> Floats:
            return soundness(self._reader.read([encoder_text(placed[row][0]) for row in rows]))

        weighed = np.where(chinese[:, None], self._both_chinese, self._both)
        return combined_probability(plain, read, weighed, self._least)


def load(embedder: Embedder, passages: Embedder) -> TrainedFounder:
    """Return the founding model that a run uses; `passages` is the retriever's embedder of passages.

    Raises WeightsError where the encoder's weights are missing or damaged.
    """
    card = (weights.OWN / "founding.json").read_bytes()
    reader = Encoder(weights.OWN / "founding.onnx", weights.find() / "tokenizer.json",
                     json.loads(card)["sha256"], len(VERDICTS), LENGTH)
    return TrainedFounder(card, embedder, passages, reader, load_kinds())


def as_read(candidate: Candidate) -> Candidate:
    """Return a candidate as the models read it: what is Chinese by its gloss, since they know English alone,
    and English hashtags and handles as the words that they stand for in their sentence, without their sign.
    """
    read = gloss if has_han(candidate.claim) else _without_signs
    context = read(candidate.context) if candidate.context else None
    return replace(candidate, claim=read(candidate.claim), quote=read(candidate.quote), context=context)


def _without_signs(text: str) -> str:
    return _SIGN.sub("", text)


def encoder_text(candidate: Candidate) -> tuple[str, str]:
    """Return what the encoder reads: the sentence, and the words that it was taken from with what these stand
    in: the words before come first, since a text that is too long is cut at its end.
    """
    context = candidate.context or ""
    further, mark, before = f" | {context}".rpartition(" | before: ")
    context_parts = (f"before: {before}", further.removeprefix(" | ")) if mark else (context,)
    return candidate.claim, " || ".join(filter(None, (candidate.quote, *context_parts)))


def soundness(logits: NDArray[np.floating[Any]]) -> Floats:
    """Return the log odds of *good* beside all other verdicts, from logits of shape (sentences, verdicts)."""
    other_odds = np.logaddexp.reduce(np.asarray(logits[:, 1:], dtype=np.float64), axis=1)
    return np.asarray(logits[:, 0] - other_odds, dtype=np.float64)


def combined_inputs(plain: Floats, read: Floats) -> Floats:
    """Return the inputs of the model that puts the log odds of both together, shape (sentences, 3)."""
    return np.column_stack([plain, read, np.ones(len(plain))])


def combined_probability(
    plain: Floats, read: Callable[[Sequence[int]], Floats], weighed: Floats, least: float
) -> Floats:
    """Return the probability of each sentence: by the logistic model (`plain` are its log odds), and where
    that is at least `least`, by it and the encoder together, which `weighed` puts together, shape (3,) or
    (sentences, 3); `read` returns the encoder's log odds of rows.
    """
    shares = logistic(plain)
    rows = np.flatnonzero(shares >= least).tolist()
    weights_of_rows = np.broadcast_to(weighed, (len(plain), 3))[rows]
    shares[rows] = logistic((combined_inputs(plain[rows], read(rows)) * weights_of_rows).sum(axis=1))
    return shares


def _reason(candidate: Candidate) -> str:
    """Return the first of the reasons of `Founding` that is seen in a sentence that somebody wrote."""
    if candidate.certainty == "questioned" or candidate.quote.rstrip().endswith("?"):
        return "asks"
    return "points" if POINTING.search(candidate.claim) else UNSOUND


def inputs(placed: Sequence[Placed], vectors: Floats) -> Floats:
    """Return the model's inputs, one row a sentence in its quotation: features, then the embeddings."""
    return np.hstack([np.asarray([features(*pair) for pair in placed]), vectors])


def embeddings(sentences: Sequence[str], embedders: Sequence[Embedder]) -> Floats:
    """Return the embeddings of sentences by each of the embedders, side by side: shape (sentences, width)."""
    return np.hstack([np.asarray(embedder.encode(sentences), dtype=np.float64) for embedder in embedders])
