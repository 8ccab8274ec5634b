"""Say how likely two sentences make the same claim: a logistic model on four features, shown in
`docs/cluster.md`.

The features: cosine of the embeddings after the field's mean is taken off and its main directions are damped
(in a field where all speak of the same things, plain cosines are all high: Mu & Viswanath 2018; Su et al.
2021), TF-IDF cosine of the words, cosine of the aspects spoken of, and the days between the two. Names and
figures are no features: `pipeline/text/slots.py` holds apart what differs in them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.chinese.gloss import gloss
from models.probabilities import logistic
from models.stems import stems

Matrix = NDArray[np.float32]

FEATURES = ("dense", "words", "aspects", "days")
# a pair with an unknown time is taken as this far apart (set on FNC-1 headlines, which have none)
UNKNOWN_DAYS = 4.9
CAP_DAYS = 14.0  # a claim may come back after months: further apart says nothing more


@dataclass(frozen=True, slots=True)
class Profiles:
    """The features of texts, one row a text: unit vectors in the field's space, stems, unit aspect counts,
    days (nan: unknown).
    """

    vectors: Matrix
    words: tuple[tuple[str, ...], ...]
    aspects: Matrix
    days: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.words)

    def take(self, rows: Sequence[int]) -> Profiles:
        """Return the profiles of those rows, in that order."""
        index = np.asarray(rows, dtype=np.intp)
        return Profiles(
            self.vectors[index], tuple(self.words[row] for row in rows), self.aspects[index], self.days[index]
        )


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare words are: each stands in `seen[word]` of `texts` texts."""

    texts: int
    seen: Mapping[str, int]

    def __call__(self, word: str) -> float:
        """Return the smoothed inverse document frequency of a word, at least 1."""
        return log((1 + self.texts) / (1 + self.seen.get(word, 0))) + 1


@dataclass(frozen=True, slots=True)
class Space:
    """The field as an embedder sees it.

    `mean` has shape (dimension,); `directions` are unit rows in which the field's texts differ most, each
    with the share of it that is `kept`: a direction that all texts share tells no two claims apart.
    """

    mean: Matrix
    directions: Matrix
    kept: Matrix

    def place(self, vectors: Matrix) -> Matrix:
        """Return unit vectors without the mean and with the field's directions damped."""
        centred = vectors - self.mean
        shared = ((centred @ self.directions.T) * (1 - self.kept)) @ self.directions
        return _unit(np.asarray(centred - shared, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class PairModel:
    """The pair model: `weights` by feature and `bias` give the log-odds, `spaces` holds the field by embedder
    name.
    """

    name: str
    weights: Mapping[str, float]
    bias: float
    aspect_rarity: tuple[float, ...]
    spaces: Mapping[str, Space]

    @classmethod
    def load(cls) -> PairModel:
        """Read the shipped model, `models/weights/pairs.json`."""
        return cls.read(json.loads(files("models").joinpath("weights", "pairs.json").read_text("utf-8")))

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> PairModel:
        """Return the model that `models.training.claim_similarity` wrote."""
        spaces = {
            name: Space(
                *(np.asarray(space[part], dtype=np.float32) for part in ("mean", "directions", "kept"))
            )
            for name, space in data["spaces"].items()
        }
        return cls(data["name"], data["weights"], data["bias"], tuple(data["aspect_rarity"]), spaces)

    def profile(
        self,
        texts: Sequence[str],
        vectors: Matrix,
        embedder: str,
        days: Sequence[float | None],
        names: Sequence[Sequence[str]] | None = None,
    ) -> Profiles:
        """Return the profiles of texts with their embeddings and the days (since any epoch) on which they
        were said.

        `names` are those known in each text: their words are left out, because two sentences about one model
        share them whatever they say of it. Chinese is compared by its gloss.
        """
        texts = [gloss(text) for text in texts]
        day_values = np.asarray([np.nan if day is None else day for day in days], dtype=np.float64)
        counts = _unit(aspect_counts(texts) * np.asarray(self.aspect_rarity, dtype=np.float32))
        space = self.spaces.get(embedder)
        field_vectors = (
            space.place(vectors) if space is not None and len(vectors)
            else np.asarray(vectors, dtype=np.float32)
        )
        words = [
            tuple(_without(text, text_names))
            for text, text_names in zip(texts, names or [()] * len(texts), strict=True)
        ]
        return Profiles(field_vectors, tuple(words), counts, day_values)

    def scores(self, left: Profiles, right: Profiles, rarity: Callable[[str], float]) -> Matrix:
        """Return the probability that two texts make the same claim, shape (len(left), len(right))."""
        features = self.features(left, right, rarity)
        odds = sum((
            self.weights[name] * feature for name, feature in features
        ), np.zeros((len(left), len(right)), np.float32))
        return np.asarray(logistic(odds + self.bias), dtype=np.float32)

    def features(
        self, left: Profiles, right: Profiles, rarity: Callable[[str], float]
    ) -> Iterator[tuple[str, Matrix]]:
        """Yield each feature by name, shape (len(left), len(right))."""
        yield "dense", left.vectors @ right.vectors.T
        yield "words", _shared_words(left.words, right.words, rarity)
        yield "aspects", left.aspects @ right.aspects.T
        days_apart = np.abs(left.days[:, None] - right.days[None, :])
        days_apart = np.minimum(np.where(np.isnan(days_apart), UNKNOWN_DAYS, days_apart), CAP_DAYS)
        yield "days", np.log1p(days_apart).astype(np.float32)


def _without(text: str, names: Sequence[str]) -> Iterator[str]:
    name_stems = {stem for name in names for stem in _stems_of(name)}
    return (stem for stem in stems(text) if stem not in name_stems)


@lru_cache(10_000)
def _stems_of(name: str) -> tuple[str, ...]:
    return tuple(stems(name))


def aspect_counts(texts: Sequence[str]) -> Matrix:
    """Return how much each text speaks of each aspect: log(1 + matches), shape (len(texts), number of
    aspects).
    """
    patterns = _aspects()
    # Patterns without a flag on lower-case text: a third quicker than to ignore case.
    rows = [[log(1 + len(pattern.findall(text))) for pattern in patterns] for text in map(str.lower, texts)]
    return np.asarray(rows, dtype=np.float32).reshape(len(texts), len(patterns))


@cache
def _settings() -> dict[str, Any]:
    return tomllib.loads(files("models").joinpath("aspects.toml").read_text("utf-8"))


@cache
def _aspects() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(r"(?<!\w)(?:" + "|".join(words) + ")") for words in _settings()["aspects"].values()
    )


def _shared_words(
    left: Sequence[Sequence[str]], right: Sequence[Sequence[str]], rarity: Callable[[str], float]
) -> Matrix:
    places = {word: n for n, word in enumerate(sorted({word for words in (*left, *right) for word in words}))}
    weight = {word: rarity(word) for word in places}
    product = _tfidf(left, places, weight) @ _tfidf(right, places, weight).T
    return np.asarray(product.toarray(), dtype=np.float32)


def _tfidf(texts: Sequence[Sequence[str]], places: Mapping[str, int], weight: Mapping[str, float]) -> Any:
    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    for words in texts:
        row = {word: (1 + log(count)) * weight[word] for word, count in Counter(words).items()}
        length = sum(value * value for value in row.values()) ** 0.5
        for word in sorted(row):
            values.append(row[word] / length)
            columns.append(places[word])
        starts.append(len(values))
    return csr_matrix((values, columns, starts), shape=(len(texts), max(1, len(places))), dtype=np.float32)


def _unit(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)
