"""Candidates for a claim: by names and days, by the cosine of their vectors, and by the words they share.

Claims and passages are columns here, each known by its row. Rows stand in the order of ids, so that of equals
the one with the smaller id comes first, whichever part of the store is looked at first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.chinese.gloss import gloss
from models.stems import stems
from pipeline.core.text import one_line
from pipeline.store.vectors import Vectors

AROUND = timedelta(days=45)  # a passage this far from what was said of a claim so far may still speak to it
WIDE = 300  # passages of a claim's names and days that are nearest by cosine, in each language
SPARSE = 0.5  # weight of the shared words beside the cosine: of 0, 0.5, 1 and 2 on the development stories
ENGLISH = "en"
TABLE = 1_000_000  # cells of a table of claims by passages that is made at once

Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]
Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class Sought:
    """Claims: the keys of their names, and the first and last second (since 1970) at which something said may
    speak to them.
    """

    keys: csr_matrix
    since: Seconds
    until: Seconds

    def at(self, rows: Rows | slice) -> Sought:
        """Return the claims of these rows."""
        return Sought(self.keys[rows], self.since[rows], self.until[rows])


@dataclass(frozen=True)
class Shelf:
    """Passages: the keys of their names, when they were said or else seen, and whether they are English."""

    keys: csr_matrix
    times: Seconds
    english: Flags

    def at(self, rows: Rows | slice) -> Shelf:
        """Return the passages of these rows."""
        return Shelf(self.keys[rows], self.times[rows], self.english[rows])


@dataclass(frozen=True)
class Pairs:
    """Pairs of claim and passage, by their rows, with the passage's language and the cosine of both."""

    claims: Rows
    passages: Rows
    english: Flags
    cosines: Vectors

    @classmethod
    def joined(cls, parts: Iterable[Pairs]) -> Pairs:
        """Return the pairs of all parts."""
        columns = [(part.claims, part.passages, part.english, part.cosines) for part in parts]
        if not columns:
            return cls(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, bool), np.zeros(0, np.float32))
        claims, passages, english, cosines = map(np.concatenate, zip(*columns, strict=True))
        return cls(claims, passages, english, cosines)

    def at(self, rows: Rows | Flags | slice) -> Pairs:
        """Return the pairs of these rows."""
        return Pairs(self.claims[rows], self.passages[rows], self.english[rows], self.cosines[rows])

    @property
    def searches(self) -> Rows:
        """Return numbers that pairs of one claim and language share, below twice the number of claims."""
        return 2 * self.claims + self.english

    def near(self, floor: float) -> Pairs:
        """Return the pairs with a cosine of at least `floor`, and those in another language than English,
        where cosines are lower.
        """
        return self.at((self.cosines >= floor) | ~self.english)


def name_key(name: str) -> str:
    """Return the first word of a name, by which "Llama 4" and "Llama 4 Scout" meet; "" if it has none."""
    words = name.replace("-", " ").split()
    return words[0].lower() if words else ""


def name_keys(names: Iterable[str]) -> frozenset[str]:
    """Return the keys of names, `name_key`."""
    return frozenset(filter(None, map(name_key, names)))


def key_tables(claims: pa.ListArray, passages: pa.ListArray) -> tuple[csr_matrix, csr_matrix]:
    """Return tables of the name keys of claims and of passages by the lists of their names: their product is
    over 0 for those that may meet. A claim without a known name meets all.
    """
    numbers = {"": 0}
    of_claims, of_passages = _key_numbers(claims, numbers), _key_numbers(passages, numbers)
    nameless, everyone = np.setdiff1d(np.arange(len(claims)), of_claims[0]), np.arange(len(passages))
    of_claims = np.append(of_claims, [nameless, np.zeros_like(nameless)], axis=1)
    of_passages = np.append(of_passages, [everyone, np.zeros_like(everyone)], axis=1)
    return (_table(of_claims, len(claims), len(numbers)), _table(of_passages, len(passages), len(numbers)))


def _key_numbers(names: pa.ListArray, numbers: dict[str, int]) -> Rows:
    """Return rows and numbers of the keys in lists of names, shape (2, keys); each name is looked at once."""
    flat = names.flatten().dictionary_encode()
    of_name = np.asarray([numbers.setdefault(name_key(name), len(numbers))
                          for name in flat.dictionary.to_pylist()], dtype=np.intp)
    keys = of_name[flat.indices.to_numpy()]
    rows = np.repeat(np.arange(len(names)), names.value_lengths().to_numpy())
    return np.stack([rows, keys])[:, keys > 0]


def _table(places: Rows, rows: int, columns: int) -> csr_matrix:
    return csr_matrix((np.ones(places.shape[1], np.int32), (places[0], places[1])), shape=(rows, columns))


def meeting(claims: Sought, passages: Shelf) -> tuple[Rows, Rows]:
    """Return the rows of claims and of passages that share a name, the passage from the claim's days."""
    rows, columns = (claims.keys @ passages.keys.T).nonzero()
    times = passages.times[columns]
    near = (times >= claims.since[rows]) & (times <= claims.until[rows])
    return rows[near].astype(np.intp), columns[near].astype(np.intp)


def compared(claims: Sought, claim_vectors: Vectors, passages: Shelf, passage_vectors: Vectors
             ) -> Iterator[Pairs]:
    """Yield the pairs that meet, with their cosines.

    Products are summed in twice the precision and then rounded: so the cosine of two vectors is the same
    whatever is multiplied beside them.
    """
    columns = passage_vectors.T.astype(np.float64)
    step = max(1, TABLE // max(1, len(passages.times)))
    for start in range(0, len(claims.since), step):
        part = slice(start, start + step)
        rows, passage_rows = meeting(claims.at(part), passages)
        if len(rows):
            table = claim_vectors[part].astype(np.float64) @ columns
            yield Pairs(rows + start, passage_rows, passages.english[passage_rows],
                        table[rows, passage_rows].astype(np.float32))


def nearest(pairs: Pairs, most: int = WIDE) -> Pairs:
    """Return the `most` pairs of each claim and language with the highest cosines."""
    searches = pairs.searches
    if not len(searches) or np.bincount(searches).max() <= most:
        return pairs
    order = np.lexsort((pairs.passages, -pairs.cosines, searches))
    return pairs.at(order[_places(searches[order]) < most])


def ranked(pairs: Pairs, passages: Rows, quotes: Sequence[str], claims: Callable[[Rows], Sequence[str]],
           most: Mapping[bool, int]) -> Iterator[Pairs]:
    """Yield what the relation model is to read, claim by claim, in English before other languages, the best
    first.

    `passages` are the rows of all passages that were found for any claim, in order, `quotes` their words;
    `claims` gives the sentences of claims by their rows. `most` says how many different passages are read for
    a claim in English (True) and in other languages (False): what repeats one of them word for word takes no
    place from others, up to as many again. A passage's score is its cosine plus its TF-IDF cosine among all
    that were found. Dense and sparse search miss different things (Karpukhin et al. 2020).
    """
    if not len(pairs.claims):
        return
    # Here, since it takes two seconds to load, and most processes rank nothing.
    from sklearn.feature_extraction.text import TfidfVectorizer

    sparse = TfidfVectorizer(analyzer=terms, sublinear_tf=True, dtype=np.float32)
    try:
        words = sparse.fit_transform(quotes).T.tocsr()
    except ValueError:  # no text has a word that counts
        words = None
    numbers: dict[str, int] = {}
    texts = np.asarray([numbers.setdefault(one_line(quote), len(numbers)) for quote in quotes], dtype=np.intp)
    places = np.asarray([most[False], most[True]])
    pairs = pairs.at(np.argsort(pairs.claims, kind="stable"))
    claim_rows = np.unique(pairs.claims)
    step = max(1, TABLE // len(passages))
    for start in range(0, len(claim_rows), step):
        rows = claim_rows[start : start + step]
        part = pairs.at(slice(*np.searchsorted(pairs.claims, [rows[0], rows[-1] + 1])))
        columns = np.searchsorted(passages, part.passages)
        scores = part.cosines
        if words is not None:
            shared = (sparse.transform(claims(rows)) @ words).toarray()
            scores = scores + SPARSE * shared[np.searchsorted(rows, part.claims), columns]
        order = np.lexsort((part.passages, -scores, ~part.english, part.claims))
        yield part.at(order[_has_place(2 * part.claims[order] + ~part.english[order], texts[columns[order]],
                                       places[part.english[order].astype(np.intp)])])


def _has_place(searches: Rows, texts: Rows, most: Rows) -> Flags:
    """Return which of ranked passages are read: those that have, or repeat, one of the first `most` texts of
    their search, up to twice as many.
    """
    _, first, again = np.unique(searches * (texts.max() + 1) + texts, return_index=True, return_inverse=True)
    new = np.zeros(len(searches), dtype=bool)
    new[first] = True
    begin = np.searchsorted(searches, searches)
    different = np.cumsum(new) - new
    allowed = (different - different[begin])[first][again] < most
    taken = np.cumsum(allowed) - allowed
    return np.asarray(allowed & (taken - taken[begin] < 2 * most))


def _places(searches: Rows) -> Rows:
    """Return the place of each row in its search; `searches` are sorted."""
    return np.arange(len(searches)) - np.searchsorted(searches, searches)


def terms(text: str) -> Iterator[str]:
    """Return the words by which texts are compared: stems, of what is Chinese those of its gloss."""
    return stems(gloss(text))
