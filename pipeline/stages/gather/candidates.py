"""Search for passages that may speak to a claim, by names, time, and dense and sparse similarity together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from models.chinese.gloss import gloss
from models.stems import stems
from pipeline.core.text import one_line
from pipeline.store.vectors import Vectors
from pipeline.text.slots import ClaimText, Slots

AROUND = timedelta(days=45)  # a passage this far from what was said of a claim so far may still speak to it
WIDE = 300  # passages of a claim's names and days that are nearest by cosine, in each language
SPARSE = 0.5  # weight of the shared words beside the cosine: of 0, 0.5, 1 and 2 on the development stories
ENGLISH = "en"

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class SoughtClaim(ClaimText):
    """A claim for which passages are sought; nobody was heard on it yet where `first_at` is None."""

    first_at: datetime | None
    last_at: datetime | None
    vector: tuple[float, ...]
    followed: bool
    numbers: tuple[str, ...] = ()

    @cached_property
    def slots(self) -> Slots:
        """Return what may tell it from a look-alike."""
        return Slots(self.claim, self.kind, self.organisations, self.entities, self.numbers, self.event_at,
                     self.event_precision)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the keys of its names, `name_keys`."""
        return name_keys((*self.entities, *self.organisations))

    @property
    def days(self) -> tuple[float, float]:
        """Return the first and last second (since 1970) at which something said may speak to it."""
        if self.first_at is None or self.last_at is None:
            return -inf, inf
        return (self.first_at - AROUND).timestamp(), (self.last_at + AROUND).timestamp()


@dataclass(frozen=True, slots=True)
class SearchablePassage:
    """A passage as it is searched for: its language, when it was said or else seen (seconds since 1970), its
    names and inherited names.
    """

    passage_id: str
    language: str
    at: float
    names: tuple[str, ...]


def name_keys(names: Iterable[str]) -> frozenset[str]:
    """Return the first words of names, by which "Llama 4" and "Llama 4 Scout" meet."""
    return frozenset(words[0].lower() for name in names if (words := name.replace("-", " ").split()))


class Shelf:
    """Passages that claims are put to, by name and language; `vectors` has a row for each."""

    def __init__(self, passages: Sequence[SearchablePassage], vectors: Vectors) -> None:
        self.passages, self._vectors = passages, vectors
        self._times = np.asarray([passage.at for passage in passages], dtype=np.float64)
        self._english = np.asarray([passage.language == ENGLISH for passage in passages], dtype=bool)
        rows: dict[str, list[int]] = {}
        for row, passage in enumerate(passages):
            for key in name_keys(passage.names):
                rows.setdefault(key, []).append(row)
        self._rows = {key: np.asarray(key_rows, dtype=np.intp) for key, key_rows in rows.items()}

    def nearest(self, claim: SoughtClaim, english: bool, most: int) -> tuple[Rows, Vectors]:
        """Return the `most` passages nearest to a claim among those that share a name and its days, and their
        cosines.

        A claim without a known name takes all.
        """
        rows = np.arange(len(self.passages))
        if claim.keys:
            named = [self._rows[key] for key in sorted(claim.keys) if key in self._rows]
            # Of one name the rows stand in order, each once.
            rows = named[0] if len(named) == 1 else np.unique(np.concatenate(named)) if named else rows[:0]
        rows = rows[self._english[rows] == english]
        since, until = claim.days
        rows = rows[(self._times[rows] >= since) & (self._times[rows] <= until)]
        if not len(rows):
            return rows, np.zeros(0, dtype=np.float32)
        cosines = self._vectors[rows] @ np.asarray(claim.vector, dtype=np.float32)
        best = np.lexsort((rows, -cosines))[:most]
        return rows[best], cosines[best]


def candidates(claims: Sequence[SoughtClaim], shelf: Shelf,
               words: Callable[[Sequence[str]], Mapping[str, str]], most: Mapping[bool, int],
               floor: float) -> list[tuple[SoughtClaim, str, float | None]]:
    """Return (claim, passage id, cosine) of what the relation model is to read, each claim's best first.

    `words` gives the quotes of passages by id, `most` how many different ones are read for a claim in English
    (True) and in other languages (False): what repeats one of them word for word takes no place from others,
    up to as many again. The cosine is None where the retriever could not read a passage.
    A passage's score is its cosine plus its TF-IDF cosine among all that were found; cosines below `floor`
    are left out, unless the passage is in another language, where cosines are lower. Dense and sparse search
    miss different things (Karpukhin et al. 2020).
    """
    searches = [(number, english, *shelf.nearest(claim, english, WIDE))
                for number, claim in enumerate(claims) for english in (True, False)]
    rows = sorted({int(row) for _, _, nearest, _ in searches for row in nearest})
    if not rows:
        return []
    ids = [shelf.passages[row].passage_id for row in rows]
    quotes = words(ids)
    place = {row: number for number, row in enumerate(rows)}
    # Here, since it takes two seconds to load, and most processes rank nothing.
    from sklearn.feature_extraction.text import TfidfVectorizer

    sparse = TfidfVectorizer(analyzer=terms, sublinear_tf=True, dtype=np.float32)
    try:
        passages = sparse.fit_transform([quotes[passage] for passage in ids])
        sentences = sparse.transform([claim.claim for claim in claims])
    except ValueError:  # no text has a word that counts
        passages = None
    pairs = []
    for number, english, nearest, cosines in searches:
        claim = claims[number]
        near_enough = cosines >= floor if english else np.ones(len(nearest), dtype=bool)
        nearest, cosines = nearest[near_enough], cosines[near_enough]
        if not len(nearest):
            continue
        scores = cosines.copy()
        if passages is not None:
            shared = passages[[place[int(row)] for row in nearest]] @ sentences[number].T
            scores += SPARSE * shared.toarray()[:, 0]
        taken: Counter[str] = Counter()
        for row in np.lexsort((nearest, -scores)):
            passage = shelf.passages[int(nearest[row])].passage_id
            quote = one_line(quotes[passage])
            if taken.total() < 2 * most[english] and (quote in taken or len(taken) < most[english]):
                taken[quote] += 1
                # A vector of zeros is of a text that broke the retriever: nothing is known of its nearness.
                pairs.append((claim, passage, float(cosines[row]) or None))
    return pairs


def terms(text: str) -> Iterator[str]:
    """Return the words by which texts are compared: stems, of what is Chinese those of its gloss."""
    return stems(gloss(text))
