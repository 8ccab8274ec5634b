"""The claims of a published copy, as a text is put to them: by name, with vectors, and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.claim_similarity import Rarity
from models.stems import stems
from pipeline.check.records import FirstSaid
from pipeline.core.errors import OldCopyError
from pipeline.core.rows import build, utc_of
from pipeline.core.text import speaker_in
from pipeline.core.vocabulary import Precision, Status
from pipeline.published.database import columns, query
from pipeline.stages.gather.candidates import name_keys
from pipeline.store.queries import Statements
from pipeline.text.slots import ClaimText

SQL = Statements(__package__, "known_claims")

BATCH = 20_000  # vectors in memory at once
FIRST = 3  # of those who said a claim first, as many are named

Row = TypeVar("Row")
Rows = NDArray[np.intp]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Target(ClaimText):
    """A claim that a statement may speak to."""


@dataclass(frozen=True, slots=True)
class ClaimState:
    """Where a claim stands."""

    claim_id: str
    status: Status
    reason: str | None
    voices: int
    mentions: int
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class _FirstWords:
    """A row of the statement `first`."""

    claim_id: str
    speaker: str | None
    source: str
    source_id: str
    url: str | None
    quote: str
    said_at: datetime | None
    said_precision: Precision
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class _Vectors:
    """A unit vector for each claim, as signed bytes to be multiplied by its `scales`; zeros where the copy
    has no vector for the claim. Shape (claims, dimension).
    """

    codes: NDArray[np.int8]
    scales: NDArray[np.float32]

    def take(self, rows: Rows) -> Vector:
        return np.asarray(self.codes[rows] * self.scales[rows][:, None], dtype=np.float32)


class KnownClaims:
    """All claims of one published copy. It keeps no connection."""

    def __init__(
        self, published_at: datetime, claims: Sequence[Target], vectors: dict[str, _Vectors]
    ) -> None:
        self.published_at = published_at
        self.claims = claims
        self._vectors = vectors
        rows: dict[str, list[int]] = {}
        nameless = []
        for row, claim in enumerate(claims):
            keys = name_keys((*claim.entities, *claim.organisations))
            for key in keys:
                rows.setdefault(key, []).append(row)
            if not keys:
                nameless.append(row)
        self._rows = {key: np.asarray(numbers, dtype=np.intp) for key, numbers in rows.items()}
        self._nameless = np.asarray(nameless, dtype=np.intp)

    def named(self, names: Iterable[str]) -> Rows:
        """Return the rows of the claims that share a name, by its first word, and of those without a name."""
        named_rows = [self._rows[key] for key in sorted(name_keys(names)) if key in self._rows]
        return np.unique(np.concatenate([*named_rows, self._nameless]))

    def cosines(self, model: str, rows: Rows, vector: Vector) -> Vector:
        """Return the cosines of a text, by its vector, and of the claims in `rows`, both by one model."""
        return np.asarray(self.vectors(model, rows) @ vector, dtype=np.float32)

    def vectors(self, model: str, rows: Rows) -> Vector:
        """Return the vectors of the claims in `rows` by a model, shape (rows, dimension)."""
        return self._vectors[model].take(rows)

    @cached_property
    def rarity(self) -> Rarity:
        """Return how rare words are among the claims."""
        counts = Counter(stem for claim in self.claims for stem in set(stems(claim.claim)))
        return Rarity(len(self.claims), counts)


def read_claims(connection: duckdb.DuckDBPyConnection, models: Sequence[str], seconds: float) -> KnownClaims:
    """Return the claims of the copy that a connection is open on, with their vectors of each of the models.

    Raises OldCopyError where it has claims and no vectors of one of them.
    """
    claims = _read(connection, Target, "claims", seconds)
    stored = {model for (model,) in query(connection, SQL["models"], seconds=seconds)[1]}
    if claims and (missing := [model for model in models if model not in stored]):
        raise OldCopyError(
            f"the published copy has no vectors of {', '.join(missing)}, by which texts are checked: it was"
            " published by an older Rumortrail or with other [models]; run `rumortrail process`"
        )
    vectors = {model: _vectors(connection, model, len(claims), seconds) for model in models if claims}
    (published,) = query(connection, SQL["published"], seconds=seconds)[1]
    return KnownClaims(utc_of(published[0]), claims, vectors)


def claim_states(connection: duckdb.DuckDBPyConnection, claims: Iterable[str], seconds: float
                 ) -> dict[str, tuple[ClaimState, tuple[FirstSaid, ...]]]:
    """Return by claim where it stands, and who said it first."""
    claim_ids = sorted(set(claims))
    first: dict[str, list[FirstSaid]] = {}
    for words in _read(connection, _FirstWords, "first", seconds, claims=claim_ids, most=FIRST):
        first.setdefault(words.claim_id, []).append(
            FirstSaid(speaker_in(words.speaker, words.source), words.source, words.source_id, words.url,
                      words.quote, words.said_at, words.said_precision, words.seen_at))
    return {state.claim_id: (state, tuple(first.get(state.claim_id, ())))
            for state in _read(connection, ClaimState, "states", seconds, claims=claim_ids)}


def _read(connection: duckdb.DuckDBPyConnection, record: type[Row], statement: str, seconds: float,
          **parameters: Any) -> list[Row]:
    names, rows = query(connection, SQL[statement], parameters, seconds=seconds)
    return [build(record, dict(zip(names, row, strict=True))) for row in rows]


def _vectors(connection: duckdb.DuckDBPyConnection, model: str, count: int, seconds: float) -> _Vectors:
    codes: NDArray[np.int8] | None = None
    scales = np.zeros(count, dtype=np.float32)
    for batch in columns(connection, SQL["vectors"], {"model": model}, seconds=seconds, rows=BATCH):
        if not batch.num_rows:
            continue
        numbers, batch_scales, bytes_ = batch.columns
        batch_codes = np.frombuffer(b"".join(bytes_.to_pylist()), dtype=np.int8).reshape(batch.num_rows, -1)
        if codes is None:
            codes = np.zeros((count, batch_codes.shape[1]), dtype=np.int8)
        codes[numbers.to_numpy()] = batch_codes
        scales[numbers.to_numpy()] = batch_scales.to_numpy()
    assert codes is not None, "a model that the copy names has vectors"
    return _Vectors(codes, scales)
