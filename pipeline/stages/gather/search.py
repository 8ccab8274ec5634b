"""Search: the passages nearest to claims, of new passages or of all that are stored.

Names, days and languages decide first who may meet, in whole columns; vectors are read afterwards, a part of
their table at a time, and only of those who meet somebody. So a search holds `CLAIMS` or `PASSAGES` vectors,
some hundred bytes for each passage or claim of the days in question, and the pairs that it has found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from pipeline.stages.gather.candidates import (
    AROUND,
    ENGLISH,
    WIDE,
    Pairs,
    Rows,
    Shelf,
    Sought,
    compared,
    key_tables,
    meeting,
    nearest,
)
from pipeline.store.queries import Statements
from pipeline.store.store import Store
from pipeline.store.vectors import Vectors, vectors_of

SQL = Statements(__package__, "search")

CLAIMS, PASSAGES = 2_000, 20_000  # places of a table whose vectors are read at once


@dataclass(frozen=True)
class Found:
    """Pairs whose cosine is high enough, and in order the rows of all passages that were among the nearest of
    a claim, among which words are rare or common.
    """

    pairs: Pairs
    passages: Rows


@dataclass(frozen=True)
class Search:
    """The search of a store by the vectors of two models, that of claims and that of passages. Of passages in
    English it finds those with a cosine of at least `floor`.
    """

    store: Store
    claim_model: str
    passage_model: str
    floor: float

    def live(self, gathered: str, since: float, until: float) -> pa.Table:
        """Return the claims for which `gathered` names the models that searched the stored passages, and to
        which what was said between two seconds may speak.
        """
        return self.store.table(SQL["live"], {"gathered": gathered, "queries": self.claim_model,
                                              "since": since, "until": until, "around": AROUND})

    def claims(self, claim_ids: Sequence[str]) -> pa.Table:
        """Return those of these claims that have a vector of their words."""
        return self.store.table(SQL["sought"], {"claims": list(claim_ids), "queries": self.claim_model,
                                                "around": AROUND})

    def passages(self, since: float, until: float) -> pa.Table:
        """Return the stored passages that were said between two seconds."""
        return self.store.table(SQL["stretch"], {"model": self.passage_model, "english": ENGLISH,
                                                 "since": since, "until": until})

    def put_passages(self, claims: pa.Table, passages: pa.Table, vectors: Vectors) -> Found:
        """Return what new passages, with their vectors, are to stored claims; the tables have the columns of
        the statements `live` and `stretch`, in the order of ids.
        """
        sought, shelf = _columns(claims, passages)
        parts, was_found = [], np.zeros(len(passages), dtype=bool)
        for block in _blocks(claims, CLAIMS):
            rows = block[_which(meeting(sought.at(block), shelf)[0], len(block))]
            claim_vectors = self._claim_vectors(claims, rows)
            for pairs in map(nearest, compared(sought.at(rows), claim_vectors, shelf, vectors)):
                was_found[pairs.passages] = True
                near = pairs.near(self.floor)
                parts.append(replace(near, claims=rows[near.claims]))
        return Found(Pairs.joined(parts), np.flatnonzero(was_found))

    def look_for(self, claims: pa.Table, passages: pa.Table) -> Found:
        """Return what stored passages are to claims; the tables are those of `put_passages`."""
        sought, shelf = _columns(claims, passages)
        claim_vectors = self._all_claim_vectors(claims)
        best, least = Pairs.joined([]), np.full(2 * len(claims), -np.inf, dtype=np.float32)
        for block in _blocks(passages, PASSAGES):
            rows = block[_which(meeting(sought, shelf.at(block))[1], len(block))]
            vectors = self._vectors("passage_vectors", self.passage_model, passages, rows)
            parts = [best]
            for pairs in compared(sought, claim_vectors, shelf.at(rows), vectors):
                pairs = pairs.at(pairs.cosines >= least[pairs.searches])
                parts.append(replace(pairs, passages=rows[pairs.passages]))
            best = nearest(Pairs.joined(parts))
            # Where a claim has all it may have, its least cosine is one that others must reach.
            full = np.bincount(best.searches, minlength=len(least)) >= WIDE
            least.fill(np.inf)
            np.minimum.at(least, best.searches, best.cosines)
            least[~full] = -np.inf
        return Found(best.near(self.floor), np.unique(best.passages))

    def _all_claim_vectors(self, claims: pa.Table) -> Vectors:
        """Return the vectors of all rows, in their order."""
        blocks = list(_blocks(claims, CLAIMS))
        if not blocks:
            return np.zeros((0, 0), dtype=np.float32)
        vectors = np.concatenate([self._claim_vectors(claims, rows) for rows in blocks])
        return vectors[np.argsort(np.concatenate(blocks))]

    def _claim_vectors(self, claims: pa.Table, rows: Rows) -> Vectors:
        return self._vectors("claim_queries", self.claim_model, claims, rows)

    def _vectors(self, name: str, model: str, table: pa.Table, rows: Rows) -> Vectors:
        """Return the vectors of rows of one block."""
        if not len(rows):
            return np.zeros((0, 0), dtype=np.float32)
        places = table.column("place").to_numpy()[rows]
        stored = self.store.table(SQL[name], {"model": model, "first": int(places[0]),
                                              "last": int(places[-1])})
        stored_places = stored.column("place").to_numpy()
        order = np.argsort(stored_places)
        vectors: Vectors = vectors_of(stored.column("vector"))[
            order[np.searchsorted(stored_places, places, sorter=order)]]
        return vectors


def _columns(claims: pa.Table, passages: pa.Table) -> tuple[Sought, Shelf]:
    claim_keys, passage_keys = key_tables(*(table.column("names").combine_chunks()
                                            for table in (claims, passages)))
    return (Sought(claim_keys, *(claims.column(name).to_numpy() for name in ("since", "until"))),
            Shelf(passage_keys, *(passages.column(name).to_numpy() for name in ("time", "english"))))


def _blocks(table: pa.Table, size: int) -> Iterator[Rows]:
    """Yield the rows whose vectors stand in one part of `size` places of their table, in its order."""
    places = table.column("place").to_numpy()
    order = np.argsort(places)
    yield from np.split(order, np.flatnonzero(np.diff(places[order] // size)) + 1) if len(order) else ()


def _which(rows: Rows, count: int) -> Rows:
    """Return which of `count` numbers are among `rows`, in order."""
    return np.flatnonzero(np.bincount(rows, minlength=count))
