"""Claims that a search finds: those that hold its words, and those that mean something close, best first.

Claims are known by their place, and passages by their number, as in pipeline/stages/publish/search.sql.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.published.meaning import BROKEN, Load, Numbers, nearest
from pipeline.published.open_copy import Reader
from pipeline.published.search_terms import Term, next_prefix, terms

NEIGHBOURS = 20  # claims at most that only mean something close
FUSION = 60  # reciprocal rank fusion (Cormack, Clarke & Buettcher 2009), with their constant
_STRIDE = 1 << 16  # more than a passage has words


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers of words that begin alike; None where there are none."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search: `table` has the columns claim, by_words, relevance.

    `by_words` and `by_meaning` count the claims that hold the words, and those that only mean something
    close; `silent` says why meaning was not searched, where it was not.
    """

    table: pa.Table
    by_words: int
    by_meaning: int
    silent: str | None

    @property
    def passing(self) -> bool:
        """Return whether the same search may find more at another time, with the same copy."""
        return (self.silent or "").startswith(BROKEN)


def find(copy: Reader, search: str, load: Load | None = None) -> SearchResult:
    """Return the claims that `search` finds; `load` makes the model, if any."""
    query_terms = terms(search)
    if not query_terms:
        return nothing()
    holding = _ranked(copy, query_terms)
    near, silent = nearest(copy, search, load)
    # Claims that have the words all stay in the ranking by meaning; of the others only the nearest stay.
    beyond = near[~np.isin(near, holding)][:NEIGHBOURS]
    near = near[np.isin(near, holding) | np.isin(near, beyond)]
    claims = np.concatenate([holding, beyond])
    relevance = _fused(claims, holding) + _fused(claims, near)
    table = _table(claims, np.arange(len(claims)) < len(holding), relevance)
    return SearchResult(table, len(holding), len(beyond), silent)


def nothing() -> SearchResult:
    """Return the result of an empty search."""
    return SearchResult(_table(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool), np.zeros(0)), 0, 0, None)


def _table(claims: Numbers, by_words: NDArray[np.bool_], relevance: NDArray[np.float64]) -> pa.Table:
    return pa.table({"claim": claims, "by_words": by_words, "relevance": relevance})


def _fused(claims: Numbers, ranking: Numbers) -> NDArray[np.float64]:
    """Return what a ranking gives to each of `claims`: one over its damped rank, 0 if it is not there."""
    order = np.argsort(ranking)
    positions = np.searchsorted(ranking, claims, sorter=order)
    ranks = (
        order[np.minimum(positions, len(order) - 1)] if len(order) else np.zeros(len(claims), dtype=np.int64)
    )
    is_ranked = np.isin(claims, ranking)
    return np.where(is_ranked, 1 / (FUSION + 1 + ranks), 0.0)


def _ranked(copy: Reader, query_terms: list[Term]) -> Numbers:
    """Return the claims of which a passage holds every term: their own sentence first, then by passages."""
    parts = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))]
    for batch in copy.columns("search", "owners"):
        place, alone = batch.columns
        parts.append((place.to_numpy(), alone.to_numpy(zero_copy_only=False)))
    places, own = map(np.concatenate, zip(*parts, strict=True))
    holding = places >= 0
    # A term of several words is rarer: it goes first, and leaves fewer passages to look at.
    for term in sorted(query_terms, key=len, reverse=True):
        holding &= _holding(copy, term, holding)
    passages = np.bincount(places[holding])
    numbers = np.flatnonzero(passages)
    by_itself = np.zeros(len(passages), dtype=bool)
    by_itself[places[holding & own]] = True
    return numbers[np.lexsort((-passages[numbers], ~by_itself[numbers]))]


def _holding(copy: Reader, term: Term, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which passages hold the words of a term in a row; the last may be the beginning of a word."""
    mask = np.zeros(len(among), dtype=bool)
    # No character of a word sorts before a space: this range holds the word alone.
    spans = [_span(copy, word, f"{word} ") for word in term[:-1]]
    spans.append(_span(copy, term[-1], next_prefix(term[-1])))
    if any(span.first is None for span in spans):
        return mask
    if len(spans) == 1:
        for batch in copy.columns("search", "passages", low=spans[0].first, high=spans[0].last):
            mask[batch.column(0).to_numpy()] = True
        return mask
    starts = _places(copy, spans[0], among)
    for number, span in enumerate(spans[1:], 1):
        places = _places(copy, span, among) - number
        positions = np.minimum(np.searchsorted(places, starts), max(0, len(places) - 1))
        starts = starts[places[positions] == starts] if len(places) else places
    mask[starts // _STRIDE] = True
    return mask


def _span(copy: Reader, low: str, high: str) -> Span:
    return copy.read(Span, "search", "span", low=low, high=high)[0]


def _places(copy: Reader, span: Span, among: NDArray[np.bool_]) -> Numbers:
    """Return the places of the words of a span, in order: passage * _STRIDE + position."""
    parts = [np.zeros(0, dtype=np.int64)]
    for batch in copy.columns("search", "places", low=span.first, high=span.last):
        passages, positions = (column.to_numpy().astype(np.int64) for column in batch.columns)
        inside = among[passages]
        parts.append(passages[inside] * _STRIDE + positions[inside])
    # Of one word they are in order already, which a stable sort sees at once.
    return np.sort(np.concatenate(parts), kind="stable")
