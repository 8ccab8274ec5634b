"""Say whether a sentence that was written from a text may found a claim: well-formed, warranted, checkable.

The author of the sentence (the rules of `models.language`) is not its judge. A logistic model reads the
sentence's embedding, what the relation model says of the sentence and the words that it was written from, and
plain features of both; it was fitted on sentences that readers judged (benchmarks/labels/GUIDE.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from models.protocols import STANCE_LABELS, Candidate, Embedder, Founding, StanceModel, TextPair

CERTAINTIES = ("asserted", "hedged", "predicted", "reported", "questioned")
KINDS = ("other", "capability", "release", "size", "benchmark_result", "price", "deal", "people")
_WORD = re.compile(r"\w+")
_POINTING = re.compile(r"\b(?:it|this|that|they|their|these|those|its|we|our|you|your|i|my|he|she)\b", re.I)
_TASTE = re.compile(r"\b(?:better|best|good|great|bad|worse|cool|nice|easy|amazing|impressive)\b", re.I)
_HEDGE = re.compile(r"\b(?:may|might|could|maybe|perhaps|if|would|should)\b", re.I)
_OWN = re.compile(r"\b(?:i|my|me|imo|i'm|ive|i've)\b", re.I)

Floats = NDArray[np.float64]


class TrainedFounder:
    """The trained model over an embedder and a relation model."""

    def __init__(self, embedder: Embedder, relation: StanceModel) -> None:
        given = json.loads(files("models").joinpath("weights", "founding.json").read_text("utf-8"))
        self._embedder, self._relation = embedder, relation
        self._mean, self._scale = np.asarray(given["mean"]), np.asarray(given["scale"])
        self._weights, self._bias = np.asarray(given["weights"]), float(given["bias"])
        self._version = given["name"]

    @property
    def name(self) -> str:
        """Return name and version of everything that decides the outcome."""
        return f"{self._version}+{self._relation.name}+{self._embedder.name}"

    def judge(self, candidates: Sequence[Candidate]) -> list[Founding]:
        """Return how likely each sentence may found a claim, and what speaks against it, in order."""
        if not candidates:
            return []
        rows = inputs(candidates, self._embedder, self._relation)
        odds = ((rows - self._mean) / self._scale * self._weights).sum(axis=1) + self._bias
        # The relation model's reading of the bare quotation stands behind the plain features.
        first = len(features(candidates[0]))
        sides = rows[:, first : first + len(STANCE_LABELS)].argmax(axis=1)
        return [Founding(float(share), _reason(candidate, STANCE_LABELS[side] == "supports"))
                for candidate, share, side in zip(candidates, 1 / (1 + np.exp(-odds)), sides, strict=True)]


def _reason(candidate: Candidate, warranted: bool) -> str:
    """Return the first of the reasons of `Founding` that is seen in a sentence."""
    if candidate.certainty == "questioned" or candidate.quote.rstrip().endswith("?"):
        return "asks"
    if not warranted:
        return "unwarranted"
    return "points" if _POINTING.search(candidate.claim) else "unsound"


def inputs(candidates: Sequence[Candidate], embedder: Embedder, relation: StanceModel) -> Floats:
    """Return the model's inputs, one row a candidate."""
    claims = np.asarray(embedder.encode([candidate.claim for candidate in candidates]), dtype=np.float64)
    quotes = np.asarray(embedder.encode([candidate.quote for candidate in candidates]), dtype=np.float64)
    # One question: a quotation that stands in nothing is the same pair twice, and is read once.
    read = relation.read([TextPair(c.claim, c.quote, context) for c in candidates
                          for context in (None, c.context)])
    told = [[np.log(shares[label] + 1e-4) for shares in pair for label in STANCE_LABELS]
            for pair in zip(read[::2], read[1::2], strict=True)]
    plain = [features(candidate) for candidate in candidates]
    near = (claims * quotes).sum(axis=1, keepdims=True)
    return np.hstack([np.asarray(plain), np.asarray(told), near, claims])


def features(candidate: Candidate) -> list[float]:
    """Return plain features of a sentence and the words that it was written from."""
    claim, quote = candidate.claim, candidate.quote
    ours, theirs = set(_WORD.findall(claim.lower())), set(_WORD.findall(quote.lower()))
    words = claim.split() or [""]
    bare = [" ".join(_WORD.findall(text.lower())) for text in (claim, quote)]
    return [float(value) for value in (
        len(words) / 20, len(claim) / 150, len(ours - theirs) / max(1, len(ours)),
        len(ours) / max(1, len(theirs)),
        bare[0] in bare[1], bare[0] == bare[1], quote.rstrip().endswith("?"), candidate.negated,
        *(candidate.certainty == one for one in CERTAINTIES), candidate.part == "title",
        *(candidate.kind == one for one in KINDS), bool(_POINTING.search(claim)),
        bool(re.match(r"[A-Z@#0-9]", claim)), any(map(str.isdigit, claim)), bool(_TASTE.search(claim)),
        claim.count(","), "#" in claim, bool(_HEDGE.search(quote)), bool(_HEDGE.search(claim)),
        bool(_OWN.search(quote)), len(candidate.entities),
        sum(word[:1].isupper() for word in words) / len(words),
    )]
