"""Which claims a search finds: those that hold its words, and those that mean something close, best first.

Claims are numbered by their place in the published table `claims`, passages as pipeline/sql/search.sql says.

Which claims mean something close to what is sought: the one place where the dashboard asks a model.

The model is an `Embedder`, and who starts the dashboard hands over how to load it. It is loaded when somebody searches
for the first time, once for the server. Without it, or without vectors of it in the copy, words alone are searched.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import streamlit as st
from numpy.typing import NDArray

from dashboard.data import finding as rows
from dashboard.data import queries
from dashboard.data.queries import Beside, Copy
from pipeline.core.config import AskConfig, ModelConfig
from pipeline.core.errors import ModelError
from pipeline.published.search_terms import next_prefix, words

TERMS = 12
WORDS = 40  # of all terms together: what is longer is cut
NEIGHBOURS = 20  # claims at most that only mean something close
FUSION = 60  # reciprocal rank fusion (Cormack, Clarke & Buettcher 2009), with their constant
_TERM = re.compile(r'"([^"]+)"|([^\s"]+)')
_STRIDE = 1 << 16  # more than a passage has words

Term = tuple[str, ...]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: `table` has the columns claim, by_words, relevance.

    `by_words` and `by_meaning` count the claims that hold the words, and those beside them that only mean something
    close; `silent` tells why meaning was not asked, where it was not.
    """

    table: pa.Table
    by_words: int
    by_meaning: int
    silent: str | None


def terms(search: str) -> list[Term]:
    """What is sought: words and "quoted phrases" as `search_words` takes them apart, at most `TERMS`."""
    found = [tuple(words(phrase or word)) for phrase, word in _TERM.findall(search[:500])]
    kept: list[Term] = []
    for term in [term for term in found if term][:TERMS]:
        room = WORDS - sum(map(len, kept))
        if room > 0:
            kept.append(term[:room])
    return kept


def find(copy: Copy, search: str, load: Load | None = None) -> Beside:
    """The claims that `search` finds, to be read beside the copy; `load` gives the model, where there is one."""
    return Beside(f"{load.models.embedding if load else None} {search}", found(copy, search, load).table)


def found(copy: Copy, search: str, load: Load | None = None) -> Found:
    """As `find`, with what is told about it; kept for as long as the copy stands."""
    return _found(copy.path, copy.identity, search, load.models.embedding if load else None, copy.bounds, load)


@st.cache_data(max_entries=64, show_spinner="Searching …")
def _found(
    path: str, identity: tuple[int, int, int], search: str, model: str | None, _bounds: AskConfig, _load: Load | None
) -> Found:
    copy = Copy(path, identity, _bounds)
    sought = terms(search)
    if not sought:
        return Found(_table(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool), np.zeros(0)), 0, 0, None)
    holding = _ranked(copy, sought)
    near, silent = nearest(copy, search, _load)
    # A claim that holds the words is among the neighbours by its own right; of the others there is an end.
    beyond = near[~np.isin(near, holding)][:NEIGHBOURS]
    near = near[np.isin(near, holding) | np.isin(near, beyond)]
    claims = np.concatenate([holding, beyond])
    relevance = _fused(claims, holding) + _fused(claims, near)
    return Found(_table(claims, np.arange(len(claims)) < len(holding), relevance), len(holding), len(beyond), silent)


def nothing() -> Beside:
    """What stands beside the copy where nothing is sought."""
    return Beside("", _table(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool), np.zeros(0)))


def _table(claims: Numbers, by_words: NDArray[np.bool_], relevance: NDArray[np.float64]) -> pa.Table:
    return pa.table({"claim": claims, "by_words": by_words, "relevance": relevance})


def _fused(claims: Numbers, ranking: Numbers) -> NDArray[np.float64]:
    """What a ranking gives to each of `claims`: one over its rank, held down at the top; nothing to those not in it."""
    order = np.argsort(ranking)
    at = np.searchsorted(ranking, claims, sorter=order)
    place = order[np.minimum(at, len(order) - 1)] if len(order) else np.zeros(len(claims), dtype=np.int64)
    there = np.isin(claims, ranking)
    return np.where(there, 1 / (FUSION + 1 + place), 0.0)


def _ranked(copy: Copy, sought: list[Term]) -> Numbers:
    """The claims of which one passage holds every term: their own sentence first, then by how many passages do."""
    holding = np.ones(queries.read(copy, rows.Size, "finding", "size")[0].passages, dtype=bool)
    # What is made of several words is rarer: it goes first, and leaves less to look at.
    for term in sorted(sought, key=len, reverse=True):
        holding &= _holding(copy, term, holding)
    firsts = np.concatenate([batch.column(0).to_numpy() for batch in queries.columns(copy, "finding", "firsts")])
    claims = np.searchsorted(firsts, np.flatnonzero(holding), side="right") - 1
    passages = np.bincount(claims, minlength=len(firsts))
    numbers = np.flatnonzero(passages)
    return numbers[np.lexsort((-passages[numbers], ~holding[firsts[numbers]]))]


def _holding(copy: Copy, term: Term, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which passages hold the words of a term one after the other; the last is the beginning of a word."""
    mask = np.zeros(len(among), dtype=bool)
    # No character of a word comes before a space: this one is nothing but the word itself.
    spans = [_span(copy, word, f"{word} ") for word in term[:-1]] + [_span(copy, term[-1], next_prefix(term[-1]))]
    if any(span.first is None for span in spans):
        return mask
    if len(spans) == 1:
        for batch in queries.columns(copy, "finding", "passages", low=spans[0].first, high=spans[0].last):
            mask[batch.column(0).to_numpy()] = True
        return mask
    starts = _places(copy, spans[0], among)
    for number, span in enumerate(spans[1:], 1):
        places = _places(copy, span, among) - number
        at = np.minimum(np.searchsorted(places, starts), max(0, len(places) - 1))
        starts = starts[places[at] == starts] if len(places) else places
    mask[starts // _STRIDE] = True
    return mask


def _span(copy: Copy, low: str, high: str) -> rows.Span:
    return queries.read(copy, rows.Span, "finding", "span", low=low, high=high)[0]


def _places(copy: Copy, span: rows.Span, among: NDArray[np.bool_]) -> Numbers:
    """Where the words of a span stand, in order: passage * _STRIDE + position."""
    parts = [np.zeros(0, dtype=np.int64)]
    for batch in queries.columns(copy, "finding", "places", low=span.first, high=span.last):
        passages, positions = (column.to_numpy().astype(np.int64) for column in batch.columns)
        kept = among[passages]
        parts.append(passages[kept] * _STRIDE + positions[kept])
    # Of one word they are in order already, which a stable sort sees at once.
    return np.sort(np.concatenate(parts), kind="stable")


# Set on MATCH by benchmarks/search.py: docs/benchmarks.md, "Search".
CLOSE = 0.4
BATCH = 20_000  # vectors in memory at once
# Two who search at once neither load the weights twice nor need their memory twice.
_ONE_AT_A_TIME = threading.Lock()

class Embedder(Protocol):
    """The part of an embedding model that search needs."""

    @property
    def name(self) -> str:
        """Return the name and version of the weights, as they are stored with each vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, one row a text: shape (len(texts), dimension)."""


Make = Callable[[ModelConfig], Embedder]


@dataclass(frozen=True, slots=True)
class Load:
    """How the model of these settings is made."""

    models: ModelConfig
    make: Make


def nearest(copy: Copy, search: str, load: Load | None) -> tuple[Numbers, str | None]:
    """The claims whose words mean what is close to `search`, closest first; why there can be none, where that is so."""
    none = np.zeros(0, dtype=np.int64)
    if load is None:
        return none, "this dashboard was started without a model"
    stored = queries.names(copy, "finding", "models")
    if not stored:
        return none, "the published copy holds no vectors"
    try:
        embedder = _model(load.models.embedding, load)
        if embedder.name not in stored:
            return none, "the published copy was made with another model than the settings name"
        with _ONE_AT_A_TIME:
            sought = embedder.encode([search])[0]
    except (ModelError, OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        return none, f"the model cannot be loaded: {error}"
    claims, cosines = _cosines(copy, embedder.name, sought)
    close = np.flatnonzero(cosines >= CLOSE)
    return claims[close[np.argsort(-cosines[close], kind="stable")]], None


@st.cache_resource(max_entries=1, show_spinner="Loading the model that compares meanings …")
def _model(name: str, _load: Load) -> Embedder:
    return _load.make(_load.models)


def _cosines(copy: Copy, model: str, sought: NDArray[np.float32]) -> tuple[Numbers, NDArray[np.float32]]:
    claims, cosines = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.float32)]
    for batch in queries.columns(copy, "finding", "vectors", rows=BATCH, model=model):
        numbers, scales, codes = batch.columns
        vectors = np.frombuffer(b"".join(codes.to_pylist()), dtype=np.int8).reshape(len(codes), -1)
        claims.append(numbers.to_numpy().astype(np.int64))
        cosines.append(vectors.astype(np.float32) @ sought * scales.to_numpy())
    return np.concatenate(claims), np.concatenate(cosines)
