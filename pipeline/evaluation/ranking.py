"""Ranks stored claims for a text that may repeat one: BM25 and embeddings together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.protocols.vectors import Embedder
from models.stems import stems

K1, B = 1.2, 0.75  # the usual ones (Robertson & Zaragoza 2009), not tuned
DENSE = 0.7  # weight of the embeddings: That Is a Known Lie, development queries
_QUERIES = 200


@dataclass(frozen=True, slots=True)
class Rankings:
    """For each query the claims' numbers, best first: by both signs, by words alone, by embeddings alone."""

    both: list[list[int]]
    words: list[list[int]]
    dense: list[list[int]]


class Ranker:
    """Claims made ready to be ranked."""

    def __init__(self, claims: Sequence[str], embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors = embedder.encode(claims)
        bags = [Counter(stems(claim)) for claim in claims]
        self._places = {word: n for n, word in enumerate(sorted({word for bag in bags for word in bag}))}
        self._weights = self._bm25(bags)

    def rank(self, texts: Sequence[str], depth: int) -> Rankings:
        """Return the `depth` best claims for each text; equal scores keep the claims' order."""
        rankings = Rankings([], [], [])
        for start in range(0, len(texts), _QUERIES):
            block = texts[start : start + _QUERIES]
            words = np.asarray((self._asked(block) @ self._weights.T).toarray(), dtype=np.float32)
            dense = self._embedder.encode(block) @ self._vectors.T
            both = DENSE * _scaled(dense) + (1 - DENSE) * _scaled(words)
            for target, scores in ((rankings.both, both), (rankings.words, words), (rankings.dense, dense)):
                target += [[int(place) for place in row[:depth]]
                           for row in np.argsort(-scores, axis=1, kind="stable")]
        return rankings

    def _bm25(self, bags: Sequence[Counter[str]]) -> Any:
        occurrences = Counter(word for bag in bags for word in bag)
        mean_length = sum(bag.total() for bag in bags) / max(1, len(bags)) or 1.0
        rows = [
            (n, self._places[word],
             log(1 + (len(bags) - occurrences[word] + 0.5) / (occurrences[word] + 0.5)) * count * (K1 + 1)
             / (count + K1 * (1 - B + B * bag.total() / mean_length)))
            for n, bag in enumerate(bags)
            for word, count in sorted(bag.items())
        ]  # fmt: skip
        return self._matrix(rows, len(bags))

    def _asked(self, texts: Sequence[str]) -> Any:
        rows = [
            (n, self._places[word], 1.0)
            for n, text in enumerate(texts)
            for word in sorted(set(stems(text)))
            if word in self._places
        ]
        return self._matrix(rows, len(texts))

    def _matrix(self, rows: Sequence[tuple[int, int, float]], height: int) -> Any:
        lines, columns, values = zip(*rows, strict=True) if rows else ((), (), ())
        return csr_matrix((values, (lines, columns)), shape=(height, max(1, len(self._places))),
                          dtype=np.float32)


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each row divided by its best, so that the two kinds of score can be added."""
    best = np.maximum(scores.max(axis=1, keepdims=True, initial=0.0), 1e-9)
    return np.asarray(scores / best, dtype=np.float32)
