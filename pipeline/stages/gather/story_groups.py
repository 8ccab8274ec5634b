"""Group claims that touch one another: how likely two are of one story, and groups by average link.

How likely two claims are of one story is a small logistic model over what is stored of them. What editors
said holds: claims that belong together are in one group, and those that stay apart are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from pipeline.decisions.bonds import Bonds
from pipeline.store.vectors import Vectors

# Log-odds by feature, from labelled claims: `python -m benchmarks.quality.stories ... --fit`.
WEIGHTS = {"likeness": 4.78, "names": 1.56, "organisations": 2.27, "days": -0.4, "documents": 2.39}
BIAS = -3.79
# The mean probability from which groups of claims are one story: of 0.2, 0.35 and 0.5, the one of the highest
# precision with no less F1 (B-cubed, training and development stories among others).
TOGETHER = 0.5
BOUND = log(TOGETHER / (1 - TOGETHER))  # the same as log-odds
HOLD = 1.0  # log-odds by which claims of one story hold together, and those of two apart
AROUND = timedelta(days=30)  # claims that were never talked about this near to each other open no story
BLOCK = 500  # rows scored at once

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StoryClaim:
    """A claim with where and when it was talked about.

    `story_id` is the story that it is in; `stories` are that one and those of claims merged into it.
    """

    claim_id: str
    claim: str
    entities: tuple[str, ...]
    organisations: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    documents: tuple[str, ...]
    mentions: int
    story_id: str | None
    stories: tuple[str, ...]


class Likeness:
    """How likely claims are of one story, by pairs."""

    def __init__(self, claims: Sequence[StoryClaim], vectors: Vectors) -> None:
        self._vectors = vectors
        self._days = np.asarray([claim.first_at.timestamp() / 86400 for claim in claims])
        self._until = np.asarray([claim.last_at.timestamp() / 86400 for claim in claims])
        named = [set(claim.entities) - set(claim.organisations) for claim in claims]
        self._names = _incidence(named, self._days)
        self._organisations = _incidence([claim.organisations for claim in claims], self._days)
        self._documents = _incidence([claim.documents for claim in claims])
        self._sizes = np.asarray([max(1, len(claim.documents)) for claim in claims], dtype=np.float64)

    def features(self, rows: Sequence[int], columns: Sequence[int]) -> dict[str, Table]:
        """Return a table for each feature, shape (rows, columns).

        The cosine of the sentences; the names and the organisations that both have, each by how rare it is
        in those days; the logarithm of the days between their first words; of the documents of the one with
        fewer, the share that speaks of both.
        """
        shared = _common(self._documents, rows, columns)
        return {
            "likeness": np.asarray(self._vectors[rows] @ self._vectors[columns].T, dtype=np.float64),
            "names": _common(self._names, rows, columns),
            "organisations": _common(self._organisations, rows, columns),
            "days": np.log1p(np.abs(self._days[rows][:, None] - self._days[columns][None, :])),
            "documents": shared / np.minimum(self._sizes[rows][:, None], self._sizes[columns][None, :]),
        }

    def odds(self, rows: Sequence[int], columns: Sequence[int]) -> Table:
        """Return log-odds, shape (rows, columns)."""
        log_odds = np.full((len(rows), len(columns)), BIAS)
        for name, table in self.features(rows, columns).items():
            log_odds += WEIGHTS[name] * table
        return log_odds

    def near(self, rows: Sequence[int], columns: Sequence[int]) -> NDArray[np.bool_]:
        """Return which were talked about within AROUND of each other, shape (rows, columns)."""
        begun = np.maximum(self._days[rows][:, None], self._days[columns][None, :])
        ended = np.minimum(self._until[rows][:, None], self._until[columns][None, :])
        return np.asarray(begun - ended <= AROUND.days)


def grouped(likeness: Likeness, claims: Sequence[StoryClaim], nodes: Sequence[int], bonds: Bonds
            ) -> list[list[int]]:
    """Return groups of places in `nodes`, by their first place; `nodes` are places in `claims`.

    No group holds two claims that `bonds` keep apart; the claims that `bonds` hold together are in one.
    """
    stories = [claims[node].story_id for node in nodes]
    numbers = {story: number for number, story in enumerate(dict.fromkeys(filter(None, stories)))}
    codes = np.asarray([numbers[story] if story else -1 for story in stories], dtype=np.intp)
    places_of = np.asarray(nodes, dtype=np.intp)

    def held(rows: Sequence[int], columns: Sequence[int]) -> Table:
        ours, theirs = codes[rows][:, None], codes[columns][None, :]
        hold = np.where((ours < 0) | (theirs < 0), 0.0, np.where(ours == theirs, HOLD, -HOLD))
        return np.asarray(likeness.odds(places_of[rows].tolist(), places_of[columns].tolist()) + hold)

    # No mean between two parts can reach the bound that no pair reaches.
    edges: list[NDArray[np.intp]] = []
    all_places = list(range(len(nodes)))
    for start in all_places[::BLOCK]:
        rows = all_places[start : start + BLOCK]
        touching = (held(rows, all_places) >= BOUND) & likeness.near(places_of[rows].tolist(),
                                                                     places_of.tolist())
        edges.append(np.argwhere(touching) + np.asarray([start, 0]))
    pairs = np.concatenate(edges) if edges else np.zeros((0, 2), dtype=np.intp)
    graph = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(nodes), len(nodes)))
    parts: dict[int, list[int]] = defaultdict(list)
    for place, part in enumerate(connected_components(graph, directed=False)[1]):
        parts[int(part)].append(place)
    ids, bonds = [claims[node].claim_id for node in nodes], bonds.copy()
    for places in parts.values():
        if len(places) > 1:
            likely = 1 / (1 + np.exp(-held(places, places)))
            _join_like([ids[place] for place in places], likely, bonds)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, claim in enumerate(ids):
        group = bonds.group(claim)
        groups[id(group) if len(group) > 1 else -1 - place].append(place)
    return sorted(groups.values())


def _join_like(claims: Sequence[str], likely: Table, bonds: Bonds) -> None:
    """Join in `bonds` the claims that average link puts together by how likely each two are of one story."""
    if any(map(bonds.is_apart, claims)):
        return _join_apart(claims, likely, bonds)
    upper = 1 - likely[np.triu_indices(len(claims), 1)]
    first: dict[int, str] = {}
    for claim, number in zip(claims, fcluster(linkage(upper, "average"), 1 - TOGETHER, "distance"),
                             strict=True):
        bonds.join(first.setdefault(int(number), claim), claim)


def _join_apart(claims: Sequence[str], likely: Table, bonds: Bonds) -> None:
    """Join the two likeliest groups that may be one, again and again, while their mean is high enough.

    Groups are those of the model alone, so that what editors put together does not change what is like it;
    what is joined to one part of such a story is joined to all of it.
    """
    mean, weight = likely.copy(), np.ones(len(claims))
    free = ~np.eye(len(claims), dtype=bool)
    best = np.where(free, mean, -1.0).max(axis=1)
    while best.max() >= TOGETHER:
        left = int(best.argmax())
        right = int(np.where(free[left], mean[left], -1.0).argmax())
        if bonds.join(claims[left], claims[right]):
            joined = ((weight[left] * mean[left] + weight[right] * mean[right])
                      / (weight[left] + weight[right]))
            mean[left] = mean[:, left] = joined
            weight[left] += weight[right]
            both = free[left] & free[right]
            free[left] = free[:, left] = both
            free[right] = free[:, right] = False
        else:
            free[left, right] = free[right, left] = False
        best = np.where(free, mean, -1.0).max(axis=1)


def _incidence(lists: Sequence[Iterable[str]], days: Table | None = None) -> csr_matrix:
    """Return a matrix of rows by words: 1, or with `days` the square root of how rare a word is then."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, words in enumerate(lists):
        for word in sorted(set(words)):
            rows_of[word].append(row)
    rows = np.asarray([row for word_rows in rows_of.values() for row in word_rows], dtype=np.intp)
    columns = np.repeat(np.arange(len(rows_of)), [len(word_rows) for word_rows in rows_of.values()])
    values = np.ones(len(rows))
    if days is not None and len(rows):
        values = np.concatenate([_rarity(days, days[word_rows]) for word_rows in rows_of.values()]) ** 0.5
    return csr_matrix((values, (rows, columns)), shape=(len(lists), max(1, len(rows_of))))


def _rarity(days: Table, holders: Table) -> Table:
    """Return for each holder of a name, from 0 to 1, how few of the claims of its days hold it."""
    total = _within(days, holders)
    holding = _within(holders, holders)
    return np.asarray(np.maximum(0.0, np.log((total + 1) / (holding + 0.5)) / np.log(total + 1)))


def _within(days: Table, middles: Table) -> Table:
    """Return for each of `middles` how many of `days` are at most AROUND from it."""
    ordered = np.sort(days)
    until = np.searchsorted(ordered, middles + AROUND.days, side="right")
    return np.asarray(until - np.searchsorted(ordered, middles - AROUND.days), dtype=np.float64)


def _common(table: csr_matrix, rows: Sequence[int], columns: Sequence[int]) -> Table:
    return np.asarray((table[list(rows)] @ table[list(columns)].T).toarray(), dtype=np.float64)
